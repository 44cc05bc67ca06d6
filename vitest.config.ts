import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

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

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', '**/node_modules/**'],
    // For what hangs; a machine that has much else to do may take its time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Files of one process share what they import, which takes longer than most of the tests.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    sequence: { sequencer: LongFirst },
    // Some wait for clocks and other programs; meanwhile there is one more to make use of the machine.
    maxWorkers: availableParallelism() + 1,
  },
})
