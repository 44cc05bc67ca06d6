/** An encoding in which old articles are written, as TextDecoder and people call it. */
interface Encoding {
  label: string
  name: string
  /** Characters that make up most of a text in its languages. */
  frequent: string
}

/** Bytes that are looked at. */
const SAMPLE = 64 * 1024
/** The least share of frequent characters; a text in a wrong encoding has hardly any. */
const LEAST = 0.2
/** What cannot be read in an encoding must be an accident. */
const MOST_BROKEN = 0.02

const CJK_MARKS = '，。、；：？！“”‘’（）《》「」『』【】…—·　'
const SIMPLIFIED =
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没' +
  '动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手' +
  '应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认' +
  '条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非' +
  '则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔写读博客文章'
const TRADITIONAL =
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡裏用道行所然家種事成方多經麼去法學如都同現當沒' +
  '動面起看定天分還進好小部其些主樣理心本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手' +
  '應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認' +
  '條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非' +
  '則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運筆寫讀部落格文章'
const KANA =
  'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろわをん' +
  'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワヲンー'
const HANGUL =
  '이다는에을의가를고지하은로한도서사기나자어시스인리그있게대해들라으아정보과요것수일제해부원전상주만면전구니여안동장소생오성공분우경문조연내때말방무관신' +
  '국물실선용유미비치중트세드모현거와계음습적되했합입까저마없터더위두바회화간행진재양발년월식집산래민영심학작업울진개할같많좋않된든럼처려려했었였' +
  '던며네요죠데론크르블프로그램글'
const LATIN = 'àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÄÅÆÇÈÉÊËÎÏÑÓÔÖØÙÚÛÜŒ‘’“”„–—…•·«»°©®™€£§ ¿¡½²³×ºª'

const ENCODINGS: readonly Encoding[] = [
  { label: 'gb18030', name: 'GB18030', frequent: SIMPLIFIED + TRADITIONAL + CJK_MARKS },
  { label: 'big5', name: 'Big5', frequent: TRADITIONAL + CJK_MARKS },
  { label: 'shift_jis', name: 'Shift_JIS', frequent: KANA + CJK_MARKS },
  { label: 'euc-jp', name: 'EUC-JP', frequent: KANA + CJK_MARKS },
  { label: 'euc-kr', name: 'EUC-KR', frequent: HANGUL + CJK_MARKS },
  { label: 'windows-1252', name: 'windows-1252', frequent: LATIN },
]
const WIDE: readonly Encoding[] = ['utf-16le', 'utf-16be'].map((label) => ({
  label,
  name: label.toUpperCase(),
  frequent: SIMPLIFIED + TRADITIONAL + KANA + HANGUL + LATIN + CJK_MARKS,
}))

/** Bytes as text, and what they were taken for. */
export interface Recognised {
  name: string
  text: string
}

/**
 * Reads bytes that are not UTF-8 in the encoding in which the largest share of their characters is frequent; null when
 * that is none. Text in UTF-8 with single broken bytes is not recognised as another encoding.
 */
export function recognise(bytes: Uint8Array): Recognised | null {
  if (isMostlyUtf8(bytes)) return null
  const isWide = bytes.includes(0)
  const start = isWide
    ? 0
    : Math.max(
        0,
        bytes.findIndex((byte) => byte > 0x7f),
      )
  const sample = bytes.subarray(start, start + SAMPLE)
  let best: Encoding | null = null
  let bestShare = LEAST
  for (const encoding of isWide ? WIDE : ENCODINGS) {
    const likely = encoding.label === 'windows-1252' ? shareOfSingles(sample) ** 2 : 1
    const share = likely * shareOfFrequent(textIn(encoding.label, sample), new Set(encoding.frequent))
    if (share > bestShare) [best, bestShare] = [encoding, share]
  }
  return best === null ? null : { name: best.name, text: textIn(best.label, bytes) }
}

/** What windows-1252 has where Latin-1 has controls, as TextDecoder of some versions of Node does not know. */
const BESIDES_LATIN_1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

function textIn(label: string, bytes: Uint8Array): string {
  if (label !== 'windows-1252') return new TextDecoder(label).decode(bytes)
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return latin.replace(/[\x80-\x9f]/g, (character) => BESIDES_LATIN_1.charAt(character.charCodeAt(0) - 0x80))
}

/**
 * The share of high bytes that stand alone among ASCII: nearly all in a language of Europe, nearly none in others. Two
 * side by side, as in `Größe`, count half.
 */
function shareOfSingles(bytes: Uint8Array): number {
  let high = 0
  let single = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const start = index
    while ((bytes[index] ?? 0) > 0x7f) index += 1
    const length = index - start
    high += length
    if (length === 1 || length === 2) single += 1
  }
  return high === 0 ? 0 : single / high
}

function shareOfFrequent(text: string, frequent: ReadonlySet<string>): number {
  let known = 0
  let others = 0
  let broken = 0
  for (const character of text) {
    if (character === '\ufffd' || character === '\0') broken += 1
    else if (frequent.has(character)) known += 1
    else if (character > '\u007f') others += 1
  }
  const all = known + others + broken
  return broken > Math.max(1, all * MOST_BROKEN) ? 0 : known / all
}

/** True when nine of ten sequences of high bytes have the form of UTF-8; one that the end cuts is no fault. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  let right = 0
  let wrong = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0
    if (byte < 0x80) continue
    const length = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0
    let found = 0
    while (found < length && ((bytes[index + found + 1] ?? 0) & 0xc0) === 0x80) found += 1
    const isCut = index + found + 1 >= bytes.length
    if (length > 0 && byte < 0xf5 && (found === length || isCut)) right += 1
    else wrong += 1
    index += found
  }
  return right >= wrong * 9
}

/** Reads UTF-16 that has a byte order mark, or is told by its zeros: half of an English text's bytes. */
export function readUtf16(bytes: Uint8Array): Recognised | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return wide(bytes, 'utf-16le')
  if (first === 0xfe && second === 0xff) return wide(bytes, 'utf-16be')
  if (bytes.length < 4 || bytes.length % 2 === 1 || !bytes.includes(0)) return null
  const zeros = [0, 0]
  const sample = bytes.subarray(0, SAMPLE)
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 4 && even < odd / 50) return wide(bytes, 'utf-16le')
  return even > sample.length / 4 && odd < even / 50 ? wide(bytes, 'utf-16be') : null
}

function wide(bytes: Uint8Array, label: string): Recognised {
  return { name: label.toUpperCase(), text: new TextDecoder(label).decode(bytes) }
}
