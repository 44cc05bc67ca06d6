/** What an article may hold besides Markdown; each is an instruction to the site's own builder, no text. */
export interface Syntax {
  /** `{% tag %}`, `{{ value }}` and `{# comment #}`, as Liquid, Nunjucks and Tera read them. */
  liquid: boolean
  /** Hugo: `{{< name >}}`, `{{% name %}}`. */
  shortcodes: boolean
  /** `[[page|words]]`, `![[embed]]`, `%%comment%%`, `==mark==`. */
  wiki: boolean
  /** MDX: imports, exports, components and `{expressions}`. */
  mdx: boolean
  /** Vue in Markdown: `{{ expression }}`. */
  vue: boolean
  /** kramdown: `{: .class}`, `{:toc}`. */
  kramdown: boolean
}
