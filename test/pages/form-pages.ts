import { readFileSync } from 'node:fs'
import type { Entry } from '../../src/entry.ts'
import { PAGE_CONTRACT, type PageContext } from '../../src/pages/context.ts'
import {
  renderCollectionPage,
  renderDigestArchive,
  renderDigestPage,
  renderIndex,
  renderOlderPage,
  renderSubscribePage,
} from '../../src/pages/render.ts'
import type { Document } from '../../src/site.ts'
import { compileTemplate } from '../../src/template.ts'
import { ownTexts } from '../support/texts.ts'

const TEMPLATE = readFileSync(new URL('../../templates/page.liquid', import.meta.url), 'utf8')

/** The script of the form. */
export const SCRIPT = readFileSync(new URL('../../templates/subscribe.js', import.meta.url), 'utf8')

const ENTRY: Entry = {
  ...{ id: 1, number: 1, guid: 'urn:example:1', source: 'notes', title: 'Spring tide', updated: 0, snippet: 'High.' },
  ...{ link: 'https://tides.example.org/spring/', anchor: 'e-1', date: Date.UTC(2026, 2, 1), dateOnly: true },
  ...{ authors: [], image: null, enclosures: [], series: null, tags: [], categories: [] },
}

/** How pages are made whose readers subscribe at `endpoint`, from our own template or another. */
export function formContext(
  endpoint: string | null,
  language: 'en' | 'zh' = 'en',
  template: string = TEMPLATE,
): PageContext {
  return {
    template: compileTemplate('page.liquid', template, PAGE_CONTRACT),
    site: {
      ...{ title: 'Tides & Gauges', description: 'What the water did', url: 'https://tides.example.org/', language },
      ...{ timezone: 'UTC', author: null, icon: null, favicon: null, postalAddress: null, privacy: null },
    },
    publishUrl: 'https://tides.example.org/feeds/',
    addressOf: () => null,
    contact: 'digest@example.org',
    endpoint,
    texts: ownTexts(language),
  }
}

/** One page of each kind. */
export function formPages(context: PageContext): Document[] {
  const digest = { id: '20260302-a1', subject: 'Tides', date: ENTRY.date, zone: 'UTC' }
  return [
    renderIndex(context, [ENTRY], [1]),
    renderOlderPage(context, 1, [ENTRY], [1]),
    renderCollectionPage(context, { kind: 'tag', name: '潮汐', slug: '潮汐' }, [ENTRY], []),
    renderDigestPage(context, { ...digest, entries: [ENTRY], more: 0 }),
    renderDigestArchive(context, [{ ...digest, entries: 1 }]),
    renderSubscribePage(context, []),
  ]
}
