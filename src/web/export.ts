import type { Instant } from '../entry.ts'
import type { KeptData } from '../remember/kept.ts'
import { pageHeaders } from './page.ts'

/** All that is kept about a reader, as a file of JSON with dates in UTC (RFC 3339). */
export function exportResponse({ subscriber, consents, letters, notices }: KeptData): Response {
  const { address, state, suppressed, addedAt, leftAt, preferences } = subscriber
  const data = {
    ...{ address, state, suppressed, addedAt: dated(addedAt), leftAt: datedOrNull(leftAt), preferences },
    consents: consents.map(({ askedAt, confirmedAt, wishes, ...consent }) => ({
      ...{ askedAt: dated(askedAt), confirmedAt: datedOrNull(confirmedAt), ...consent, asked: wishes },
    })),
    letters: letters.map(({ date, settledAt, ...letter }) => ({
      ...{ date: dated(date), settledAt: datedOrNull(settledAt), ...letter },
    })),
    otherLetters: notices.map(({ date, settledAt, ...notice }) => ({
      ...{ date: dated(date), settledAt: datedOrNull(settledAt), ...notice },
    })),
  }
  return new Response(`${JSON.stringify(data, null, 2)}\n`, {
    headers: {
      ...pageHeaders(),
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="feedwire-data.json"',
    },
  })
}

function dated(at: Instant): string {
  return new Date(at).toISOString()
}

function datedOrNull(at: Instant | null): string | null {
  return at === null ? null : dated(at)
}
