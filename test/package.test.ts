import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { putFile, tempFolder } from './support/folder.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc')
const [, EXAMPLE = ''] = /```ts\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/library.md'), 'utf8')) ?? []
const packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))

/** An empty folder into which the tarball of the package is installed, and what was in the tarball. */
let dir = ''
let files: string[] = []

beforeAll(() => {
  dir = tempFolder()
  const store = tempFolder()
  // The build was made before the tests.
  const out = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', store], { cwd: ROOT })
  const [tarball] = packed.parse(JSON.parse(String(out)))
  files = tarball?.files.map(({ path }) => path) ?? []
  const install = ['i', '--prefer-offline', '--no-audit', '--no-fund', join(store, tarball?.filename ?? '')]
  execFileSync('npm', install, { cwd: dir, stdio: 'pipe' })
  rmSync(store, { recursive: true })
}, 240_000)

afterAll(() => {
  rmSync(dir, { recursive: true })
})

const npx = (...words: string[]): string =>
  execFileSync('npx', ['--no-install', 'feedwire', ...words], { cwd: dir, encoding: 'utf8' })

describe('the package', () => {
  test('holds the program, its templates, files for servers and deployments, and words for people', () => {
    const whole = [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'package.json',
      'dist/main.js',
      'dist/index.js',
      'dist/index.d.ts',
    ]
    expect(files).toEqual(expect.arrayContaining([...whole, 'dist/config.schema.json', 'docs/servers/nginx.conf']))
    for (const folder of ['templates', 'templates/texts', 'docs/deploy', 'docs/servers']) {
      for (const { name } of readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((one) => one.isFile())) {
        expect(files).toContain(`${folder}/${name}`)
      }
    }
  })

  test('holds no source, test or map', () => {
    const places = new Set(files.map((path) => path.replace(/[^/]*$/, '')))
    expect([...places].sort()).toEqual([
      '',
      'dist/',
      'dist/setup/',
      'docs/deploy/',
      'docs/servers/',
      'templates/',
      'templates/texts/',
    ])
    expect(files.filter((path) => /\.map$|(?<!\.d)\.ts$|\.db|\.env$/.test(path))).toEqual([])
  })

  test('sets up and runs a site by npx in an empty folder', () => {
    const said = npx('init', '--yes', '--title', 'Tide Notes', '--url', 'https://tides.example.org/')
    expect(said).toContain('npx feedwire run --dry-run')
    npx('run')
    expect(readFileSync(join(dir, 'public/feed.xml'), 'utf8')).toContain('<title>Tide Notes</title>')
    const [schema = ''] = /(?<=\$schema=).*/.exec(readFileSync(join(dir, 'feedwire.config.yaml'), 'utf8')) ?? []
    expect(existsSync(join(dir, schema))).toBe(true)
  })

  test('runs the program of docs/library.md', () => {
    putFile(dir, 'library/articles/ebb.md', '---\ntitle: Ebb\n---\nThe water leaves.\n')
    putFile(dir, 'library/run.mjs', EXAMPLE)
    const said = execFileSync(execPath, ['run.mjs'], { cwd: join(dir, 'library'), encoding: 'utf8' })
    expect(said).toBe('1\n')
    expect(readFileSync(join(dir, 'library/public/feed.xml'), 'utf8')).toContain('Ebb')
  })

  test('exports its schema, and nothing that is not meant to be', () => {
    const script = `
      const schema = await import('feedwire/config.schema.json', { with: { type: 'json' } })
      const inner = await import('feedwire/dist/main.js').catch((error) => error.code)
      console.log(schema.default.title, inner)`
    const words = ['--input-type=module', '--no-warnings', '-e', script]
    expect(execFileSync(execPath, words, { cwd: dir, encoding: 'utf8' })).toBe(
      'Settings of Feedwire ERR_PACKAGE_PATH_NOT_EXPORTED\n',
    )
  })
})

/** Each line that follows a mark must not compile. */
const WRONG = `
import { type RunReport, Problem, defineConfig, run } from 'feedwire'
const site = { title: 'A', url: 'https://a.example/' }
// @ts-expect-error a setting that there is not
defineConfig({ site, shedule: '@daily' })
// @ts-expect-error one further down
defineConfig({ site, feeds: { entrys: 3 } })
// @ts-expect-error a word that is none of a few
defineConfig({ site, digest: { weekday: 'friyay' } })
// @ts-expect-error a source of no kind
defineConfig({ site, sources: [{ dir: 'articles' }] })
// @ts-expect-error no site
defineConfig({})
// @ts-expect-error an option that there is not
await run({ configuration: 'x.yaml' })
// @ts-expect-error it may be null
const never: RunReport = await run()
export const names: string[] = [never.run.startedAt, new Problem('a', 'b', { mend: 'c' }).code]
`

const STRICT = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false }

describe("the package's types", () => {
  for (const [resolution, module] of [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ] as const) {
    test(`stand by themselves for moduleResolution ${resolution}`, () => {
      putFile(dir, 'types/example.mts', EXAMPLE)
      putFile(dir, 'types/wrong.mts', WRONG)
      const compilerOptions = { module, moduleResolution: resolution, target: 'es2022', types: [], ...STRICT }
      putFile(dir, 'types/tsconfig.json', JSON.stringify({ compilerOptions }))
      const options = { cwd: join(dir, 'types'), encoding: 'utf8' } as const
      const { status, stdout } = spawnSync(execPath, [TSC, '-p', '.'], options)
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    })
  }
})
