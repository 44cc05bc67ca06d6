import type { Context } from '../../src/cli/context.ts'
import { program } from '../../src/cli/program.ts'
import type { Said } from './command.ts'

/** How a conversation went. */
export interface Talk extends Omit<Said, 'opened'> {
  /** Each question with its fallback. */
  asked: [question: string, fallback: string][]
}

/** Runs a command in this process for somebody who gives these answers in turn; '' takes the fallback. */
export async function talk(dir: string, answers: readonly string[], ...words: string[]): Promise<Talk> {
  const left = [...answers]
  const said: Omit<Talk, 'code'> = { out: '', err: '', asked: [] }
  const context: Context = {
    ...{ cwd: dir, environment: {}, clock: () => Date.UTC(2026, 2, 1), random: () => 0.5 },
    signal: new AbortController().signal,
    print: (line) => void (said.out += `${line}\n`),
    complain: (line) => void (said.err += `${line}\n`),
    ask: (question, fallback) => {
      said.asked.push([question, fallback])
      const answer = left.shift()
      return answer === undefined
        ? Promise.reject(new Error(`asked too much: ${question}`))
        : Promise.resolve(answer || fallback)
    },
  }
  const code = await program(words, context)
  return { code, ...said }
}
