// The server counts code points, the browser UTF-16 units: the one place where the two meet.

/** The first index of a sorted array whose value is not below `value`. */
export function lowerBound(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A text with its offsets both ways. Conversions take O(log n) in the number of characters beyond U+FFFF. */
export class Text {
  /** text: as the server sent it, BOM and newlines as they are. */
  constructor(text) {
    this.text = text;
    this.wide = []; // code point offsets of characters that take two units
    for (let unit = 0, point = 0; unit < text.length; unit += 1, point += 1) {
      if (isPair(text, unit)) {
        this.wide.push(point);
        unit += 1;
      }
    }
    this.wideUnits = this.wide.map((point, before) => point + before);
    this.length = text.length - this.wide.length;
  }

  /** UTF-16 offset of a code point offset. */
  unit(point) {
    return point + lowerBound(this.wide, point);
  }

  /** Code point offset of a UTF-16 offset; one inside a pair counts as the beginning of its character. */
  point(unit) {
    return unit - lowerBound(this.wideUnits, unit);
  }

  /** The characters between two code point offsets. */
  slice(start, end) {
    return this.text.slice(this.unit(start), this.unit(end));
  }
}

const isPair = (text, unit) => {
  const first = text.charCodeAt(unit);
  if (first < 0xd800 || first > 0xdbff) return false;
  const second = text.charCodeAt(unit + 1);
  return second >= 0xdc00 && second <= 0xdfff;
};

/** Decode UTF-8 and keep a leading U+FEFF, which `Response.text()` would drop and so shift every offset. */
export function decode(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

const NEAR = 400; // units around a position within which its characters and words are looked for
const segmenters = {};

/** The UTF-16 offset one `granularity` ("grapheme" or "word") before (-1) or after (+1) an offset.
 * A grapheme is what people call a character: accents and emoji sequences move as one. By word, blanks and marks are skipped. */
export function step(text, unit, direction, granularity) {
  const [from, parts, to] = near(text, unit, granularity);
  const edges = [];
  for (const part of parts) {
    if (granularity === "word" && !part.isWordLike) continue;
    edges.push([from + part.index, from + part.index + part.segment.length]);
  }
  if (direction > 0) return edges.find(([, end]) => end > unit)?.[1] ?? to;
  return edges.findLast(([start]) => start < unit)?.[0] ?? from;
}

/** The characters or words around an offset: where they begin, they, and where they end. */
function near(text, unit, granularity) {
  const from = safe(text, Math.max(0, unit - NEAR));
  const to = safe(text, Math.min(text.length, unit + NEAR));
  const segmenter = (segmenters[granularity] ??= new Intl.Segmenter(undefined, { granularity }));
  return [from, segmenter.segment(text.slice(from, to)), to];
}

/** The start of the next or an earlier word: for the left end of a mark. */
export function stepStart(text, unit, direction, granularity) {
  if (direction < 0 || granularity === "grapheme") return step(text, unit, direction, granularity);
  const end = step(text, unit, 1, "word");
  return step(text, step(text, end, 1, "word"), -1, "word");
}

/** The end of the word before: for the right end of a mark. */
export function stepEnd(text, unit, direction, granularity) {
  if (direction > 0 || granularity === "grapheme") return step(text, unit, direction, granularity);
  const start = step(text, unit, -1, "word");
  return step(text, step(text, start, -1, "word"), 1, "word");
}

/** An offset that parts no pair of units. */
function safe(text, unit) {
  return unit > 0 && unit < text.length && isPair(text, unit - 1) ? unit + 1 : unit;
}

/** Widen a span to whole characters as people see them, after dropping blanks at its ends; null if nothing is left. */
export function wholeCharacters(text, start, end) {
  while (start < end && /\s/u.test(text[start])) start += 1;
  while (end > start && /\s/u.test(text[end - 1])) end -= 1;
  if (start >= end) return null;
  const left = step(text, start + 1, -1, "grapheme");
  const right = step(text, end - 1, 1, "grapheme");
  return [Math.min(left, start), Math.max(right, end)];
}

/** Widen a span to the whole words that it touches; what is no word at its ends stays as it is. */
export function wholeWords(text, start, end) {
  return [wordAt(text, start)?.[0] ?? start, wordAt(text, end - 1)?.[1] ?? end];
}

/** Start and end of the word that a unit belongs to; null for blanks and marks. */
function wordAt(text, unit) {
  const [from, parts] = near(text, unit, "word");
  const part = parts.containing(unit - from);
  return part?.isWordLike ? [from + part.index, from + part.index + part.segment.length] : null;
}
