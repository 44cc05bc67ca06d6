import { expect } from 'vitest'
import { feedwireAt } from './command.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { stateOf } from './site-state.ts'

export const BEFORE = '2026-01-31T12:00:00Z'
export const NOW = '2026-01-31T12:15:00Z'

/** A site with a store, whose readers get all, what is about tides, and all in Chinese. */
export async function begun(dir: string, more: Record<string, unknown> = {}): Promise<void> {
  const readers = ['ann@example.net', 'bob@example.net', { address: 'cid@example.net', topics: ['tag:tides'] }]
  gaugeSettings(dir, { subscribers: [...readers, { address: 'dan@example.net', language: 'zh' }], ...more })
  writeGauge(dir, 'old')
  await feedwireAt(dir, BEFORE, 'run')
}

/** Two new articles, one of them about tides. */
export function news(dir: string): void {
  writeGauge(dir, 'north', ['date: 2026-01-30', 'tags: [tides]'])
  writeGauge(dir, 'east', ['date: 2026-01-29'])
}

/** Looks at the folder and the store before and after some work. */
export async function expectUnchanged<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const before = await stateOf(dir)
  const result = await work()
  expect(await stateOf(dir)).toEqual(before)
  return result
}
