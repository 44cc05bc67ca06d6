/**
 * Carries texts past a serialiser that would garble them. The serialiser is given names such as `slot:7;`, which pass
 * through text, attributes, CDATA and `new URL()` unchanged, and each name then gives way to markup of our own. Until
 * `fill` its output holds nothing from outside, so that its markup can be edited as a string.
 */
export class Slots {
  readonly #markup: string[] = []

  /** Keeps ready-made XML for its place. @returns the name that stands for it */
  put(markup: string): string {
    return `slot:${String(this.#markup.push(markup) - 1)};`
  }

  /** Puts every text in its place, over the CDATA section around its name if there is one. */
  fill(document: string): string {
    return document.replace(/<!\[CDATA\[slot:(\d+);\]\]>|slot:(\d+);/g, (_, inCdata?: string, bare?: string) => {
      const markup = this.#markup[Number(inCdata ?? bare)]
      if (markup === undefined) throw new Error(`No text was kept for slot ${String(inCdata ?? bare)}`)
      return markup
    })
  }
}
