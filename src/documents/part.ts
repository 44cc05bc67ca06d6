import type { Document } from '../site.ts'

/** Some of the documents of the site. */
export interface Part {
  /** All of them that are to stand when this publication is done. */
  standing: readonly string[]
  /** Those that are made anew, in this order. */
  paths: readonly string[]
  /** Makes them, one after the other. */
  each: () => AsyncIterable<Document>
}

/** A part whose documents are made one by one, each from what stands for it. */
export function partOf<T>(all: readonly T[], pathOf: (one: T) => string, more: Making<T>): Part {
  const made = all.filter(more.isDue)
  return {
    standing: all.map(pathOf),
    paths: made.map(pathOf),
    async *each() {
      for (const one of made) yield await more.make(one)
    },
  }
}

/** How the documents of a part come about. */
interface Making<T> {
  isDue: (one: T) => boolean
  make: (one: T) => Promise<Document>
}

async function* inTurn(documents: readonly Document[]): AsyncGenerator<Document> {
  for (const document of documents) yield await Promise.resolve(document)
}

/** A part of documents that are made already. */
export function readyPart(documents: readonly Document[]): Part {
  const paths = documents.map(({ path }) => path)
  return {
    standing: paths,
    paths,
    each: () => inTurn(documents),
  }
}
