import type { MarkdownIt } from 'markdown-it'

const HAN = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3001-\\u303f\\uff01-\\uff65“”《》'
/** What may stand before and behind `** 潮汐 **`, and at its edges; on one line. */
const BEFORE_SPACED = new RegExp(`(?:^|\\n|[${HAN}])$`, 'u')
const BEHIND_SPACED = new RegExp(`^(?:$|\\n|[${HAN}])`, 'u')
const OPENS_SPACED = new RegExp(`^[ \\t]{1,2}[${HAN}]`, 'u')
const CLOSES_SPACED = new RegExp(`[${HAN}][ \\t]{1,2}$`, 'u')
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/**
 * Emphasis beside Chinese, Japanese and Korean, which write no spaces: in `**潮汐：**涨` CommonMark 6.2 sees no end of
 * emphasis, since a letter follows the punctuation; and with spaces within, `** 潮汐 **`, which parsers of before CommonMark read.
 */
export function cjkEmphasis(markdown: MarkdownIt): void {
  const State = markdown.inline.State
  markdown.inline.State = class extends State {
    override scanDelims(start: number, canSplitWord: boolean): ReturnType<InstanceType<typeof State>['scanDelims']> {
      const run = super.scanDelims(start, canSplitWord)
      if (!canSplitWord || (run.can_open && run.can_close)) return run
      const end = start + run.length
      if (
        run.length === 2 &&
        this.src.charAt(start) === '*' &&
        /^\s|\s$/.test(this.src.charAt(start - 1) + this.src.charAt(end))
      ) {
        const [left, right] = [this.src.slice(Math.max(0, start - 3), start), this.src.slice(end, end + 3)]
        if (BEFORE_SPACED.test(left) && OPENS_SPACED.test(right)) return { ...run, can_open: true }
        if (CLOSES_SPACED.test(left) && BEHIND_SPACED.test(right)) return { ...run, can_close: true }
      }
      const before = this.src.charAt(start - 1)
      const after = this.src.charAt(end)
      return {
        ...run,
        can_open: run.can_open || (CJK.test(before) && /\S/.test(after)),
        can_close: run.can_close || (CJK.test(after) && /\S/.test(before)),
      }
    }
  }
}
