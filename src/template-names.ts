import { ForTag, Output, TypeGuards, Value, toValueSync } from 'liquidjs'
import type { Template as Node, PropertyAccessToken, Token } from 'liquidjs'
import { Problem } from './problem.ts'
import type { Contract } from './template.ts'

/** What is known of a value: the names of its parts, `[]` for the elements of a list; none for a text or a number. */
interface Shape {
  parts: Map<string, Shape>
}

interface Scope {
  file: string
  format: Contract['format']
  /** The names of the contract. */
  given: Shape
  /** The names that the template made itself, by `assign` or `for`. */
  own: Map<string, Shape>
}

const READER = 'reader'
const LOOP = 'forloop'
const ELEMENT = '[]'
const PLAIN = shapeOf([])
const TEXTS = shapeOf([ELEMENT])
const LOOP_STATE = shapeOf(['index', 'index0', 'rindex', 'rindex0', 'first', 'last', 'length'])

/** `file:line:column` of a piece of a template. */
export function placeOf(file: string, token: Token): string {
  return `${file}:${token.getPosition().join(':')}`
}

/**
 * Checks that a parsed template uses the names of its contract only, and each for what it is.
 * @throws {Problem} `template-unknown-name`, `template-reader-branch`, `template-syntax`
 */
export function checkNames(nodes: readonly Node[], file: string, contract: Contract): void {
  checkNodes(nodes, { file, format: contract.format, given: shapeOf(contract.names), own: new Map() })
}

function shapeOf(names: readonly string[]): Shape {
  const shape: Shape = { parts: new Map() }
  for (const name of names) {
    let at = shape
    for (const part of name.replaceAll(ELEMENT, `.${ELEMENT}`).split('.').filter(Boolean)) {
      const next = at.parts.get(part) ?? { parts: new Map() }
      at.parts.set(part, next)
      at = next
    }
  }
  return shape
}

function checkNodes(nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    if (node instanceof Output) checkOutput(node, scope)
    else if (node instanceof ForTag) checkLoop(node, scope)
    else checkTag(node, scope)
  }
}

function checkOutput({ value, token }: Output, scope: Scope): void {
  // LiquidJS appends its escaping as a last filter.
  const filters = scope.format === 'html' ? value.filters.slice(0, -1) : value.filters
  const [only, ...more] = [...value.initial.postfix, ...filters]
  const bare = more.length === 0 && only !== undefined && 'kind' in only && TypeGuards.isPropertyAccessToken(only)
  const shape = bare ? shapeOfAccess(only, scope) : shapeOfValue(value, filters, scope)
  if (shape.parts.has(ELEMENT)) throw misuse(token, 'prints a list', 'print its elements by {% for %} or | join', scope)
  if (shape.parts.size > 0) throw misuse(token, 'prints a group of names', `print one of: ${partsOf(shape)}`, scope)
}

function checkLoop(loop: ForTag, scope: Scope): void {
  const [collection] = shapesOfArguments(loop, scope)
  const element = collection?.parts.get(ELEMENT)
  if (element === undefined) throw misuse(loop.token, 'does not name a list', 'loop over a list', scope)
  refuseTaken(loop.variable, loop.token, scope)
  const own = new Map([...scope.own, [loop.variable, element], [LOOP, LOOP_STATE]])
  checkNodes(loop.templates, { ...scope, own })
  checkNodes(loop.elseTemplates, scope)
}

function checkTag(tag: Node, scope: Scope): void {
  const [shape = PLAIN] = shapesOfArguments(tag, scope)
  for (const { content } of tag.localScope?.() ?? []) {
    refuseTaken(content, tag.token, scope)
    scope.own.set(content, shape)
  }
  if (tag.children !== undefined) checkNodes(toValueSync<Node[]>(tag.children(false, true)), scope)
}

function refuseTaken(name: string, token: Token, scope: Scope): void {
  if (!scope.given.parts.has(name) && name !== LOOP) return
  throw misuse(token, `gives "${name}" a second meaning`, 'choose another name', scope)
}

function shapesOfArguments(tag: Node, scope: Scope): Shape[] {
  return [...(tag.arguments?.() ?? [])].map((argument) =>
    argument instanceof Value ? shapeOfValue(argument, argument.filters, scope) : shapeOfToken(argument, scope),
  )
}

function shapeOfValue({ initial }: Value, filters: Value['filters'], scope: Scope): Shape {
  const shapes = initial.postfix.map((token) => shapeOfToken(token, scope))
  let shape = shapes.length === 1 ? (shapes[0] ?? PLAIN) : PLAIN
  for (const { name, args } of filters) {
    for (const arg of args.map((arg) => (Array.isArray(arg) ? arg[1] : arg))) {
      if (arg !== undefined) shapeOfToken(arg, scope)
    }
    shape = shapeAfter(name, shape)
  }
  return shape
}

function shapeAfter(filter: string, shape: Shape): Shape {
  if (filter === 'split') return TEXTS
  if (filter === 'first' || filter === 'last') return shape.parts.get(ELEMENT) ?? PLAIN
  return ['reverse', 'slice', 'concat', 'uniq', 'compact', 'default'].includes(filter) ? shape : PLAIN
}

function shapeOfToken(token: Token, scope: Scope): Shape {
  if (TypeGuards.isPropertyAccessToken(token)) {
    if (rootOf(token) === READER && scope.given.parts.has(READER)) throw readerBranch(token, scope)
    return shapeOfAccess(token, scope)
  }
  if (!TypeGuards.isRangeToken(token)) return PLAIN
  shapeOfToken(token.lhs, scope)
  shapeOfToken(token.rhs, scope)
  return TEXTS
}

/** The shape of what `site.title`, `entries[0].tags` or, seldom, `"text".size` stands for. */
function shapeOfAccess(access: PropertyAccessToken, scope: Scope): Shape {
  const { variable, props } = access
  const root = rootOf(access)
  let shape =
    variable === undefined ? (scope.own.get(root) ?? scope.given.parts.get(root)) : shapeOfToken(variable, scope)
  if (shape === undefined) throw unknownName(access, scope.given, scope)
  for (const part of variable === undefined ? props.slice(1) : props) {
    if (TypeGuards.isPropertyAccessToken(part)) shapeOfToken(part, scope)
    const next = partOf(shape, 'content' in part ? part.content : 0)
    if (next === undefined) throw unknownName(access, shape, scope)
    shape = next
  }
  return shape
}

/** The first name of an access; empty for a computed one, such as `[name]`, which is in no contract. */
function rootOf({ variable, props }: PropertyAccessToken): string {
  const [root] = props
  return variable === undefined && root !== undefined && 'content' in root ? String(root.content) : ''
}

function partOf(shape: Shape, part: unknown): Shape | undefined {
  const element = shape.parts.get(ELEMENT)
  if (part === 'size' && (element !== undefined || shape.parts.size === 0)) return PLAIN
  if (part === 'first' || part === 'last' || typeof part === 'number') return element ?? shape.parts.get(String(part))
  return shape.parts.get(String(part))
}

function partsOf(shape: Shape): string {
  return [...shape.parts.keys()].map((part) => (part === ELEMENT ? 'first, last, size' : part)).join(', ')
}

function unknownName(access: PropertyAccessToken, known: Shape, scope: Scope): Problem {
  const parts = partsOf(known)
  return new Problem('template-unknown-name', `The template asks for "${access.getText()}", which there is not`, {
    where: placeOf(scope.file, access),
    mend: parts === '' ? 'leave out what follows the last dot; it is a plain value' : `use one of: ${parts}`,
  })
}

function readerBranch(access: PropertyAccessToken, scope: Scope): Problem {
  return new Problem('template-reader-branch', `"${access.getText()}" is not known when the letter is rendered`, {
    where: placeOf(scope.file, access),
    mend: `a letter is built once for all readers; write {{ ${access.getText()} }} by itself, without tag or filter`,
  })
}

function misuse(token: Token, what: string, mend: string, scope: Scope): Problem {
  const where = placeOf(scope.file, token)
  return new Problem('template-syntax', `The template cannot be used: ${token.getText()} ${what}`, { where, mend })
}
