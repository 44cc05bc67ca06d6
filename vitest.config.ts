import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { serverProgram } from './test/support/server-program.ts'

/** Files that take long, the longest first. */
const LONG = [
  'newsboat',
  'crash',
  'docs-commands',
  'signals',
  'preferences-run',
  'digest/due-year',
  'journey',
  'browser',
  'pages/subscribe-form.browser',
  'deliver/judges',
  'web/browser',
  'letter-look',
  'daemon',
  'package',
  'publication',
].map((name) => `/test/${name}.test.ts`)

/** Files that take long begin first, so that at the end none of them is waited for alone. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((path) => moduleId.endsWith(path))
      return place === -1 ? LONG.length : place
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

const common = {
  exclude: ['test/slow/**', '**/node_modules/**'],
  // For what hangs; a machine that has much else to do may take its time.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  // Files of one process share what they import, which takes longer than most of the tests.
  isolate: false,
  restoreMocks: true,
  unstubEnvs: true,
  globalSetup: ['test/support/temporary.ts'],
  setupFiles: ['test/support/seed.ts'],
}

/** What is said of a store that is a file. */
const OF_FILES = [
  ...['backup', 'elsewhere-property', 'kept', 'migration-members', 'open', 'path-table', 'postgres-fault'],
  ...['restore*', 'upgrade', 'write-copy'],
]

/** What goes through the store from end to end. */
const WHOLE_LINE = [
  ...['daemon', 'digests', 'endpoint', 'golden', 'job', 'publication'],
  ...['cli-entries', 'cli-status', 'cli-subscribers', 'web/command'],
  ...[
    'deliver/deliver',
    'deliver/desk',
    'deliver/notices',
    'deliver/pace',
    'web/confirm',
    'web/preferences',
    'alerts/watch',
  ],
]

/** Files that a second run, on another Node, leaves out. What the command line excludes counts for no project. */
const WITHOUT = (process.env['WITHOUT'] ?? '').split(' ').filter((path) => path !== '')

const onFiles = {
  test: {
    ...common,
    name: 'sqlite',
    include: ['test/**/*.test.ts'],
    exclude: [...common.exclude, 'test/server/**', ...WITHOUT],
  },
}

/** The same tests of all that goes through the store, on a PostgreSQL server that they start. */
const onServer = {
  test: {
    ...common,
    name: 'postgres',
    include: [
      'test/server/**/*.test.ts',
      'test/remember/**/*.test.ts',
      ...WHOLE_LINE.map((name) => `test/${name}.test.ts`),
    ],
    exclude: [...common.exclude, ...OF_FILES.map((name) => `test/remember/${name}.test.ts`)],
    setupFiles: [...common.setupFiles, 'test/support/server-stores.ts'],
    globalSetup: [...common.globalSetup, 'test/support/server-start.ts'],
  },
}

// Where it counts nothing is left out: there a missing server is a fault.
const hasServer = process.env['CI'] !== undefined || serverProgram('initdb') !== null
if (!hasServer) console.warn('PostgreSQL is not installed: the tests that need its server are left out')

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    // Some wait for clocks and other programs; meanwhile there is one more to make use of the machine.
    maxWorkers: availableParallelism() + 1,
    projects: hasServer ? [onFiles, onServer] : [onFiles],
  },
})
