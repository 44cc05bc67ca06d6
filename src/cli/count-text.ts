import type { Contents } from '../remember/backup.ts'

/** `1 letter`, `2 letters`. */
export function countText(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`
}

/** `340 entries, 120 subscribers, 1 digest`. */
export function contentsText({ entries, subscribers, digests }: Contents): string {
  return [
    countText(entries, 'entry', 'entries'),
    countText(subscribers, 'subscriber', 'subscribers'),
    countText(digests, 'digest', 'digests'),
  ].join(', ')
}
