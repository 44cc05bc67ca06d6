import type { Instant } from '../../entry.ts'
import { Problem } from '../../problem.ts'

/** The statuses that ask for another time (RFC 9110, section 15.6.4; RFC 6585, section 4). */
export const LATER: ReadonlySet<number> = new Set([429, 503])

/** `fetch-status`: an answer that holds no document. */
export function statusProblem(host: string, status: number): Problem {
  return new Problem('fetch-status', `${host} answers ${status}${MEANINGS[status] ?? ''}`, { mend: mendFor(status) })
}

/** `fetch-gone`: the document is away for ever. */
export function goneProblem(host: string): Problem {
  const mend = 'take the source out; what came from it stays'
  return new Problem('fetch-gone', `${host} answers 410: the document is gone for ever`, { mend })
}

/** `fetch-later`, a warning: a host that is left alone for a while. */
export function laterProblem(host: string, until: Instant): Problem {
  const minute = new Date(until).toISOString().slice(0, 16).replace('T', ' ')
  return new Problem('fetch-later', `${host} is busy and is not asked before ${minute} UTC`, {
    severity: 'warning',
    mend: 'nothing is to be done, unless it stays so: then let the schedule ask less often',
  })
}

const MEANINGS: Record<number, string> = {
  401: ': it wants a password',
  403: ': it does not let this program in',
  404: ': there is no such document',
}

function mendFor(status: number): string {
  if (status === 401 || status === 403) return 'ask whoever runs it, or take the source out'
  return status >= 500 ? 'it is asked again at the next run; if it stays so, tell whoever runs it' : 'check the address'
}
