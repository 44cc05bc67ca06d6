import { existsSync, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { oneLine } from '../problem.ts'
import { isZone } from '../schedule.ts'
import type { SeenSite } from '../setup/seen-site.ts'
import { type SetUp, setUp } from '../setup/set-up.ts'
import type { Context, ExitCode } from './context.ts'

export interface InitOptions {
  title?: string
  url?: string
  from?: string
  smtp?: string
  articles?: string
  schedule?: string
  yes?: boolean
  json?: boolean
}

/** `feedwire init`: writes the settings of a site, asking a person what neither options nor the folder tell. */
export async function initCommand(
  context: Context,
  folder: string | undefined,
  { yes = false, json = false, ...given }: InitOptions,
): Promise<ExitCode> {
  const dir = resolve(context.cwd, folder ?? '.')
  const { ask } = context
  const isAsked = ask !== undefined && !yes && !json
  const print = json ? () => undefined : (line: string) => context.print(oneLine(line))
  const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const done = await setUp(dir, {
    given,
    ask: isAsked ? ask : null,
    complain: (line) => context.complain(oneLine(line)),
    tell: (seen) => {
      seenLines(seen).forEach(print)
    },
    now: context.clock(),
    timezone: isZone(machineZone) ? machineZone : 'UTC',
  })
  const next = nextCommands(dir, folder, context.environment)
  if (json) context.print(JSON.stringify({ folder: dir, ...done, next }, null, 2))
  else doneLines(done, next).forEach(print)
  return 0
}

const PROGRAMS = {
  hexo: 'a site of Hexo',
  hugo: 'a site of Hugo',
  jekyll: 'a site of Jekyll',
  astro: 'a site of Astro',
  vitepress: 'a site of VitePress or VuePress',
  eleventy: 'a site of Eleventy',
  zola: 'a site of Zola',
  obsidian: 'a vault of Obsidian',
} as const

function seenLines({ program, config, articles, hasArticles }: SeenSite): string[] {
  if (program !== 'plain') return [`This is ${PROGRAMS[program]}${config === null ? '' : `, by ${config}`}.`]
  return hasArticles ? [`There are articles in ${articles === '.' ? 'this folder' : articles}.`] : []
}

function doneLines({ written, notes, answers }: SetUp, next: readonly string[]): string[] {
  const [look = '', cron = ''] = next
  return [
    `Wrote ${grouped(written).join(', ')}.`,
    ...(answers.mail === 'outbox' ? ['Letters become files in outbox/ until a mail server is set.'] : []),
    ...notes,
    '',
    'See what a run would do:',
    `  ${look}`,
    'Then put this line into your crontab (crontab -e):',
    `  ${cron}`,
  ]
}

/** Templates are one item. */
function grouped(paths: readonly string[]): string[] {
  // The settings were written last and are what is to be looked at first.
  const ordered = [...paths.slice(-1), ...paths.slice(0, -1)]
  const folders = ordered.map((path) => path.replace(/^((?:.*\/)?(?:feedwire-)?templates\/).*$/s, '$1'))
  return [...new Set(folders)]
}

/** The command to be tried next, and the line for cron. */
function nextCommands(dir: string, folder: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  const isByNpx = environment['npm_command'] === 'exec'
  const feedwire = isByNpx ? 'npx feedwire' : 'feedwire'
  const path = pathForCron([isByNpx ? 'npx' : 'feedwire', 'node'], environment['PATH'] ?? '')
  const go = folder === undefined ? '' : `cd ${quoted(folder)} && `
  // cron takes "%" for the end of a line (crontab(5)).
  const command = `cd ${quoted(dir)} && ${path}${feedwire} run --quiet`.replaceAll('%', '\\%')
  return [`${go}${feedwire} run --dry-run`, `*/15 * * * * ${command}`]
}

/** Where cron looks by itself. */
const CRON_PATH = ['/usr/bin', '/bin']

/** Sets PATH so that cron finds these programs where the shell found them; empty when it does anyway. */
function pathForCron(programs: readonly string[], path: string): string {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder))
  const found = programs.flatMap((name) => folders.find((folder) => existsSync(join(folder, name))) ?? [])
  // A version manager may make a link for each session.
  const others = [...new Set(found.map((folder) => realpathSync(folder)))].filter(
    (folder) => !CRON_PATH.includes(folder),
  )
  return others.length === 0 ? '' : `PATH=${quoted(others.join(':'))}:$PATH `
}

/** A word of a shell. */
function quoted(path: string): string {
  return /^[\w./@%+:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
