/** A file, and the files that it includes. */
export interface Includer {
  path: string
  imports: readonly string[]
}

/**
 * The articles that are only parts of another one, each with one that includes it. Two that include each other are both
 * articles: else neither would be one.
 */
export function partsAmong(files: readonly Includer[]): Map<string, string> {
  const importsOf = new Map(files.map(({ path, imports }) => [path, new Set(imports)]))
  const parts = new Map<string, string>()
  for (const { path, imports } of files) {
    for (const part of imports) if (importsOf.get(part)?.has(path) !== true) parts.set(part, path)
  }
  return parts
}
