/** A piece of JavaScript or TypeScript that tells something; comments and white space are none. */
export type Token =
  | { kind: 'name' | 'figure' | 'mark'; text: string }
  /** What a string says, its escapes undone. */
  | { kind: 'text'; text: string }
  /** A template with `${names}` in it: the texts, and between them the names. */
  | { kind: 'template'; texts: string[]; names: string[] }
  /** A regular expression, or a template that only running it could tell. */
  | { kind: 'opaque' }

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy
const FIGURE = /\d[\w.]*/y
const LONG_MARK = /=>|\|\||\?\?|&&|\?\./y
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0', '\n': '' }

/** Takes a script apart, without running any of it, in time proportional to its length. */
export function scriptTokens(script: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < script.length;) {
    const rest = skipped(script, at)
    if (rest > at) {
      at = rest
      continue
    }
    const [token, end] = tokenAt(script, at, tokens.at(-1))
    tokens.push(token)
    at = end
  }
  return tokens
}

/** Where the white space or comment ends that begins here. */
function skipped(script: string, at: number): number {
  if (/\s/.test(script.charAt(at))) return at + 1
  if (script.startsWith('//', at)) return endOf(script, '\n', at)
  return script.startsWith('/*', at) ? endOf(script, '*/', at + 2) : at
}

function endOf(script: string, mark: string, from: number): number {
  const end = script.indexOf(mark, from)
  return end < 0 ? script.length : end + mark.length
}

function tokenAt(script: string, at: number, before: Token | undefined): [Token, number] {
  const letter = script.charAt(at)
  if (letter === '"' || letter === "'") return stringAt(script, at)
  if (letter === '`') return templateAt(script, at)
  if (letter === '/' && mayBeginPattern(before)) return [{ kind: 'opaque' }, patternEnd(script, at)]
  const name = match(NAME, script, at)
  if (name !== null) return [{ kind: 'name', text: name }, at + name.length]
  const figure = match(FIGURE, script, at)
  if (figure !== null) return [{ kind: 'figure', text: figure }, at + figure.length]
  const mark = match(LONG_MARK, script, at) ?? letter
  return [{ kind: 'mark', text: mark }, at + mark.length]
}

function match(pattern: RegExp, script: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(script)?.[0] ?? null
}

/** A string ends with its line when nothing closes it. */
function stringAt(script: string, start: number): [Token, number] {
  const quote = script.charAt(start)
  let text = ''
  for (let at = start + 1; at < script.length; at += 1) {
    const letter = script.charAt(at)
    if (letter === quote) return [{ kind: 'text', text }, at + 1]
    if (letter === '\n') return [{ kind: 'opaque' }, at]
    if (letter === '\\') {
      const [meant, end] = escapeAt(script, at)
      text += meant
      at = end - 1
    } else text += letter
  }
  return [{ kind: 'opaque' }, script.length]
}

const CODE_POINT = /\\(?:u\{([\da-f]{1,6})\}|u([\da-f]{4})|x([\da-f]{2}))/iy

function escapeAt(script: string, at: number): [string, number] {
  CODE_POINT.lastIndex = at
  const point = CODE_POINT.exec(script)
  const code = Number.parseInt(point?.[1] ?? point?.[2] ?? point?.[3] ?? '', 16)
  if (point !== null && code <= 0x10ffff) return [String.fromCodePoint(code), at + point[0].length]
  const letter = script.charAt(at + 1)
  return [ESCAPES[letter] ?? letter, at + 2]
}

const NAME_IN_TEMPLATE = /\$\{\s*([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\s*\}/uy

function templateAt(script: string, start: number): [Token, number] {
  const texts = ['']
  const names: string[] = []
  for (let at = start + 1; at < script.length; at += 1) {
    const letter = script.charAt(at)
    if (letter === '`') {
      const [text = ''] = texts
      return [names.length === 0 ? { kind: 'text', text } : { kind: 'template', texts, names }, at + 1]
    }
    if (letter === '$' && script.charAt(at + 1) === '{') {
      NAME_IN_TEMPLATE.lastIndex = at
      const name = NAME_IN_TEMPLATE.exec(script)
      if (name === null) return [{ kind: 'opaque' }, templateEnd(script, start)]
      names.push(name[1] ?? '')
      texts.push('')
      at += name[0].length - 1
      continue
    }
    const [meant, end] = letter === '\\' ? escapeAt(script, at) : [letter, at + 1]
    texts.push(`${texts.pop() ?? ''}${meant}`)
    at = end - 1
  }
  return [{ kind: 'opaque' }, script.length]
}

/** Templates and the code in them may be nested: each level is the number of braces open in its code, -1 for text. */
function templateEnd(script: string, start: number): number {
  const levels = [-1]
  for (let at = start + 1; at < script.length; at += 1) {
    const letter = script.charAt(at)
    const open = levels.at(-1) ?? -1
    if (letter === '\\') at += 1
    else if (open < 0) {
      if (letter === '`' && levels.length === 1) return at + 1
      if (letter === '`') levels.pop()
      else if (script.startsWith('${', at)) {
        levels.push(0)
        at += 1
      }
    } else if (letter === '"' || letter === "'") at = stringAt(script, at)[1] - 1
    else if (letter === '`') levels.push(-1)
    else if (letter === '}' && open === 0) levels.pop()
    else if (letter === '{' || letter === '}') levels[levels.length - 1] = open + (letter === '{' ? 1 : -1)
  }
  return script.length
}

/** A slash divides only behind a value. */
function mayBeginPattern(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'mark') return !/^[)\]}]$/.test(before.text)
  return before.kind === 'name' && /^(?:return|typeof|case|in|of|do|else|void|delete)$/.test(before.text)
}

function patternEnd(script: string, start: number): number {
  let isInClass = false
  for (let at = start + 1; at < script.length; at += 1) {
    const letter = script.charAt(at)
    if (letter === '\n') return start + 1
    if (letter === '\\') at += 1
    else if (letter === '[') isInClass = true
    else if (letter === ']') isInClass = false
    else if (letter === '/' && !isInClass) return at + 1
  }
  return start + 1
}
