/** Services that draw TeX, by what their addresses have in common. */
const DRAWS_TEX =
  /\/equation\?tex=.|\/math\?(?:formula|math)=.|\/(?:gif|png|svg)\.(?:latex|image)\?.|\/latex\.php\?latex=.|\blatex\.csdn\.net\/eq\?.|\/__latex\/.|\/render\/math\?|[?&]cht=tx&(?:amp;)?chl=.|\bupmath\.me\/(?:svg|png)\/./i

/** True for the address of an image that some service draws of TeX, as exports of blogs have them for formulas. */
export function isFormulaImage(address: string): boolean {
  return DRAWS_TEX.test(address)
}
