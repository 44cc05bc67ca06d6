/** A whole subject by which readers ask to be taken off a list, in the languages of our texts and of many readers. */
const SUBJECT = new RegExp(
  [
    '^(?:',
    [
      '(?:please |pls )?(?:unsubscribe|un-subscribe)(?: me)?(?: please)?|(?:please )?remove me|opt[ -]?out|signoff|leave',
      '(?:请|請)?(?:退订|退訂|取消订阅|取消訂閱)|配信停止|登録解除|購読解除|(?:구독|수신) ?(?:취소|거부|해지)',
      '(?:bitte )?(?:abmelden|abmeldung|abbestellen|austragen)|(?:se )?(?:désabonner|désinscrire|désinscription|désabonnement)',
      '(?:darse de )?baja|cancelar (?:la )?suscripción|(?:disiscrivi(?:mi)?|cancellami|disiscrizione)|cancelar (?:a )?(?:inscrição|assinatura)|descadastrar|remover',
      'отписаться|отписка|отпишите меня|uitschrijven|afmelden|avregistrera|avsluta prenumeration|afmeld|meld av|wypisz|peruuta tilaus|odhlásit',
    ].join('|'),
    ')$',
  ].join(''),
  'iu',
)
/** What programs put before the subject of an answer, or a list before any. */
const PREFIX = /^(?:(?:re|aw|sv|antw|fwd?|wg|odp|ynt|回复|答复|回覆)[:：]\s*|\[[^\]]{0,40}\]\s*)+/iu

/** How an answer begins that is no consent, in the languages of our texts and of many readers. */
const NO =
  /^(?:no|not|nope|never|stop|remove|delete|cancel|don'?t|do not|i did(?:n'?t| not)|it was(?:n'?t| not)|this was(?:n'?t| not)|spam|wrong|nein|nicht|non|ne|nie|niet|nej|нет|не|不|别|沒|没|取消|拒)(?=$|[^\p{L}\p{N}])|^(?:不|没|沒|别|取消|拒)|unsubscrib|退订|退訂/iu

/** True for the beginning of an answer by which its writer does not agree. */
export function saysNo(words: string): boolean {
  return NO.test(words)
}

/** The first line that somebody wrote themselves into an answer, without what it quotes; empty when there is none. */
export function ownWords(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? ''
  const isQuoted =
    /^\s*(?:>|-{2,}|_{5,}|on .{1,200}wrote:|am .{1,200}schrieb|le .{1,200}a écrit|from:|von:|de ?:|发件人|在 ?.{1,200}写道)/iu
  return isQuoted.test(line) ? '' : line.trim().slice(0, 200)
}

/** True for a subject that says nothing but that its writer wants to leave. */
export function asksToLeave(subject: string): boolean {
  const words = subject.trim().slice(0, 200).replace(PREFIX, '')
  return SUBJECT.test(words.replace(/^["'<[(]+|["'>\])!.。！]+$/gu, '').trim())
}
