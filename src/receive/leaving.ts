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

/** True for a subject that says nothing but that its writer wants to leave. */
export function asksToLeave(subject: string): boolean {
  const words = subject.trim().slice(0, 200).replace(PREFIX, '')
  return SUBJECT.test(words.replace(/^["'<[(]+|["'>\])!.。！]+$/gu, '').trim())
}
