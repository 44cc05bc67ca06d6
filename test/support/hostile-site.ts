import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Answer, BadServer } from './bad-server.ts'
import type { Certificate } from './certificates.ts'
import { putFile, tempFolder } from './folder.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** Lets a process say at its end how much memory it held at most, in KB. */
const TELLS = `data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))`

const REPORT = z.object({
  sources: z.array(
    z.object({
      name: z.string(),
      new: z.number(),
      problems: z.array(
        z.object({
          ...{ code: z.string(), where: z.string().nullable(), message: z.string(), mend: z.string() },
          severity: z.enum(['error', 'warning']),
        }),
      ),
    }),
  ),
  exitCode: z.number(),
})

/** What a run said of its sources, and what it cost. */
export interface Told {
  exitCode: number
  sources: z.infer<typeof REPORT>['sources']
  /** Most memory at a time, in MB. */
  peak: number
}

/** A site that follows feeds of hosts on this machine, each at an address of its own. */
export class HostileSite {
  readonly dir = tempFolder()
  /** By the name of its source. */
  readonly servers = new Map<string, BadServer>()
  /** How many bytes each answer took, by the name of its source. */
  readonly sent: { name: string; bytes: Promise<number> }[] = []
  readonly #sources: { kind: 'feed'; name: string; url: string }[] = []

  /** Adds a feed whose host answers so. */
  async follow(name: string, answer: Answer, tls: Certificate | null = null): Promise<void> {
    const server = await BadServer.start(`127.0.1.${this.servers.size + 1}`, 0, tls)
    server.answers['/feed'] = (socket, asked) => {
      const bytes = new Promise<number>((resolve) => socket.on('close', () => resolve(socket.bytesWritten)))
      this.sent.push({ name, bytes })
      answer(socket, asked)
    }
    this.servers.set(name, server)
    this.add(name, `${server.origin}/feed`)
  }

  /** Adds a feed by its address. */
  add(name: string, url: string): void {
    this.#sources.push({ kind: 'feed', name, url })
  }

  /** The built program in a process of its own. */
  async run(): Promise<Told> {
    const settings = {
      site: { title: 'Tide Notes', url: 'https://tides.example.org/' },
      sources: this.#sources,
      fetch: { allow: ['127.0.1.0/24'] },
    }
    putFile(this.dir, 'feedwire.config.yaml', JSON.stringify(settings))
    const child = spawn(execPath, ['--import', TELLS, MAIN, 'run', '--json'], {
      ...{ cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] },
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    const [, peak] = /^peak (\d+)$/m.exec(stderr) ?? []
    if (peak === undefined || stdout === '') throw new Error(`the run failed: ${stderr}`)
    return { ...REPORT.parse(JSON.parse(stdout)), peak: Number(peak) / 1024 }
  }

  async close(): Promise<void> {
    for (const server of this.servers.values()) await server.stop()
    rmSync(this.dir, { recursive: true })
  }
}
