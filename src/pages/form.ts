import { foldText } from '../markdown/text.ts'
import type { PageContext } from './context.ts'
import { pathFrom } from './links.ts'

/** Path of the script that answers the form without leaving the page. */
export const FORM_SCRIPT_PATH = 'subscribe.js'

/** The names of what `formView()` gives. */
export const FORM_NAMES = ['action', 'more', 'origin', 'script', 'source', 'note', 'privacy'] as const

type FormView = Record<(typeof FORM_NAMES)[number], string | null>

const NO_FORM: FormView = {
  action: null,
  more: null,
  origin: null,
  script: null,
  source: null,
  note: null,
  privacy: null,
}

/** The form by which readers subscribe on a page; all of it is null where no endpoint takes it. */
export function formView({ endpoint, site, texts }: PageContext, path: string): FormView {
  if (endpoint === null) return NO_FORM
  // Answers are in the language of the form, whatever else the browser would accept.
  const address = `${endpoint}subscribe?lang=${encodeURIComponent(texts.language)}`
  return {
    action: address,
    more: address,
    origin: new URL(endpoint).origin,
    script: pathFrom(path, FORM_SCRIPT_PATH),
    source: path,
    note: texts.say('form_note', { site: foldText(site.title) }),
    privacy: site.privacy,
  }
}
