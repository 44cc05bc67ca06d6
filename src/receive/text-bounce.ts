import { addressesIn, valueOf, valuesOf } from './fields.ts'
import { hasFailureSubject, humanText, isFromSystem } from './origin.ts'
import { type Failure, type Understood, bounceOf } from './outcome.ts'
import type { ParsedMail } from './parse.ts'
import { findingsOf } from './phrases.ts'
import { classOf, isTelling, isVague, statusIn, tellingLine } from './status.ts'

/** A line that begins what is said of one recipient: qmail, Postfix and Exim all do so. */
const SECTION = /^(?=[ \t]*<?[^\s<>():;,"]{1,80}@[\w.-]{1,255}>?[ \t]*(?:\(.{0,300}\))?:?(?:[ \t]|$))/m

const DELAYED =
  /(?:will|to) (?:continue|keep) (?:re-?)?(?:trying|to try|attempting)|will (?:be )?re-?tr(?:y|ied)|not yet (?:been )?delivered|(?:has|have) been delayed|(?:delivery|message).{0,40}\bdelayed|warning (?:message )?only|(?:not|n't) need to re-?send|keep trying|still (?:being|undelivered|trying)|could not send message for past|(?:will be attempted|attempts will continue)|延迟|将继续尝试/i
const FINAL =
  /giv(?:en|ing) up|gave up|not going to try|permanent(?:ly)? (?:fatal|fail|error)|too long|retry time(?:out)? |undeliverable message|cancell?ed|no (?:further|more) (?:attempts|retries)|未能送达/i
/** Words that say no more than that it failed. */
const FAILED =
  /(?:not|n.t|unable to|cannot|failed to) (?:be |been |able to )?(?:deliver|send|sent|reach)|undeliver|(?:delivery|message)[^.]{0,60}(?:fail|return)|退信|退回|(?:无法|未能|不能|失败|沒有|没有)[^。]{0,10}(?:投递|送达|发送|递送)|(?:投递|发送)[^。]{0,10}(?:失败|不成功)/i

/** Understands a report that is written for people only, as qmail, Exim and many others write; null when it is none. */
export function readTextBounce(mail: ParsedMail): Understood | null {
  if (!isFromSystem(mail)) return null
  const text = humanText(mail)
  const subject = valueOf(mail.fields, 'subject')
  if (DELAYED.test(`${subject}\n${text}`) && !FINAL.test(text)) return { kind: 'delayed' }
  const failures = failuresIn(text)
  const named = valuesOf(mail.fields, 'x-failed-recipients').flatMap(addressesIn)
  if (failures.length > 0) return bounceOf(withNamed(failures, named), mail)
  const isReport = hasFailureSubject(mail.fields) || named.length > 0 || FAILED.test(text)
  const whole = failureOf(text, named.length > 0 ? named : addressesIn(text))
  return isReport || isTelling(text) ? bounceOf([whole], mail) : null
}

/** What is said of each recipient who has a section; sections that say nothing take what stands behind them. */
function failuresIn(text: string): Failure[] {
  const [preface = '', ...sections] = text.split(SECTION)
  const all = sections.map((section) => failureOf(section, addressesIn(section.split('\n', 1)[0] ?? '')))
  const isSaid = sections.some(isTelling)
  if (sections.length > 0 && isSaid) return all.filter((_failure, index) => isTelling(sections[index] ?? ''))
  return isTelling(preface) && sections.length > 0
    ? [
        failureOf(
          text,
          all.flatMap(({ recipients }) => recipients),
        ),
      ]
    : []
}

/** Exim names in its header who failed, and in the text also to whom they forward. */
function withNamed(failures: readonly Failure[], named: readonly string[]): Failure[] {
  const [first, ...rest] = failures
  if (first === undefined || rest.length > 0) return [...failures]
  return [{ ...first, recipients: [...new Set([...named, ...first.recipients])] }]
}

function failureOf(words: string, recipients: readonly string[]): Failure {
  const findings = findingsOf(words)
  const status = statusIn(words)
  return {
    recipients: recipients.filter((address) => !/^(?:postmaster|mailer-daemon|abuse|support)@/i.test(address)),
    class: classOf(status, findings),
    status: status !== null && isVague(status) ? null : status,
    reason: tellingLine(words),
  }
}
