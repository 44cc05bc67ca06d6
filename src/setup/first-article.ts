/** The article of a site that has none yet. @param day such as `2026-03-01` */
export function firstArticle(day: string): string {
  return `---
title: First light
date: ${day}
tags: [notes]
---

This is the first article of the site. Feedwire has read it, and it stands in the feeds and on the page of latest
updates.

Write the next one beside it: a file that ends in \`.md\`, with a title and a date between two lines of \`---\` as above.
The next run finds it, publishes it and mails it to your readers. A file with \`draft: true\` waits, and so does one
whose date is still to come.

Change this text as you like: an edit mails nothing. Or delete the file, and it leaves the feeds.
`
}
