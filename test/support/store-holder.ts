import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { scriptOf } from './script.ts'

const HOLDER = await scriptOf('hold-store.ts')

/** Another process that has a store open. */
export interface StoreHolder {
  /** Resolves once it has ended. */
  end(): Promise<void>
}

/** Starts a process that has a store open, and writes to it all the time or not at all. */
export async function holdStore(path: string, task: 'write' | 'idle' = 'idle'): Promise<StoreHolder> {
  const child = spawn(execPath, [HOLDER, path, task], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  return {
    end: async () => {
      child.stdin.end()
      await ended
    },
  }
}
