import { simpleParser } from 'mailparser'

/** A letter as its reader has it. */
export interface JourneyLetter {
  to: string
  from: string
  subject: string
  text: string
  html: string
  /** Fields of the header by lower-cased name, unfolded, without their names. */
  fields: Map<string, string>
  /** Every web address of the HTML and of the text, each once. */
  links: string[]
}

/** Reads a letter as a mail program does. */
export async function readJourneyLetter(raw: Buffer): Promise<JourneyLetter> {
  const mail = await simpleParser(raw)
  const fields = mail.headerLines.map(({ key, line }): [string, string] => {
    return [key, line.replace(/\r?\n(?=[ \t])/g, '').replace(/^[^:]*:\s*/, '')]
  })
  const html = mail.html || ''
  const text = mail.text ?? ''
  const inHtml = [...html.matchAll(/\shref="(https?:[^"]+)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&'))
  const inText = [...text.matchAll(/https?:\S+/g)].map(([link]) => link)
  return {
    ...{ to: addressIn(mail.to), from: addressIn(mail.from), subject: mail.subject ?? '', text, html },
    ...{ fields: new Map(fields), links: [...new Set([...inHtml, ...inText])] },
  }
}

/** The one letter that came; more or fewer are a fault. */
export function onlyLetter(letters: readonly JourneyLetter[]): JourneyLetter {
  const [letter, ...others] = letters
  if (letter !== undefined && others.length === 0) return letter
  throw new Error(`there came ${letters.length} letters: ${letters.map(({ subject }) => subject).join('; ')}`)
}

/** The link to one kind of page of a reader: `c` to confirm, `p` to choose, `u` to leave. */
export function linkTo(kind: 'c' | 'p' | 'u', { links }: JourneyLetter): string {
  const [link, ...others] = links.filter((one) => new URL(one).pathname.startsWith(`/${kind}/`))
  if (link === undefined || others.length > 0)
    throw new Error(`the letter has not one link to ${kind}: ${links.join()}`)
  return link
}

/** The ways to leave that the header tells mail programs (RFC 2369), in its order. */
export function leavingWays({ fields }: JourneyLetter): string[] {
  return [...(fields.get('list-unsubscribe') ?? '').matchAll(/<([^>]*)>/g)].map(([, way = '']) => way)
}

function addressIn(field: { text: string } | { text: string }[] | undefined): string {
  return [field ?? []]
    .flat()
    .map(({ text }) => text)
    .join()
}
