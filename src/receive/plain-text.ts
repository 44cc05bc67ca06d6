const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' }

/** The words of the HTML of a report, line by line. */
export function plainText(html: string): string {
  return visible(html)
    .replace(/<(?:br|\/?(?:p|div|tr|li|table|h[1-6]|pre|blockquote))\b[^<>]*>/gi, '\n')
    .replace(/<[!/a-z][^<>]*>/gi, '')
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi,
      (entity, decimal?: string, hex?: string, name = '') => {
        if (decimal === undefined && hex === undefined) return ENTITIES[String(name).toLowerCase()] ?? entity
        const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
        return code <= 0x10ffff ? String.fromCodePoint(code) : entity
      },
    )
    .replace(/[^\S\n]+/g, ' ')
}

/** HTML without what no reader shows. */
function visible(html: string): string {
  let hidden: string | null = null
  const shown = html.split(/(<\/?(?:style|script|title)\b[^<>]*>)/i).filter((piece) => {
    const [, slash, name = ''] = /^<(\/?)(style|script|title)\b/i.exec(piece) ?? []
    if (slash === undefined) return hidden === null
    if (slash === '') hidden ??= name.toLowerCase()
    else if (hidden === name.toLowerCase()) hidden = null
    return false
  })
  return shown.join(' ')
}
