// Selecting words: with the mouse or a finger, on the page image, or with the keys alone; then a label makes the mark.

import { addMention } from "./actions.js";
import { step, stepEnd, wholeCharacters, wholeWords } from "./codepoints.js";
import { announce, button, fill, h, said } from "./dom.js";

export class SelectionTool {
  constructor(view) {
    this.view = view;
    this.span = null;
    this.caret = null; // {anchor, focus} in UTF-16 offsets while the keys select
    this.words = h("span", { class: "selected-words" });
    this.toolbar = h("div", { class: "selection-bar", role: "toolbar", "aria-label": "Mark the selection", hidden: true }, this.words, this.#buttons());
    this.mark = h("div", { class: "caret", hidden: true, "aria-hidden": "true" });
    this.onSelect = () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.#read(), 120);
    };
    this.drag = null; // {alt} while a mouse selects, and until what it selected is read
    this.onDown = (event) => {
      this.drag = event.pointerType !== "touch" && event.button === 0 && view.text.element.contains(event.target) ? { alt: event.altKey, held: true } : null;
    };
    this.onMove = (event) => this.drag?.held && (this.drag.alt ||= event.altKey);
    this.onUp = () => {
      if (!this.drag?.held) return;
      this.drag.held = false;
      this.onSelect();
    };
    this.onKey = (event) => this.caret && this.#key(event);
    document.addEventListener("selectionchange", this.onSelect);
    for (const [type, listener] of this.#pointer()) document.addEventListener(type, listener);
    document.addEventListener("keydown", this.onKey, true);
    document.body.append(this.mark);
  }

  #pointer() {
    return [["pointerdown", this.onDown], ["pointermove", this.onMove], ["pointerup", this.onUp]];
  }

  #buttons() {
    const { labels, session } = this.view.context;
    return h("div", { class: "row" },
      session.labels.map(({ name, title }) => button(title.split(",")[0], labels[name].key, () => this.span && addMention(this.view, this.span, name), { class: "tag", dataset: { label: name }, title })),
      button("Event", "v", () => this.view.actions.find((action) => action.key === "v").run()),
      button("Leave", "Escape", () => this.end()));
  }

  /** What the browser has selected: in whole words where a mouse did it without Alt, else in whole characters. */
  #read() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) {
      if (!this.caret && !this.taken) this.#show(null);
      return;
    }
    if (this.drag?.held) return; // the bar would come under the pointer
    const range = selection.getRangeAt(0);
    const { text, model } = this.view;
    const from = text.unitAt(range.startContainer, range.startOffset);
    const to = text.unitAt(range.endContainer, range.endOffset);
    if (from === null || to === null) return;
    this.taken = false;
    const { drag } = this;
    const span = spanOfUnits(model.text, from, to, drag && !drag.alt);
    if (span && drag && !drag.held) {
      this.drag = null; // what is selected from here on by keys or otherwise is taken as it is
      selection.setBaseAndExtent(...text.pointAt(model.text.unit(span.start)), ...text.pointAt(model.text.unit(span.end)));
    }
    this.#show(span);
  }

  /** Select a span that was chosen elsewhere, on the page image. */
  take(span) {
    const range = this.view.text.rangeOf(span.start, span.end);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    this.#scrollTo(range);
    this.taken = true;
    this.#show(span);
  }

  #show(span) {
    this.span = span;
    this.toolbar.hidden = span === null;
    if (!span) return this.view.pages?.clearDrag();
    const words = this.view.model.text.slice(span.start, span.end);
    fill(this.words, said(words.length > 80 ? `${words.slice(0, 40)} … ${words.slice(-30)}` : words));
    this.#place(span);
    return undefined;
  }

  /** Below the selection, within the window; on a narrow screen the style sheet puts it at the bottom. */
  #place(span) {
    const box = this.view.text.rangeOf(span.start, span.end).getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.toolbar;
    const below = box.bottom + 8;
    const top = below + offsetHeight < window.innerHeight - 8 ? below : Math.max(8, box.top - offsetHeight - 8);
    this.toolbar.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - offsetWidth - 8))}px`;
    this.toolbar.style.top = `${top}px`;
  }

  /** A caret in the text: arrows move it, with Shift they select, with Ctrl by word. */
  startCaret() {
    const { view } = this;
    const { text } = view.model;
    const record = view.model.get(view.current);
    const at = this.span?.start ?? (record?.kind === "mention" ? record.start : (record?.trigger?.start ?? view.text.topOffset()));
    this.caret = { anchor: text.unit(at), focus: text.unit(at) };
    view.main.classList.add("with-caret");
    this.#draw();
    announce("Arrows move the caret, with Ctrl by word, with Shift they select; a digit labels, Esc leaves");
  }

  #key(event) {
    if (event.target.closest?.("dialog, form, .selection-bar")) return;
    const direction = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -1, End: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    const { focus, anchor } = this.caret;
    const to = this.#moved(focus, event.key, direction, event.ctrlKey || event.altKey);
    this.caret = { focus: to, anchor: event.shiftKey ? anchor : to };
    this.#draw();
  }

  #moved(from, key, direction, byWord) {
    const { text } = this.view.model;
    const block = this.view.text.blockAt(text.point(from));
    if (key === "Home") return text.unit(block.start);
    if (key === "End") return text.unit(block.end);
    if (key === "ArrowUp" || key === "ArrowDown") return this.#line(from, direction);
    const rtl = getComputedStyle(block.element).direction === "rtl";
    if (rtl) direction = -direction; // the arrow points where the caret goes
    const to = byWord ? (direction > 0 ? stepEnd : step)(text.text, from, direction, "word") : step(text.text, from, direction, "grapheme");
    return Math.max(0, Math.min(to, text.text.length));
  }

  /** One line up or down, where the caret stands on the screen. */
  #line(from, direction) {
    const box = this.#boxAt(from);
    const point = caretFromPoint(box.left, box.top + box.height / 2 + direction * box.height * 1.4);
    const unit = point && this.view.text.unitAt(...point);
    if (unit !== null && unit !== undefined && unit !== from) return unit;
    const { text } = this.view.model;
    const { blocks } = this.view.text;
    const block = blocks[blocks.indexOf(this.view.text.blockAt(text.point(from))) + direction];
    return block ? text.unit(block.start) : from;
  }

  #boxAt(unit) {
    const range = document.createRange();
    const [node, offset] = this.view.text.pointAt(unit);
    range.setStart(node, offset);
    range.collapse(true);
    const box = range.getClientRects()[0] ?? range.getBoundingClientRect();
    return box.height ? box : node.parentElement.getBoundingClientRect();
  }

  #draw() {
    const { text, model } = this.view;
    const { anchor, focus } = this.caret;
    const selection = window.getSelection();
    selection.setBaseAndExtent(...text.pointAt(anchor), ...text.pointAt(focus));
    this.#scrollTo(this.#boxAt(focus));
    const box = this.#boxAt(focus);
    this.mark.hidden = false;
    this.mark.style.left = `${box.left + window.scrollX}px`;
    this.mark.style.top = `${box.top + window.scrollY}px`;
    this.mark.style.height = `${box.height}px`;
    const span = anchor === focus ? null : spanOfUnits(model.text, Math.min(anchor, focus), Math.max(anchor, focus));
    this.#show(span);
    window.clearTimeout(this.saying);
    this.saying = window.setTimeout(() => announce(span ? model.text.slice(span.start, span.end) : this.#wordAt(focus), { seen: true }), 250);
  }

  #wordAt(unit) {
    const { text } = this.view.model.text;
    return text.slice(unit, step(text, unit, 1, "word"));
  }

  #scrollTo(range) {
    const box = range.getBoundingClientRect?.() ?? range;
    if (box.top < 120 || box.bottom > window.innerHeight - 140) window.scrollBy({ top: box.top - window.innerHeight / 2, behavior: "instant" });
  }

  /** Leave the selection and the caret. Whether there was one. */
  end() {
    const was = this.caret !== null || this.span !== null;
    this.caret = null;
    this.taken = false;
    this.mark.hidden = true;
    this.view.main.classList.remove("with-caret");
    window.getSelection().removeAllRanges();
    this.#show(null);
    return was;
  }

  close() {
    this.end();
    document.removeEventListener("selectionchange", this.onSelect);
    document.removeEventListener("keydown", this.onKey, true);
    for (const [type, listener] of this.#pointer()) document.removeEventListener(type, listener);
    this.mark.remove();
  }
}

function spanOfUnits(text, from, to, words = false) {
  const whole = wholeCharacters(text.text, from, to);
  if (!whole) return null;
  const [start, end] = words ? wholeWords(text.text, ...whole) : whole;
  return { start: text.point(start), end: text.point(end) };
}

function caretFromPoint(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found && [found.offsetNode, found.offset];
  }
  const range = document.caretRangeFromPoint(x, y);
  return range && [range.startContainer, range.startOffset];
}
