/** `<!-- more -->` of Hexo and Hugo, `<!-- truncate -->` of Docusaurus, `<!-- excerpt -->` of Eleventy and Starlight. */
export const MORE = /<!--\s*(?:more|truncate|read-?more|(?:end[- ]?)?excerpt|excerpt[- ]?end)\s*-->/i
