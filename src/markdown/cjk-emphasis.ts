import type { MarkdownIt } from 'markdown-it'

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/**
 * Emphasis beside Chinese, Japanese and Korean, which write no spaces: in `**潮汐：**涨` CommonMark 6.2 sees no end of
 * emphasis, since a letter follows the punctuation.
 */
export function cjkEmphasis(markdown: MarkdownIt): void {
  const State = markdown.inline.State
  markdown.inline.State = class extends State {
    override scanDelims(start: number, canSplitWord: boolean): ReturnType<InstanceType<typeof State>['scanDelims']> {
      const run = super.scanDelims(start, canSplitWord)
      if (!canSplitWord || (run.can_open && run.can_close)) return run
      const before = this.src.charAt(start - 1)
      const after = this.src.charAt(start + run.length)
      return {
        ...run,
        can_open: run.can_open || (CJK.test(before) && /\S/.test(after)),
        can_close: run.can_close || (CJK.test(after) && /\S/.test(before)),
      }
    }
  }
}
