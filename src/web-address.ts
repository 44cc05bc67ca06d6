/**
 * A URL, absolute or resolved against `base`; null for what is none. In place of `URL.canParse`, which on Node 20 says no
 * to `http://münchen.example/` once it was called some thousand times.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
