/** Work of which one is done at a time. */
export interface OneAtATime {
  /** Does the work; when it is under way, once more after it. Resolves when all that was asked for is done. */
  ask: () => Promise<void>
  /** Resolves once nothing is under way. */
  rest: () => Promise<void>
}

export function oneAtATime(work: () => Promise<void>): OneAtATime {
  let asked = 0
  let atWork: Promise<void> | null = null
  const all = async (): Promise<void> => {
    for (let done = 0; done !== asked;) {
      done = asked
      await work()
    }
  }
  return {
    ask: () => {
      asked++
      atWork ??= all().finally(() => {
        atWork = null
        asked = 0
      })
      return atWork
    },
    rest: () => atWork ?? Promise.resolve(),
  }
}
