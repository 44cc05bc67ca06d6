import type { Token } from './script-tokens.ts'

/** What stands behind a name in a script, as far as it can be told without running it. */
export type Value =
  | { kind: 'text'; text: string }
  /** Another name of this script, such as `SITE.website`. */
  | { kind: 'name'; name: string }
  | { kind: 'template'; texts: string[]; names: string[] }
  | { kind: 'unknown' }

/** What a script says of names. */
export interface Facts {
  /** By names joined with NUL; a variable's own name comes first. */
  values: Map<string, Value>
  items: Map<string, Value[]>
  calls: Map<string, Value>
  imports: Map<string, { from: string; name: string }>
  /** The variables that the script exports as its default, outermost last. */
  exported: string[]
}

/** Objects nested deeper tell nothing that is asked for. */
export const DEEPEST = 8
/** Between the names of a path. */
export const JOIN = '\0'

interface Frame {
  mark: string
  /** Name of the property whose value is being read. */
  key: string | null
}

/** One pass over the tokens; each bracket is a frame, and a frame's key names what is inside. */
export function factsOf(tokens: readonly Token[]): Facts {
  const facts: Facts = { values: new Map(), items: new Map(), calls: new Map(), imports: new Map(), exported: [] }
  const frames: Frame[] = [{ mark: '', key: null }]
  for (const [index, token] of tokens.entries()) {
    const frame = frames.at(-1) ?? { mark: '', key: null }
    const mark = token.kind === 'mark' ? token.text : ''
    if (mark === '{' || mark === '[' || mark === '(') {
      if (mark === '(') noteCall(tokens, index, facts)
      if (mark === '[') noteItems(tokens, index, pathOf(frames), facts)
      frames.push({ mark, key: null })
    } else if (mark === '}' || mark === ']' || mark === ')') {
      if (frames.length > 1) frames.pop()
      const around = frames.at(-1)
      // A statement may end without a mark.
      if (around?.mark === '' && mark === '}' && !isMark(tokens[index + 1], ')', ',', '.')) around.key = null
    } else if (mark === ',' || mark === ';') frame.key = null
    else if (frame.mark === '{') noteProperty(tokens, index, frames, facts)
    if (token.kind === 'name' && frames.length === 1) noteStatement(tokens, index, frame, facts)
  }
  return facts
}

function isMark(token: Token | undefined, ...marks: string[]): boolean {
  return token?.kind === 'mark' && marks.includes(token.text)
}

function nameOf(token: Token | undefined): string | null {
  return token?.kind === 'name' ? token.text : null
}

/** The names around the place that is being read; null when there are too many. */
function pathOf(frames: readonly Frame[]): string[] | null {
  if (frames.length > 4 * DEEPEST) return null
  const path = frames.flatMap((frame) => frame.key ?? [])
  return path.length > DEEPEST ? null : path
}

function noteProperty(tokens: readonly Token[], index: number, frames: Frame[], facts: Facts): void {
  const token = tokens[index]
  const frame = frames.at(-1)
  const isFirst = isMark(tokens[index - 1], '{', ',')
  if (frame === undefined || !isFirst || token === undefined) return
  const key = token.kind === 'name' || token.kind === 'text' || token.kind === 'figure' ? token.text : null
  if (key === null) return
  const path = pathOf(frames)
  frame.key = isMark(tokens[index + 1], ':', '(') ? key : null
  if (path === null) return
  const place = [...path, key].join(JOIN)
  if (isMark(tokens[index + 1], ':')) put(facts.values, place, valueAt(tokens, index + 2, ',', '}'))
  else if (isMark(tokens[index + 1], '(')) put(facts.values, place, { kind: 'unknown' })
  else if (token.kind === 'name' && isMark(tokens[index + 1], ',', '}')) {
    put(facts.values, place, { kind: 'name', name: key })
  }
}

/** Of two values with one name the first holds: functions further down often have their own. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value)
}

function noteItems(tokens: readonly Token[], index: number, path: string[] | null, facts: Facts): void {
  if (path === null || path.length === 0) return
  const items: Value[] = []
  for (let at = index + 1; at < tokens.length; at += 2) {
    const value = valueAt(tokens, at, ',', ']')
    if (value.kind === 'unknown') break
    if (value.kind === 'text') items.push(value)
    if (!isMark(tokens[at + 1], ',')) break
  }
  put(facts.items, path.join(JOIN), items)
}

function noteCall(tokens: readonly Token[], index: number, facts: Facts): void {
  const name = nameOf(tokens[index - 1])
  const value = name === null ? null : valueAt(tokens, index + 1, ',', ')')
  if (name !== null && value !== null && value.kind !== 'unknown') put(facts.calls, name, value)
}

/** `const NAME = …`, `import … from '…'`, `export default NAME`, `module.exports = NAME`. */
function noteStatement(tokens: readonly Token[], index: number, frame: Frame, facts: Facts): void {
  const word = nameOf(tokens[index])
  const next = nameOf(tokens[index + 1])
  if (/^(?:const|let|var)$/.test(word ?? '') && next !== null) {
    const equals = equalsAfter(tokens, index + 2)
    if (equals === null) return
    frame.key = next
    put(facts.values, next, valueAt(tokens, equals + 1, ';', ''))
  } else if (word === 'import' || (word === 'export' && isMark(tokens[index + 1], '{'))) {
    frame.key = null
    if (word === 'import') noteImport(tokens, index + 1, facts)
  } else if (word === 'export' || word === 'return') {
    frame.key = null
    if (next === 'default') noteExport(tokens, index + 2, facts)
  } else if (word === 'module' && nameOf(tokens[index + 2]) === 'exports') {
    frame.key = null
    noteExport(tokens, index + 4, facts)
  }
}

/** The `=` behind a variable's name and its type. */
function equalsAfter(tokens: readonly Token[], from: number): number | null {
  for (let at = from; at < Math.min(tokens.length, from + 24); at += 1) {
    if (isMark(tokens[at], '=')) return at
    if (isMark(tokens[at], ';', '(')) return null
  }
  return null
}

/** The variable that is exported, itself or as the argument of functions such as `defineConfig`. */
function noteExport(tokens: readonly Token[], from: number, facts: Facts): void {
  let at = from
  while (tokens[at]?.kind === 'name' && isMark(tokens[at + 1], '(') && at < from + 2 * DEEPEST) at += 2
  const name = nameOf(tokens[at])
  if (name !== null && !isMark(tokens[at + 1], '(', '=>')) facts.exported.push(name)
}

function noteImport(tokens: readonly Token[], from: number, facts: Facts): void {
  const found: [string, string][] = []
  let isBraced = false
  for (let at = from; at < Math.min(tokens.length, from + 200); at += 1) {
    const token = tokens[at]
    if (token?.kind === 'text') {
      for (const [name, own] of found) facts.imports.set(name, { from: token.text, name: own })
      return
    }
    const name = nameOf(token)
    if (name === 'import') return
    isBraced ||= isMark(token, '{')
    if (name === null || /^(?:from|as|type)$/.test(name)) continue
    const isRenamed = nameOf(tokens[at - 1]) === 'as'
    found.push([name, isRenamed ? (nameOf(tokens[at - 2]) ?? '*') : isBraced ? name : 'default'])
  }
}

/**
 * The value that begins here, if it is simple: a text, a figure, a truth value, a name, or one of these behind
 * `process.env.NAME ||` or `??`, and a type behind `as` or `satisfies`.
 * @param ends the marks that must follow; '' allows any other token of a next statement
 */
function valueAt(tokens: readonly Token[], from: number, ...ends: string[]): Value {
  const token = tokens[from]
  const name = memberAt(tokens, from)
  const behind = name === null ? from + 1 : name.end
  const next = tokens[behind]
  const isLast = isMark(next, ...ends) || next === undefined || /^(?:as|satisfies)$/.test(nameOf(next) ?? '')
  if (isMark(next, '||', '??') && name !== null) return valueAt(tokens, behind + 1, ...ends)
  if (!isLast && !(ends.includes('') && next.kind !== 'mark')) return { kind: 'unknown' }
  if (token?.kind === 'text' || token?.kind === 'figure') return { kind: 'text', text: token.text }
  if (token?.kind === 'template') return { kind: 'template', texts: token.texts, names: token.names }
  if (name === null) return { kind: 'unknown' }
  return /^(?:true|false)$/.test(name.text) ? { kind: 'text', text: name.text } : { kind: 'name', name: name.text }
}

/** A name with the names of its members, such as `SITE.website`. */
function memberAt(tokens: readonly Token[], from: number): { text: string; end: number } | null {
  const names: string[] = []
  for (let at = from; at < tokens.length; at += 2) {
    const name = nameOf(tokens[at])
    if (name === null || names.length > DEEPEST) return null
    names.push(name)
    if (!isMark(tokens[at + 1], '.', '?.')) return { text: names.join('.'), end: at + 1 }
  }
  return null
}
