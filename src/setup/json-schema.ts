import { type Pair, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml'
import { z } from 'zod'
import { configSchema } from '../config-schema.ts'

/** A part of a JSON Schema. */
type Schema = Record<string, unknown>

/** Forms that our own parsers want; where a variable stands, anything may. */
const FORMS: readonly [string, string][] = [
  ['^https?://', 'site.url site.icon site.favicon site.privacy site.author.url publish.url web.url'],
  ['^https?://', 'feeds.hub alerts.url heartbeat'],
  ['@', 'site.author.email mail.from mail.reply_to mail.return alerts.mail subscribers.address'],
  ['^smtps?://', 'mail.smtp'],
  ['^\\s*\\d{1,5} ?[mhd]\\s*$', 'feeds.hold alerts.stuck_after keep'],
  ['^\\s*[1-9]\\d{0,6} ?/ ?[smhd]\\s*$', 'mail.rate'],
  ['^\\s*([01]?\\d|2[0-3]):[0-5]\\d\\s*$', 'digest.at'],
]
const PATTERNS = new Map(FORMS.flatMap(([form, paths]) => paths.split(' ').map((path) => [path, form] as const)))

/**
 * The JSON Schema (draft 7) of `feedwire.config.yaml`, for editors.
 * @param example every setting in YAML; the comment behind each becomes its description
 */
export function configJsonSchema(example: string): Schema {
  const schema = z.toJSONSchema(configSchema('.'), { io: 'input', unrepresentable: 'any', target: 'draft-7' })
  return { ...annotated({ ...schema }, '', commentsIn(example)), title: 'Settings of Feedwire' }
}

/** The comment behind each setting, by its path without the places in lists: `site.title`, `sources.dir`. */
function commentsIn(example: string): Map<string, string> {
  const comments = new Map<string, string>()
  const visit = (node: unknown, path: string): void => {
    if (isSeq(node)) for (const item of node.items) visit(item, path)
    if (!isMap(node)) return
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      const below = path === '' ? key : `${path}.${key}`
      const comment = commentOf(pair)
      if (comment !== null && !comments.has(below)) comments.set(below, comment)
      visit(pair.value, below)
    }
  }
  visit(parseDocument(example).contents, '')
  return comments
}

/** A comment behind `key:` stands before the value below it. */
function commentOf({ value }: Pair): string | null {
  if (!isNode(value)) return null
  const comment = value.comment ?? value.commentBefore ?? null
  return comment === null ? null : (comment.split('\n')[0] ?? '').trim()
}

function isText(part: Schema): boolean {
  return part['type'] === 'string' || (Array.isArray(part['type']) && part['type'].includes('string'))
}

/** A copy with patterns and descriptions; the parts of a list and the forms of a union have the path of the whole. */
function annotated(part: Schema, path: string, comments: ReadonlyMap<string, string>): Schema {
  const pattern = isText(part) && !('const' in part) ? PATTERNS.get(path) : undefined
  const inner = (value: unknown, at: string): Schema => annotated(isSchema(value) ? value : {}, at, comments)
  const each = (value: unknown): unknown => (Array.isArray(value) ? value.map((item) => inner(item, path)) : value)
  const property = ([key, value]: [string, unknown]): [string, Schema] => {
    const below = path === '' ? key : `${path}.${key}`
    const description = isSchema(value) && 'const' in value ? undefined : comments.get(below)
    return [key, { ...inner(value, below), ...(description !== undefined && { description }) }]
  }
  return {
    ...part,
    ...(pattern !== undefined && { pattern: `${pattern}|\\$\\{` }),
    ...(isSchema(part['properties']) && {
      properties: Object.fromEntries(Object.entries(part['properties']).map(property)),
    }),
    ...('items' in part && { items: inner(part['items'], path) }),
    ...('anyOf' in part && { anyOf: each(part['anyOf']) }),
    ...('oneOf' in part && { oneOf: each(part['oneOf']) }),
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
