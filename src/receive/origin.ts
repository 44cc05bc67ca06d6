import { valueOf, valuesOf } from './fields.ts'
import type { ParsedMail } from './parse.ts'

/** Local parts from which mail servers write. */
const SYSTEM =
  /^[^@]{0,100}?(?:mailer-?daemon|mail-?daemon|post_?master|post_?office|mdaemon|double-?bounce|mail-?admin|mailmaster|mail-delivery|bounces?|ndr|microsoftexchange[\da-f]+|maildelivery)(?:[+=_.-][^@]{0,100})?@/i
const SYSTEM_NAME =
  /mail(?:er)?[ -]?(?:delivery|daemon|system|administrator|router)|delivery (?:sub)?system|system administrator|postmaster|退信|mail transport agent/i
/** Subjects of reports that something was not delivered. */
const SUBJECT =
  /undeliver|not deliver|non-?deliver|delivery (?:status|fail|has failed|error|problem|notification|report|delayed|unsuccessful)|(?:mail|message|delivery)\b.{0,30}(?:fail|return|reject|bounce|warning|error|not be)|fail(?:ure|ed).{0,20}(?:notice|mail|message|deliver)|return(?:ed)? (?:mail|to sender|message)|^\[?bounce|undelivered|user unknown|could not (?:be )?(?:send|sent|deliver)|退信|退回|投递失败|无法投递|發送失敗|無法傳送|配信(?:不能|エラー|に失敗)|返送|unzustellbar|zustell(?:ung|status)|non remis|non distribu|échec|no entregad|no se ha podido entregar|mancat[oa] recapito|impossibile recapitare|não entreg|falha|недоставлен|не доставлено|ошибка доставки/i

/** True for a mail that a mail server wrote, as far as its header tells. */
export function isFromSystem(mail: ParsedMail): boolean {
  const { fields } = mail
  const from = valuesOf(fields, 'from', 'sender').join(', ')
  const address = /<([^<>]*)>/.exec(from)?.[1] ?? from.trim()
  if (SYSTEM.test(`${address.trim()}${address.includes('@') ? '' : '@'}`)) return true
  if (SYSTEM_NAME.test(from) || valueOf(fields, 'x-failed-recipients') !== '') return true
  if (/multipart\/report/i.test(valueOf(fields, 'content-type'))) return true
  const isOwn = !/^\s*(?:re|aw|fwd?|wg|sv|tr|rv|转发|回复)\s*[:：]/i.test(valueOf(fields, 'subject'))
  const isProgram = hasNoSender({ fields }) || isAutomatic({ fields }) || returnedMessages(mail).length > 0
  return hasFailureSubject(fields) && isOwn && isProgram
}

/** True for a subject that tells of a failure, in whichever language. */
export function hasFailureSubject(fields: ParsedMail['fields']): boolean {
  return SUBJECT.test(valueOf(fields, 'subject'))
}

/** The null reverse path of notifications (RFC 5321, section 4.5.5), which Postfix hands to programs as a name. */
export function hasNoSender({ fields }: Pick<ParsedMail, 'fields'>): boolean {
  const path = fields.find(({ name }) => name === 'return-path')?.value.trim()
  return (path !== undefined && /^<?(?:mailer-daemon)?>?$/i.test(path)) || valueOf(fields, 'from').trim() === ''
}

/** RFC 3834, section 5. */
function isAutomatic({ fields }: Pick<ParsedMail, 'fields'>): boolean {
  return /^\s*auto-/i.test(valueOf(fields, 'auto-submitted'))
}

/** Where servers that write to people begin to quote what came back. */
const QUOTE = new RegExp(
  [
    '^[ \\t]*-+ ?(?:below this line is a copy|this is a copy of|original message|unsent message|returned message|message (?:header|text|body)|included is a copy|start of message|the header of|undelivered message|begin(?:ning)? of)',
    '^(?:message headers? follow|original message(?: headers?)?(?: follows)?|received message|the (?:original )?(?:text|message|header)s? of (?:the|your) (?:original )?(?:message|mail)|original headers|returned message follows|.{0,40}(?:copy of (?:the|your) (?:original )?message|your (?:original )?message (?:follows|reads|headers)|message contents follows)).{0,80}[:.]?[ \\t]*$',
    '^[ \\t>|]{0,4}(?:received:[ \\t]*(?:from|by|\\()|return-path:|message-id:[ \\t]*<|x-mailer:|list-id:|list-unsubscribe:|dkim-signature:|mime-version:[ \\t])',
  ].join('|'),
  'im',
)
/** What a report says to people, up to the message that came back. */
export function humanText({ text }: ParsedMail): string {
  return text.slice(0, quoteIn(text))
}

/** The messages that came back with a report, each from its header on. */
export function returnedMessages({ text, parts }: ParsedMail): string[] {
  const inParts = parts.filter(({ type }) => /rfc822|^message\/(?:global|news|partial)|global-headers/.test(type))
  const quoted = text.slice(quoteIn(text))
  const start = /^[ \t>|]{0,4}[a-z][\w-]{1,60}:/im.exec(quoted)
  return [...inParts.map((part) => part.text), ...(start === null ? [] : [quoted.slice(start.index)])]
}

function quoteIn(text: string): number {
  return QUOTE.exec(text)?.index ?? text.length
}
