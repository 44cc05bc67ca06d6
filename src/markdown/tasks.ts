import type { MarkdownIt, Token } from 'markdown-it'

const BOX = /^\[([ xX])\]\s/

/**
 * Task list items (GFM 5.3): a token `task_box` with ☐ or ☑, which readers show that drop form controls.
 * markdown-it-task-lists walks back through the whole list for each item and so takes the square of its length.
 */
export function tasks(markdown: MarkdownIt): void {
  markdown.core.ruler.after('inline', 'tasks', (state) => {
    markTasks(state.tokens, state.Token)
  })
  markdown.renderer.rules['task_box'] = (tokens, index) => `${tokens[index]?.content ?? ''} `
}

/** Gives the items of task lists among tokens with parsed inline text their boxes. */
export function markTasks(tokens: Token[], Box: new (type: string, tag: string, nesting: 0) => Token): void {
  for (const [index, item] of tokens.entries()) {
    if (item.type !== 'list_item_open' || tokens[index + 1]?.type !== 'paragraph_open') continue
    const children = tokens[index + 2]?.children ?? []
    const first = children[0]
    const mark = first?.type === 'text' ? BOX.exec(first.content) : null
    if (first === undefined || mark === null) continue
    first.content = first.content.slice(mark[0].length)
    const box = new Box('task_box', '', 0)
    box.content = mark[1] === ' ' ? '☐' : '☑'
    children.unshift(box)
  }
}
