// A colour for every label: the shipped ones have theirs in the style sheet, those that a workspace adds get one each.

const SHIPPED = ["ORG", "PERSON", "PLACE", "DATE", "QUANTITY", "NORP", "WEAPON"];

// Hue in degrees and share of the chroma, in the gaps between the shipped colours; the neighbours in this list stand well apart.
// Lightness and chroma are the style sheet's, one pair for each theme: with any hue the contrast is 5.4 to 1 or more.
const OWN = [[112, 1], [325, 1], [272, 1], [58, 0.45], [178, 1], [300, 0.45], [225, 1], [0, 0.45], [145, 0.45], [20, 1], [240, 0.45], [95, 0.45]];

/** Set `--c` for everything with `data-label`. Beyond a dozen labels of a workspace's own, colours come again. */
export function colourLabels(names) {
  const sheet = new CSSStyleSheet(); // made as objects: the page allows no style that is written into it
  for (const name of names) sheet.insertRule(`[data-label="${CSS.escape(name)}"] { --c: ${colourOf(name, names)}; }`, sheet.cssRules.length);
  document.adoptedStyleSheets = [sheet];
}

function colourOf(name, names) {
  if (SHIPPED.includes(name)) return `var(--${name.toLowerCase()})`;
  const own = names.filter((each) => !SHIPPED.includes(each));
  const [hue, chroma] = OWN[own.indexOf(name) % OWN.length];
  return `oklch(var(--own-lightness) calc(var(--own-chroma) * ${chroma}) ${hue})`;
}
