/**
 * Plain text for an RSS element of which readers disagree whether it is HTML. The RSS Advisory Board's profile
 * (data-types-characterdata) found hexadecimal references to be read rightly by most of them.
 */
export function escapeForRss(text: string): string {
  return text.replace(/&/g, '&#x26;').replace(/</g, '&#x3C;').replace(/>/g, '&#x3E;')
}

/** Text in a CDATA section; each `]]>` in it is parted between two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
