/** The slug of one name as GitHub makes it, of which Astro makes its paths. */
export function githubSlug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** The slug of an entry: its path in the collection without the ending, each step slugged, a last `index` dropped. */
export function entrySlug(path: string): string {
  return path
    .replace(/\.[^./]+$/, '')
    .split('/')
    .map(githubSlug)
    .join('/')
    .replace(/\/index$/, '')
}
