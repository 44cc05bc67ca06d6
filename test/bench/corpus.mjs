import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Seconds; the corpus is older than any run, so that its times are trusted. */
const WRITTEN = Date.UTC(2026, 0, 1) / 1000
const ENGLISH = {
  subjects:
    'the tide|a harbour|every lighthouse|the old pilot|our gauge|a quiet estuary|the ferry|one buoy|the chart'.split(
      '|',
    ),
  verbs: 'turns before|measures|remembers|carries|answers|waits for|explains|follows|hides|counts'.split('|'),
  objects: 'the moon|a slow current|the evening signal|salt and rope|two readings|the north wind|a broken cable'.split(
    '|',
  ),
  ends: 'at noon|without a word|for eleven days|in plain sight|as the table says|below the bridge|after the storm'.split(
    '|',
  ),
  stop: '. ',
  comma: ', ',
}
const CHINESE = {
  subjects: '潮水|港口|每一座灯塔|老领航员|我们的水尺|安静的河口|渡船|一只浮标|海图|退潮后的沙洲'.split('|'),
  verbs: '总是先于|测量着|记得|带走|回应|等待|解释了|跟随|遮住|数过'.split('|'),
  objects: '月亮|缓慢的洋流|傍晚的信号|盐与缆绳|两次读数|北风|断掉的电缆|无人的码头'.split('|'),
  ends: '从不出声|整整十一天|就在眼前|正如潮汐表所写|直到桥下|在暴风雨之后'.split('|'),
  stop: '。',
  comma: '，',
}
const CODE = {
  js: [
    'export function height(hours) {',
    '  const swing = Math.cos((hours / 12.42) * 2 * Math.PI)',
    '  return 2.4 + 1.7 * swing',
    '}',
  ],
  python: [
    'def height(hours: float) -> float:',
    '    swing = cos(hours / 12.42 * 2 * pi)',
    '    return 2.4 + 1.7 * swing',
  ],
  sh: ['for day in $(seq 1 7); do', '  gauge read --day "$day" >> readings.txt', 'done'],
}
const FORMULAS = [
  '$$\nh(t) = h_0 + \\sum_{i=1}^{n} a_i \\cos(\\omega_i t + \\varphi_i)\n$$',
  '$$\n\\frac{\\partial \\eta}{\\partial t} + \\nabla \\cdot (H u) = 0\n$$',
]

/**
 * English sentences, the same ones for the same seed.
 * @param {number} seed
 * @param {number} bytes how many they have at least
 */
export function englishText(seed, bytes) {
  const chance = seeded(seed)
  let text = sentence(ENGLISH, chance)
  while (text.length < bytes) text += ` ${sentence(ENGLISH, chance)}`
  return text
}

/**
 * Writes articles that both programs read: English and Chinese in turn, 4 to 12 KB each, with code, math, tables,
 * lists and quotes; the same bytes for the same number each time.
 * @param {string} dir
 * @param {number} count
 */
export function writeCorpus(dir, count) {
  for (let index = 0; index < count; index++) {
    const file = join(dir, articlePath(index))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, article(index))
    utimesSync(file, WRITTEN, WRITTEN)
  }
}

/**
 * Adds a sentence to the beginning of some articles, spread over the corpus.
 * @param {string} dir
 * @param {number} count
 * @param {number} changed how many
 * @param {number} edit a number that no edit had before
 */
export function editCorpus(dir, count, changed, edit) {
  for (let n = 0; n < changed; n++) {
    const file = join(dir, articlePath(Math.floor((n * count) / changed)))
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\n---\n\n/, `$&Reading ${edit} was taken anew. `))
    utimesSync(file, WRITTEN + edit, WRITTEN + edit)
  }
}

/** @param {number} index */
function articlePath(index) {
  return `posts/${2010 + (index % 15)}/${index % 2 === 0 ? 'tides' : 'chao-xi'}-${String(index).padStart(6, '0')}.md`
}

/** @param {number} index */
function article(index) {
  const chance = seeded(index + 1)
  const words = index % 2 === 0 ? ENGLISH : CHINESE
  const minutes = Math.floor(index * 37)
  const date = new Date(Date.UTC(2010 + (index % 15), 0, 1) + (minutes % 525_600) * 60_000).toISOString()
  const head = [
    '---',
    `title: "${capital(clause(words, chance))} ${index}"`,
    `date: ${date.slice(0, 19)}+08:00`,
    `tags: [${pick(words.objects, chance)}, ${pick(words.subjects, chance)}]`,
    `categories: [${pick(words.subjects, chance)}]`,
    'draft: false',
    '---',
    '',
  ]
  return [...head, ...body(words, chance), ''].join('\n')
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function body(words, chance) {
  const wanted = 4_000 + Math.floor(chance() * 7_000)
  const blocks = [paragraph(words, chance)]
  for (let bytes = 0; bytes < wanted;) {
    const block = nextBlock(words, chance)
    blocks.push(block)
    bytes += Buffer.byteLength(block) + 2
  }
  return blocks.flatMap((block) => [block, ''])
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function nextBlock(words, chance) {
  const kind = chance()
  if (kind < 0.55) return paragraph(words, chance)
  if (kind < 0.65) return `## ${capital(clause(words, chance))}`
  if (kind < 0.75) return Array.from({ length: 4 }, () => `- ${sentence(words, chance)}`).join('\n')
  if (kind < 0.83) return fence(chance)
  if (kind < 0.9) return pick(FORMULAS, chance)
  if (kind < 0.96) return table(words, chance)
  return `> ${paragraph(words, chance)}`
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function paragraph(words, chance) {
  const sentences = Array.from({ length: 4 + Math.floor(chance() * 4) }, () => marked(sentence(words, chance), chance))
  return sentences.join(words.stop === '. ' ? ' ' : '')
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function sentence(words, chance) {
  return capital(`${clause(words, chance)}${words.comma}${clause(words, chance)}${words.stop}`.trimEnd())
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function clause({ subjects, verbs, objects, ends, stop }, chance) {
  return [subjects, verbs, objects, ends].map((list) => pick(list, chance)).join(stop === '. ' ? ' ' : '')
}

/**
 * A sentence with what people put in them.
 * @param {string} text
 * @param {() => number} chance
 */
function marked(text, chance) {
  const kind = chance()
  if (kind < 0.1) return `**${text}**`
  if (kind < 0.2) return `${text} $a_i \\cos(\\omega_i t)$`
  if (kind < 0.3)
    return `${text} [${Math.floor(chance() * 90) + 10}](https://blog.example.org/${Math.floor(chance() * 1e6)}/)`
  if (kind < 0.4) return `${text} \`gauge read --day ${Math.floor(chance() * 31)}\``
  return text
}

/** @param {() => number} chance */
function fence(chance) {
  const [language, lines] = pick(Object.entries(CODE), chance)
  return ['```' + language, ...lines, '```'].join('\n')
}

/**
 * @param {typeof ENGLISH} words
 * @param {() => number} chance
 */
function table(words, chance) {
  const row = () => `| ${pick(words.subjects, chance)} | ${pick(words.ends, chance)} | ${(chance() * 5).toFixed(2)} |`
  return [row(), '| --- | --- | ---: |', row(), row(), row()].join('\n')
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {() => number} chance
 * @returns {T}
 */
function pick(list, chance) {
  return list[Math.floor(chance() * list.length)]
}

/**
 * Numbers from 0 to 1, the same for the same seed (the generator mulberry32).
 * @param {number} seed
 */
function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
