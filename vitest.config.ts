import { defineConfig } from 'vitest/config'

const common = { exclude: ['test/slow/**', '**/node_modules/**'], testTimeout: 60_000, hookTimeout: 60_000 }

/** What is said of a store that is a file. */
const OF_FILES = ['backup', 'kept', 'migration-members', 'open', 'restore*', 'upgrade', 'write-copy']

/** What goes through the store from end to end. */
const WHOLE_LINE = [
  ...['archives', 'daemon', 'digests', 'endpoint', 'golden', 'job', 'notices', 'publication'],
  ...['cli-direct', 'cli-entries', 'cli-import', 'cli-status', 'cli-subscribers', 'web/command'],
  ...['deliver/deliver', 'deliver/notices', 'deliver/pace', 'web/confirm', 'web/preferences', 'alerts/watch'],
]

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      { test: { ...common, name: 'sqlite', include: ['test/**/*.test.ts'] } },
      {
        test: {
          ...common,
          name: 'postgres',
          include: ['test/remember/**/*.test.ts', ...WHOLE_LINE.map((name) => `test/${name}.test.ts`)],
          exclude: [...common.exclude, ...OF_FILES.map((name) => `test/remember/${name}.test.ts`)],
          setupFiles: 'test/support/server-stores.ts',
          globalSetup: 'test/support/server-start.ts',
        },
      },
    ],
  },
})
