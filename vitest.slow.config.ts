import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { defineConfig } from 'vitest/config'

const long = { testTimeout: 1_800_000, hookTimeout: 300_000, globalSetup: 'test/support/temporary.ts' }
const properties = globSync('test/**/*.test.ts', { ignore: 'test/slow/**' }).filter((path) =>
  readFileSync(path, 'utf8').includes('fc.assert'),
)

// Other inputs each time; `npm test` tries the same ones.
process.env['FUZZ_SEED'] ??= String(Date.now() % 1_000_000)

export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      { test: { ...long, name: 'slow', include: ['test/slow/**/*.test.ts'] } },
      { test: { ...long, name: 'random', include: properties, setupFiles: 'test/support/seed.ts', isolate: false } },
    ],
  },
})
