// The text of a document as elements: its blocks, and in them the marks. Only the blocks whose marks change are made again.

import { h } from "./dom.js";
import { lowerBound } from "./codepoints.js";

const TOP = 110; // pixels that the bar takes, and a little more
const FEW = 20; // targets: more are looked for in one pass over all marks
const LONGEST_BLOCK = 6000; // characters: a longer one is shown in pieces, so that no change lays out the whole text again

export class TextView {
  /** model: a DocumentModel. Marks carry their target as `data-t`; note markers the index of their note as `data-note`. */
  constructor(model) {
    this.model = model;
    this.blocks = cutBlocks(model.about.blocks, model.text);
    this.starts = this.blocks.map((block) => block.start);
    this.markers = noteMarkers(model.about.notes ?? []);
    this.markerStarts = this.markers.map((marker) => marker.start);
    this.element = h("div", { class: "text", id: "text", lang: model.about.language ?? null, dir: "auto" });
    this.current = null;
    this.#build();
  }

  #build() {
    const parts = document.createDocumentFragment();
    let list = null;
    for (const block of this.blocks) {
      const item = block.kind === "list_item";
      block.element = h(tagOf(block), { class: `b ${block.kind}`, dir: "auto" });
      block.element.block = block;
      if (block.level && item) block.element.dataset.level = Math.min(block.level, 4);
      this.#fill(block);
      if (item && !list) parts.append((list = h("ul", { role: "list" })));
      if (!item) list = null;
      (list ?? parts).append(block.element);
    }
    this.element.append(parts);
    const first = this.element.querySelector(".m");
    if (first) first.tabIndex = 0; // where Tab enters the marks; arrows go on from there
  }

  /** Make the blocks again in which one of these targets stands or stood. */
  refresh(targets) {
    const again = new Set();
    for (const node of this.#nodesOf(targets)) again.add(node.closest(".b").block);
    for (const target of targets) {
      const record = this.model.get(target);
      const span = record?.kind === "mention" ? record : record?.kind === "event" ? record.trigger : null;
      if (span) for (const block of this.#blocksOf(span.start, span.end)) again.add(block);
    }
    const held = document.activeElement?.closest?.(".m, .trigger")?.dataset.t ?? null;
    const hadFocus = held !== null && this.element.contains(document.activeElement);
    for (const block of again) this.#fill(block);
    if (this.current) this.#light(this.current, true);
    if (hadFocus) (this.node(held) ?? this.node(this.current))?.focus({ preventScroll: true });
  }

  #nodesOf(targets) {
    if (targets.length < FEW) return targets.flatMap((target) => [...this.element.querySelectorAll(`[data-t="${CSS.escape(target)}"]`)]);
    const wanted = new Set(targets);
    return [...this.element.querySelectorAll("[data-t]")].filter((node) => wanted.has(node.dataset.t));
  }

  #blocksOf(start, end) {
    const first = Math.max(0, lowerBound(this.starts, start + 1) - 1);
    const found = [];
    for (let i = first; i < this.blocks.length && this.blocks[i].start < end; i += 1) {
      if (this.blocks[i].end > start) found.push(this.blocks[i]);
    }
    return found;
  }

  #fill(block) {
    const { model } = this;
    const layers = [
      ...model.triggersIn(block.start, block.end).map((event) => ({ ...event.trigger, event })),
      ...model.mentionsIn(block.start, block.end).map((mention) => ({ start: mention.start, end: mention.end, mention })),
      ...this.#markersIn(block.start, block.end),
    ];
    if (!layers.length) {
      block.element.textContent = model.text.slice(block.start, block.end);
      return;
    }
    const cuts = new Set([block.start, block.end]);
    for (const layer of layers) {
      cuts.add(Math.max(layer.start, block.start));
      cuts.add(Math.min(layer.end, block.end));
    }
    const edges = [...cuts].sort((a, b) => a - b);
    layers.sort((a, b) => a.start - b.start);
    const parts = document.createDocumentFragment();
    let active = [];
    let next = 0;
    for (let i = 0; i + 1 < edges.length; i += 1) {
      while (next < layers.length && layers[next].start <= edges[i]) active.push(layers[next++]);
      active = active.filter((layer) => layer.end > edges[i]);
      parts.append(this.#piece(edges[i], edges[i + 1], active));
    }
    block.element.replaceChildren(parts);
  }

  #markersIn(start, end) {
    const found = [];
    for (let i = lowerBound(this.markerStarts, start - 20); i < this.markers.length && this.markers[i].start < end; i += 1) {
      if (this.markers[i].end > start) found.push(this.markers[i]);
    }
    return found;
  }

  /** The characters from `start` to `end`, which all the `layers` cover. */
  #piece(start, end, layers) {
    let node = document.createTextNode(this.model.text.slice(start, end));
    const marker = layers.find((layer) => layer.note !== undefined);
    if (marker) {
      node = h("span", { class: "noteref", role: "button", tabindex: "0", "aria-description": "note", dataset: { note: marker.note } }, node);
    }
    const mention = topmost(layers.filter((layer) => layer.mention).map((layer) => layer.mention));
    if (mention) node = markOf(mention, node, start === mention.start, end === mention.end);
    const event = layers.find((layer) => layer.event)?.event;
    if (!event) return node;
    return h("span", {
      class: "trigger", role: mention ? null : "button", tabindex: mention ? null : "-1",
      dataset: { t: event.target, event: event.target, state: event.state },
      "aria-description": mention ? null : `event: ${event.type}, ${event.state}`,
    }, node);
  }

  /** The element of a mark: of its first piece. */
  node(target) {
    if (!target) return null;
    const name = CSS.escape(target);
    return this.element.querySelector(`.m[data-t="${name}"]`) ?? this.element.querySelector(`[data-event="${name}"]`);
  }

  /** Make a mark the current one: lit, in view, and focused if asked. */
  setCurrent(target, { focus = false, scroll = true } = {}) {
    if (this.current !== target) this.#light(this.current, false);
    this.current = target;
    this.#light(target, true);
    const node = this.node(target);
    if (!node) return;
    if (scroll) bringIntoView(node);
    if (focus) node.focus({ preventScroll: true });
  }

  #light(target, on) {
    if (!target) return;
    const name = CSS.escape(target);
    for (const node of this.element.querySelectorAll(`[data-t="${name}"]`)) {
      node.classList.toggle("current", on);
      if (node.hasAttribute("tabindex")) node.tabIndex = on ? 0 : -1;
    }
  }

  /** The UTF-16 offset in the text of a point of the DOM within this view; null outside. */
  unitAt(node, offset) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const holder = element?.closest?.(".b");
    if (!holder || !this.element.contains(holder)) return this.#unitBetween(node, offset);
    const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
    let unit = this.model.text.unit(holder.block.start);
    const until = node.nodeType === Node.TEXT_NODE ? node : (node.childNodes[offset] ?? null);
    while (walker.nextNode()) {
      const part = walker.currentNode;
      if (part === node) return unit + offset;
      if (until && part !== until && (until.contains(part) || until.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING)) return unit;
      if (!until && !node.contains(part) && node.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING) return unit;
      unit += part.length;
    }
    return unit;
  }

  /** A point between blocks counts as the beginning of the next. */
  #unitBetween(node, offset) {
    if (!this.element.contains(node)) return null;
    const next = node.childNodes[offset]?.querySelector?.(".b") ?? node.childNodes[offset];
    return this.model.text.unit(next?.block ? next.block.start : this.blocks.at(-1)?.end ?? 0);
  }

  /** The DOM point of a UTF-16 offset; in a gap between blocks, the end of the block before it. */
  pointAt(unit) {
    const { text } = this.model;
    const point = text.point(unit);
    const block = this.blocks[Math.max(0, lowerBound(this.starts, point + 1) - 1)];
    let left = Math.max(0, Math.min(unit, text.unit(block.end)) - text.unit(block.start));
    const walker = document.createTreeWalker(block.element, NodeFilter.SHOW_TEXT);
    let last = null;
    while (walker.nextNode()) {
      last = walker.currentNode;
      if (left <= last.length) return [last, left];
      left -= last.length;
    }
    return last ? [last, last.length] : [block.element, 0];
  }

  /** A DOM range over code points. */
  rangeOf(start, end) {
    const range = document.createRange();
    range.setStart(...this.pointAt(this.model.text.unit(start)));
    range.setEnd(...this.pointAt(this.model.text.unit(end)));
    return range;
  }

  /** The code point offset of the first block in view, for what follows the reader. */
  topOffset(top = 120) {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.blocks[middle].element.getBoundingClientRect().bottom < top) low = middle + 1;
      else high = middle;
    }
    return this.blocks[low]?.start ?? 0;
  }

  blockAt(offset) {
    return this.blocks[Math.max(0, lowerBound(this.starts, offset + 1) - 1)];
  }
}

/** Scroll the page until a node stands clear of the bar above and of what covers the foot of a narrow page. */
export function bringIntoView(node) {
  const bottom = window.innerHeight - covered() - 40;
  const { top, bottom: end } = node.getBoundingClientRect();
  if (top >= TOP && end <= bottom) return;
  node.scrollIntoView({ block: "center", behavior: "instant" });
  const box = node.getBoundingClientRect(); // what came into view is laid out only now
  if (covered()) window.scrollBy({ top: box.top + Math.min(box.height, bottom - TOP) / 2 - (TOP + bottom) / 2, behavior: "instant" });
}

/** Pixels at the foot that the chosen mark’s buttons or an open form take. */
function covered() {
  return Math.max(0, ...[...document.querySelectorAll(".actions, .form-slot.open")].map((node) => (getComputedStyle(node).position === "fixed" ? node.offsetHeight : 0)));
}

function markOf(mention, node, first, last) {
  const { label, state, target } = mention;
  return h("span", {
    class: `m${mention.waiting ? " waiting" : ""}`, role: "button", tabindex: "-1",
    dataset: { t: target, label, state, ...(first ? { first: "" } : {}), ...(last ? { last: "" } : {}) },
    "aria-description": `${label}, ${state}`,
  }, node);
}

/** Of several mentions over the same characters, the one that is shown: not a rejected one, then the shortest. */
function topmost(mentions) {
  if (mentions.length < 2) return mentions[0] ?? null;
  const rank = (mention) => (mention.state === "rejected" ? 1e9 : 0) + (mention.end - mention.start);
  return mentions.reduce((best, mention) => (rank(mention) < rank(best) ? mention : best));
}

function tagOf({ kind, level }) {
  if (kind === "title") return "h2";
  if (kind === "heading") return `h${Math.min(6, 2 + Math.max(1, level || 1))}`;
  return { list_item: "li", quote: "blockquote" }[kind] ?? "p";
}

/** The blocks in order, with what they leave out, and long ones in pieces. */
function cutBlocks(blocks, text) {
  const found = [];
  let at = 0;
  for (const [kind, start, end, level] of [...blocks].sort((a, b) => a[1] - b[1])) {
    if (start > at) addGap(found, text, at, start);
    if (end > Math.max(at, start)) cutLong(found, text, { kind, start: Math.max(at, start), end, level });
    at = Math.max(at, end);
  }
  addGap(found, text, at, text.length);
  return found;
}

function addGap(found, text, start, end) {
  if (start < end && text.slice(start, end).trim()) cutLong(found, text, { kind: "paragraph", start, end, level: 0 });
}

function cutLong(found, text, block) {
  let { start } = block;
  while (block.end - start > LONGEST_BLOCK) {
    const stretch = text.slice(start, start + LONGEST_BLOCK);
    const cut = Math.max(stretch.lastIndexOf("\n"), stretch.lastIndexOf(". ") + 1, stretch.lastIndexOf(" "));
    const size = cut > LONGEST_BLOCK / 2 ? [...stretch.slice(0, cut + 1)].length : LONGEST_BLOCK;
    found.push({ ...block, start, end: start + size });
    start += size;
  }
  found.push({ ...block, start });
}

function noteMarkers(notes) {
  return notes
    .flatMap((note, index) => note.markers.map((marker) => {
      const [start, end] = Array.isArray(marker) ? marker : [marker.start, marker.end];
      return { start, end, note: index };
    }))
    .sort((a, b) => a.start - b.start);
}
