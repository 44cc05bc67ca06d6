import type { Draft } from '../../entry.ts'
import { isHome } from '../../remember/home.ts'
import type { DocumentPlace } from '../../remote-source.ts'

/** RFC 4151, section 2.1: `tag:host,date:…` or `tag:name@host,date:…`. */
const TAG = /^tag:(?:[^,:@]*@)?([^,:]+),/i
/** As we mint ids, from names that anybody can guess. */
const MINTED = /^(?:urn:uuid:)?[\da-f]{8}-[\da-f]{4}-5/i

/**
 * An article without the id that its feed gives it, where the id names the owner's own site or is made as ours are: these
 * stay free for articles that the owner is still to write, and it gets a minted one in its stead.
 */
export function withFreeId(draft: Draft, at: DocumentPlace, siteUrl: string): Draft {
  const isFree = draft.explicitId === null || mayGive(at, draft.explicitId, siteUrl)
  return isFree ? draft : { ...draft, explicitId: null }
}

function mayGive(at: DocumentPlace, id: string, siteUrl: string): boolean {
  if (at.kind === 'file' || isHome(at.url, siteUrl)) return true
  const [, host] = TAG.exec(id) ?? []
  return !MINTED.test(id) && !isHome(siteUrl, host === undefined ? id : `https://${host}/`)
}
