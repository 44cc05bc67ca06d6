import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { expect } from 'vitest'
import { filesBelow, tempFolder } from './folder.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One page of each kind. */
export const KINDS = ['front', 'older', 'tag', 'subscribe', 'digests', 'digest'] as const
export type Kind = (typeof KINDS)[number]

/** What the built program makes of the articles and settings of the repository; all are paths. */
export interface SampleSite {
  pages: Record<Kind, string>
  /** The HTML of the letter to the first reader. */
  letter: string
}

/** Publishes the sample site in a folder of its own. */
export async function publishSample(): Promise<SampleSite> {
  const dir = tempFolder()
  for (const path of ['articles', 'templates', 'feedwire.config.yaml']) {
    cpSync(join(ROOT, path), join(dir, path), { recursive: true })
  }
  const { status } = spawnSync(execPath, [join(ROOT, 'dist/main.js'), 'run'], { cwd: dir })
  expect(status).toBe(0)
  const site = join(dir, 'public')
  const [path = ''] = filesBelow(join(dir, 'outbox'))
  const { html } = await simpleParser(readFileSync(join(dir, 'outbox', path)))
  const letter = join(dir, 'letter.html')
  writeFileSync(letter, html === false || html === undefined ? '' : html)
  const digest = filesBelow(site).find((name) => /^digests\/\d.*html$/.test(name)) ?? ''
  const pages = {
    front: join(site, 'index.html'),
    older: join(site, 'page/1.html'),
    tag: join(site, 'tags/可靠性/index.html'),
    subscribe: join(site, 'subscribe.html'),
    digests: join(site, 'digests/index.html'),
    digest: join(site, digest),
  }
  return { pages, letter }
}
