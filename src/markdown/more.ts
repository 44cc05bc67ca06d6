/**
 * `<!-- more -->` of Hexo and Hugo, `<!-- truncate -->` of Docusaurus, `<!-- excerpt -->` of Eleventy and Starlight,
 * `<!-- TEASER_END -->` of Nikola, `<!-- PELICAN_END_SUMMARY -->`.
 */
export const MORE =
  /<!--\s*(?:more|truncate|read-?more|(?:end[- ]?)?excerpt|excerpt[- ]?end|teaser_end(?::[^>]{0,200})?|pelican_end_summary)\s*-->/i
