import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { Problem } from '../problem.ts'

/** Asks a person, and gives the answer; an empty one is the fallback, which is shown. */
export type Ask = (question: string, fallback: string) => Promise<string>

/**
 * A conversation at a terminal; lines typed ahead answer the next questions. Between questions nothing waits for input,
 * so that the process may end. An answer throws Problem `argument-answer` when the person has ended it (^C, ^D), or the
 * signal has.
 */
export function conversation(input: Readable, output: Writable, signal: AbortSignal): Ask {
  const reader = createInterface({ input, output })
  let isOpen = true
  const leave = (): void => {
    reader.close()
  }
  reader.once('SIGINT', leave).once('close', () => {
    isOpen = false
  })
  const lines = reader[Symbol.asyncIterator]()
  signal.addEventListener('abort', leave)
  if (signal.aborted) leave()
  return async (question, fallback) => {
    // Once it is closed, newer Node refuses to be asked; lines may be left all the same.
    if (isOpen) {
      reader.setPrompt(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `)
      reader.prompt()
    }
    const answer: IteratorResult<string, unknown> = await lines.next()
    if (isOpen) reader.pause()
    if (answer.done !== true) return answer.value.trim() === '' ? fallback : answer.value
    output.write('\n')
    const mend = 'begin again, or give the answers as options; feedwire init --help names them'
    throw new Problem('argument-answer', 'The questions were not answered; nothing was written', { mend })
  }
}
