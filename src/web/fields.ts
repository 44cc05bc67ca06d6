import { parseBody } from 'hono/utils/body'
import { readBody } from './body.ts'

/** Octets; what a mail program posts has 26, or some hundred as multipart/form-data, and a form some thousand. */
export const BODY_LIMIT = 16 * 1024

/**
 * What a form posts, as multipart/form-data or, whatever else its type says, urlencoded; files are left out, and what
 * cannot be read holds no field. Null when it has more than 16 KB.
 */
export async function readFields(request: Request): Promise<URLSearchParams | null> {
  const body = await readBody(request, BODY_LIMIT)
  if (body === null) return null
  const type = request.headers.get('content-type') ?? ''
  return isMultipart(type) ? fieldsOfParts(type, body) : new URLSearchParams(body)
}

/** True for the type of a form with parts. */
export function isMultipart(contentType: string): boolean {
  return /^\s*multipart\/form-data\b/i.test(contentType)
}

async function fieldsOfParts(type: string, body: string): Promise<URLSearchParams> {
  const fields = new URLSearchParams()
  const request = new Request('http://localhost', { method: 'POST', headers: { 'content-type': type }, body })
  const form = await parseBody(request, { all: true }).catch(unread)
  for (const [name, values] of Object.entries(form ?? {})) {
    for (const value of [values].flat()) if (typeof value === 'string') fields.append(name, value)
  }
  return fields
}

function unread(error: unknown): null {
  if (error instanceof TypeError) return null
  throw error
}
