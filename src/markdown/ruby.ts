/** Readings set beside a word come in parentheses, unless the author wrote these in `<rp>`. */
export class Ruby {
  #isOpen = false

  /** What a tag adds to the text, whose end `before` is. */
  tag(name: string, isClosing: boolean, before: string): string {
    if (name === 'rt' && !isClosing) return this.#begin(before)
    if (name === 'ruby' || name === 'rt' || name === 'rb' || name === 'rp') return this.#finish()
    return ''
  }

  #begin(before: string): string {
    const finished = this.#finish()
    if (/[(（【[〔]\s*$/.test(before)) return finished
    this.#isOpen = true
    return `${finished}(`
  }

  #finish(): string {
    if (!this.#isOpen) return ''
    this.#isOpen = false
    return ')'
  }
}
