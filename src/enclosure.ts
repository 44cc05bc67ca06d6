/** A file that belongs to an article: a recording, a film, a document, a picture. */
export interface Enclosure {
  /** Absolute, http or https. */
  url: string
  /** Media type; null when it is not known. */
  type: string | null
  /** Bytes; null when they are not known. */
  length: number | null
}

/** How many of one article are kept. */
export const MOST_ENCLOSURES = 10

/** True for what is listened to or watched. */
export function isPlayed({ type }: Pick<Enclosure, 'type'>): boolean {
  return type !== null && /^(?:audio|video)\//.test(type)
}

/** True for a picture. */
export function isPicture({ type }: Pick<Enclosure, 'type'>): boolean {
  return type !== null && type.startsWith('image/')
}

/** Reads a list of enclosures back from JSON text. */
export function readEnclosures(json: string): Enclosure[] {
  // Hardly any article has one.
  if (json === '[]') return []
  const list: unknown = JSON.parse(json)
  return Array.isArray(list) ? list.filter(isEnclosure) : []
}

function isEnclosure(value: unknown): value is Enclosure {
  if (typeof value !== 'object' || value === null) return false
  const { url, type, length }: Partial<Record<string, unknown>> = { ...value }
  return (
    typeof url === 'string' &&
    (type === null || typeof type === 'string') &&
    (length === null || typeof length === 'number')
  )
}
