import { describe, expect, test } from 'vitest'
import { Room } from '../../../src/gather/remote/room.ts'

/** Asks for room, and says which of the works have begun. */
function asking(room: Room, ...expected: number[]): () => Promise<number[]> {
  const begun: number[] = []
  for (const [index, size] of expected.entries()) void room.begin(size).then(() => begun.push(index))
  return async () => {
    await new Promise(setImmediate)
    return begun
  }
}

describe('Room lets work begin', () => {
  test('in its order, for as long as there is room', async () => {
    const begun = asking(new Room(10), 4, 4, 4, 1)
    expect(await begun()).toEqual([0, 1])
  })

  test('when what was done holds less than it was reckoned with', async () => {
    const room = new Room(10)
    const begun = asking(room, 4, 4, 4, 4)
    room.done(4, 1)
    expect(await begun()).toEqual([0, 1, 2])
    room.done(4, 0)
    expect(await begun()).toEqual([0, 1, 2, 3])
  })

  test('not while what was done waits to be taken, but once it is', async () => {
    const room = new Room(10)
    const begun = asking(room, 4, 4, 4)
    room.done(4, 9)
    room.done(4, 1)
    expect(await begun()).toEqual([0, 1])
    room.taken(9)
    expect(await begun()).toEqual([0, 1, 2])
  })

  test('that needs more than there is, once it is alone', async () => {
    const room = new Room(10)
    const begun = asking(room, 4, 20, 1)
    expect(await begun()).toEqual([0])
    room.done(4, 0)
    expect(await begun()).toEqual([0, 1])
    room.done(20, 20)
    room.taken(20)
    expect(await begun()).toEqual([0, 1, 2])
  })
})
