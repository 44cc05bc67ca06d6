import { takeRequests } from '../../src/remember/requests.ts'
import { mintToken } from '../../src/token.ts'
import { type Endpoint, SECRET, askAt, posted } from './endpoint.ts'

/** Somebody asks for the digest, and their request is looked at; gives the token of their link, or null. */
export async function askToJoin(
  at: Endpoint,
  address: string,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<string | null> {
  const before = await lastConsent(at)
  await askAt(at.url, 'subscribe', posted({ address, ...fields }))
  await takeRequests(at.store, at.time.now)
  const after = await lastConsent(at)
  return after === before ? null : mintToken(SECRET, 'confirm', after)
}

/** The link in the letter to whoever asked last, once their request is looked at. */
export async function linkToConfirm(at: Endpoint): Promise<string> {
  await takeRequests(at.store, at.time.now)
  return `c/${mintToken(SECRET, 'confirm', await lastConsent(at))}`
}

async function lastConsent({ store }: Endpoint): Promise<number> {
  const { id } = await store
    .selectFrom('consents')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  return id
}

/** The link to a reader's settings. */
export function settingsOf(subscriberId: number): string {
  return `p/${mintToken(SECRET, 'preferences', subscriberId)}`
}
