import { expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { configSchema } from '../../src/config-schema.ts'
import type { Settings } from '../../src/setup/settings.ts'

test('Settings are what the schema takes', () => {
  expectTypeOf<Settings>().toEqualTypeOf<z.input<ReturnType<typeof configSchema>>>()
})
