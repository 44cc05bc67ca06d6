/** What the pages of the web server say, as plain text. */
export interface WebTexts {
  /** BCP 47 tag of the texts. */
  language: string
  leaveHeading: string
  leaveText: string
  leaveButton: string
  leftHeading: string
  leftText: string
  brokenHeading: string
  brokenText: string
  failedHeading: string
  failedText: string
}

const EN: WebTexts = {
  language: 'en',
  leaveHeading: 'Unsubscribe',
  leaveText: 'Press the button, and you will get no more letters.',
  leaveButton: 'Unsubscribe',
  leftHeading: 'You are unsubscribed',
  leftText: 'You will get no more letters. You may close this page.',
  brokenHeading: 'This link is not whole',
  brokenText: 'Part of its address is missing or was changed. Open it again from the letter, or copy all of it.',
  failedHeading: 'That did not work',
  failedText: 'Nothing was changed. Please try again in a few minutes.',
}

const ZH: WebTexts = {
  language: 'zh',
  leaveHeading: '退订',
  leaveText: '按下按钮后，您不会再收到来信。',
  leaveButton: '退订',
  leftHeading: '您已退订',
  leftText: '您不会再收到来信，可以关闭本页。',
  brokenHeading: '链接不完整',
  brokenText: '地址缺了一段，或被改动过。请从来信中重新打开，或完整复制整个链接。',
  failedHeading: '没有成功',
  failedText: '什么都没有改动。请过几分钟再试。',
}

/** The texts in the language of a BCP 47 tag such as `zh-CN`; English when there are none. */
export function webTexts(language: string): WebTexts {
  return new Intl.Locale(language).language === 'zh' ? ZH : EN
}
