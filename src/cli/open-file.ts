import { spawn } from 'node:child_process'

/** Shows a file in the program that the desktop has for it, and does not wait; without a desktop nothing happens. */
export function openFile(path: string): void {
  const [command, ...before] = OPENERS[process.platform] ?? ['xdg-open']
  if (command === undefined) return
  const child = spawn(command, [...before, path], { detached: true, stdio: 'ignore' })
  child.on('error', () => {
    // The path was printed, too.
  })
  child.unref()
}

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}
