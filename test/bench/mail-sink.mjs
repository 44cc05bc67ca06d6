import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Connections that may wait to be accepted. */
const BACKLOG = '1000'
/** How long a sink may take to begin or to end, and how often it is looked at, in milliseconds. */
const PATIENCE = 10_000
const STEP = 50

/**
 * Postfix's `smtp-sink`, which takes every letter and keeps none.
 * @typedef {object} Sink
 * @property {number} port
 * @property {() => number} count how many letters it has taken
 * @property {(wanted: number) => Promise<number>} taken the same; waits a while for so many
 * @property {() => Promise<void>} close
 */

/** Whether this machine has Postfix's test programs. */
export function hasSink() {
  return existsSync(programOf('smtp-sink')) || spawnSync('smtp-sink', ['-?']).error === undefined
}

/**
 * The path of a program of Postfix, which Debian puts where only root looks.
 * @param {string} name
 */
export function programOf(name) {
  const path = `/usr/sbin/${name}`
  return existsSync(path) ? path : name
}

/**
 * @param {string} dir where it notes what it took
 * @param {number} wait how long it takes for a letter, in whole seconds
 * @returns {Promise<Sink>}
 */
export async function startSink(dir, wait = 0) {
  const port = await freePort()
  const note = join(dir, 'sink.txt')
  const file = openSync(note, 'w')
  // It takes no orders from root.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const slow = wait > 0 ? ['-w', String(wait)] : []
  const child = spawn(programOf('smtp-sink'), [...user, ...slow, '-c', `127.0.0.1:${port}`, BACKLOG], {
    stdio: ['ignore', file, 'inherit'],
  })
  closeSync(file)
  await isListening(port)
  const count = () => Number(/mesg=(\d+)\s*$/.exec(readFileSync(note, 'utf8').slice(-200))?.[1] ?? 0)
  return {
    port,
    count,
    taken: async (wanted) => {
      for (let waited = 0; waited < PATIENCE && count() !== wanted; waited += STEP) await setTimeout(STEP)
      return count()
    },
    close: async () => {
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a server on an address has a port')
  return address.port
}

/** @param {number} port */
async function isListening(port) {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'data').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await setTimeout(STEP)
  }
  throw new Error('smtp-sink does not begin')
}
