/** The tags of a record such as `v=DKIM1; k=rsa; p=…` (RFC 6376, section 3.2; RFC 9989, section 4.7), names lower-cased. */
export function readTags(record: string): Map<string, string> {
  const pairs = record.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=')
    return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]]
  })
  return new Map(pairs)
}
