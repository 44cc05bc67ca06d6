/** A field of a header, or of a report for programs. */
export interface Field {
  /** In lower case. */
  name: string
  /** On one line. */
  value: string
}

/** Lines that are read of a header or a report. */
const MOST_LINES = 2000

/** Every value of a field, in its order. */
export function valuesOf(fields: readonly Field[], ...names: string[]): string[] {
  return fields.filter(({ name }) => names.includes(name)).map(({ value }) => value)
}

/** The first value of a field; empty when there is none. */
export function valueOf(fields: readonly Field[], name: string): string {
  return fields.find((field) => field.name === name)?.value ?? ''
}

/** One line of fields: a field or a line without one; `null` stands for a blank line. */
export function readLines(text: string): (Field | null)[] {
  const lines: (Field | null)[] = []
  let open: Field | null = null
  for (const line of text.split('\n', MOST_LINES)) {
    if (line.trim() === '') {
      lines.push(null)
      open = null
    } else if (/^[ \t]/.test(line) && open !== null) {
      open.value = `${open.value} ${line.trim()}`.trim()
    } else {
      const [, name, value = ''] = /^[ \t]*([a-z][\w-]{0,60})[ \t]*:(.*)$/i.exec(line) ?? []
      open = name === undefined ? null : { name: name.toLowerCase(), value: value.trim() }
      if (open !== null) lines.push(open)
    }
  }
  return lines
}

/** The fields of the header with which a message that came back begins. */
export function headerOf(message: string): Field[] {
  const lines = readLines(message.replace(/^\s+/, ''))
  const end = lines.indexOf(null)
  return lines.slice(0, end === -1 ? undefined : end).filter((line) => line !== null)
}

/** Every field of a text, wherever it stands. */
export function fieldsIn(text: string): Field[] {
  return readLines(text).filter((line) => line !== null)
}

/** ASCII alone, since Chinese stands right before an address without a space. */
const ADDRESS = /[\w.!#$%&*+/=?^`{|}~-]{1,80}@[a-z\d](?:[a-z\d.-]{0,250}[a-z\d])?/gi

/** The addresses in a value such as `rfc822; <ada@example.org>`, each once. */
export function addressesIn(text: string): string[] {
  const found = text.slice(0, 10_000).match(ADDRESS) ?? []
  // Exchange writes SMTP=ada@example.org.
  return [...new Set(found.map((address) => address.replace(/^smtp=/i, '')))]
}
