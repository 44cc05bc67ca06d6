import { Problem } from '../problem.ts'

/** Bytes by which the encoding is told. */
const SAMPLE = 64 * 1024

/**
 * The text of a list, part by part: UTF-8, UTF-16, or windows-1252 when it is neither; line ends are `\n` or `\r\n`.
 * @param place how messages name the list
 * @throws {Problem} `argument-archive`
 */
export async function* readText(bytes: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<string> {
  let decoder: ((part?: Uint8Array) => string) | null = null
  let first = new Uint8Array()
  for await (const part of bytes) {
    if (decoder !== null) {
      yield decoder(part)
      continue
    }
    first = Buffer.concat([first, part])
    if (first.length < SAMPLE) continue
    decoder = decoderFor(first, place)
    yield decoder(first)
  }
  if (decoder === null) {
    decoder = decoderFor(first, place)
    yield decoder(first)
  }
  yield decoder()
}

function decoderFor(sample: Uint8Array, place: string): (part?: Uint8Array) => string {
  refuseArchive(sample, place)
  const label = encodingOf(sample)
  const start = new TextDecoder(label).decode(sample, { stream: true })
  // The spreadsheets of old Macs ended their lines like this.
  const isOldMac = start.includes('\r') && !start.includes('\n')
  const decoder = new TextDecoder(label)
  return (part) => {
    const text = part === undefined ? decoder.decode() : decoder.decode(part, { stream: true })
    return isOldMac ? text.replaceAll('\r', '\n') : text
  }
}

const ARCHIVES = [
  { starts: [0x50, 0x4b, 0x03, 0x04], mend: 'unpack it first, and import each list in it; of a spreadsheet, save CSV' },
  { starts: [0x1f, 0x8b], mend: 'unpack it first' },
]

function refuseArchive(sample: Uint8Array, place: string): void {
  const archive = ARCHIVES.find(({ starts }) => starts.every((byte, index) => sample[index] === byte))
  if (archive === undefined) return
  throw new Problem('argument-archive', 'This is an archive, not a list', { where: place, mend: archive.mend })
}

function encodingOf(sample: Uint8Array): string {
  const [first, second] = sample
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  // Half of the bytes of an address in UTF-16 are zeros.
  if (Math.max(even, odd) > sample.length / 4) return odd > even ? 'utf-16le' : 'utf-16be'
  return isUtf8(sample) ? 'utf-8' : 'windows-1252'
}

function isUtf8(sample: Uint8Array): boolean {
  try {
    // The end may cut a character.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}
