import type { MarkdownIt, StateCore } from 'markdown-it'

const BOX = /^\[([ xX])\]\s/

/**
 * Task list items (GFM 5.3): a token `task_box` with ☐ or ☑, which readers show that drop form controls.
 * markdown-it-task-lists walks back through the whole list for each item and so takes the square of its length.
 */
export function tasks(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'tasks', boxes)
  markdown.renderer.rules['task_box'] = (tokens, index) => `${tokens[index]?.content ?? ''} `
}

function boxes(state: StateCore): void {
  for (const [index, item] of state.tokens.entries()) {
    if (item.type !== 'list_item_open' || state.tokens[index + 1]?.type !== 'paragraph_open') continue
    const children = state.tokens[index + 2]?.children ?? []
    const first = children[0]
    const mark = first?.type === 'text' ? BOX.exec(first.content) : null
    if (first === undefined || mark === null) continue
    first.content = first.content.slice(mark[0].length)
    const box = new state.Token('task_box', '', 0)
    box.content = mark[1] === ' ' ? '☐' : '☑'
    children.unshift(box)
  }
}
