import type { FetchState } from '../../remember/fetches.ts'
import type { Fetched } from '../http/fetched.ts'
import { get } from '../http/get.ts'
import type { Tools } from '../http/tools.ts'

/**
 * Asks for a document where it moved for good; at its old address again once that fails.
 * @param isKnown false: it is wanted whole, whatever its server says of a change
 */
export async function askFor(state: FetchState, isKnown: boolean, tools: Tools): Promise<Fetched> {
  const validators = isKnown ? state.validators : null
  if (state.movedTo === null) return get(state.url, validators, tools)
  const there = await get(state.movedTo, validators, tools)
  if (there.kind === 'failed' || there.kind === 'gone') return get(state.url, validators, tools)
  return 'movedTo' in there ? { ...there, movedTo: there.movedTo ?? state.movedTo } : there
}
