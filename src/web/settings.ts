import { readKept } from '../remember/kept.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriberById, resumeSubscriber } from '../remember/leave.ts'
import { type SubscriberRecord, readSubscriber, setPreferences } from '../remember/subscribers.ts'
import { parseEmailAddress } from '../subscriber.ts'
import type { Asked } from './asked.ts'
import { exportResponse } from './export.ts'
import { readFields } from './fields.ts'
import { leftPage } from './leave.ts'
import { type Offer, offerTo, readWishes } from './offer.ts'
import { type Done, deletePage, deletedPage, settingsPage } from './settings-page.ts'
import { brokenPage, idOf, tooLongPage } from './token-page.ts'

/** Shows a reader's settings. */
export async function showSettings(asked: Asked, token: string, offer: Offer): Promise<Response> {
  const reader = await readerOf(asked, token)
  return reader === null ? brokenPage(asked) : settingsPage(asked, reader, offer, null)
}

/** Does what a button of the page with a reader's settings says; what is none changes nothing. */
export async function changeSettings(asked: Asked, token: string, offer: Offer): Promise<Response> {
  const fields = await readFields(asked.request)
  if (fields === null) return tooLongPage(asked)
  const reader = await readerOf(asked, token)
  if (reader === null) return brokenPage(asked)
  switch (fields.get('do') ?? '') {
    case 'save':
      return shown(asked, reader, offer, await save(asked, reader, fields, offer))
    case 'pause':
      return shown(asked, reader, offer, await pause(asked, reader))
    case 'resume':
      return shown(asked, reader, offer, await resume(asked, reader))
    case 'leave':
      return leave(asked, reader)
    case 'export':
      return giveData(asked, reader)
    case 'delete':
      return deletePage(asked, reader)
    case 'delete-sure':
      return forget(asked, reader)
    default:
      return settingsPage(asked, reader, offer, null)
  }
}

async function readerOf({ tools }: Asked, token: string): Promise<SubscriberRecord | null> {
  const id = await idOf(tools, 'preferences', token)
  return id === null ? null : readSubscriber(tools.store, id)
}

/** The page as it is now. */
async function shown(asked: Asked, { id }: SubscriberRecord, offer: Offer, done: Done | null): Promise<Response> {
  const reader = await readSubscriber(asked.tools.store, id)
  return reader === null ? brokenPage(asked) : settingsPage(asked, reader, offer, done)
}

async function save(
  { tools }: Asked,
  { address, preferences }: SubscriberRecord,
  fields: URLSearchParams,
  offer: Offer,
): Promise<Done | null> {
  const wishes = readWishes(fields, offerTo(offer, preferences))
  return (await setPreferences(tools.store, parseEmailAddress(address), wishes, tools.commits.run)) ? 'saved' : null
}

async function pause({ tools }: Asked, { id }: SubscriberRecord): Promise<Done | null> {
  return (await pauseSubscriber(tools.store, id, tools.clock(), tools.commits.run)) ? 'paused_text' : null
}

async function resume({ tools }: Asked, { id }: SubscriberRecord): Promise<Done | null> {
  return (await resumeSubscriber(tools.store, id, tools.commits.run)) ? 'resumed' : null
}

async function leave(asked: Asked, { id, preferences }: SubscriberRecord): Promise<Response> {
  const { store, commits, clock, log } = asked.tools
  if (await removeSubscriberById(store, id, clock(), commits.run)) log.info('unsubscribed', { subscriber: id })
  return leftPage(asked, preferences.language)
}

async function giveData(asked: Asked, { id }: SubscriberRecord): Promise<Response> {
  const kept = await readKept(asked.tools.store, id)
  return kept === null ? brokenPage(asked) : exportResponse(kept)
}

async function forget(asked: Asked, { id, preferences }: SubscriberRecord): Promise<Response> {
  const { store, commits, clock, log } = asked.tools
  if (await deleteSubscriber(store, id, clock(), 'reader', commits.run)) log.info('deleted', { subscriber: id })
  return deletedPage(asked, preferences.language)
}
