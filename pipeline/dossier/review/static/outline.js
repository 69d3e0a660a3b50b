// The section tree: where one is, and how much waits in each section.

import { lowerBound } from "./codepoints.js";
import { fill, h, said } from "./dom.js";
import { bringIntoView } from "./text.js";

export class Outline {
  constructor(view) {
    this.view = view;
    this.sections = (view.model.about.sections ?? []).map((each) =>
      Array.isArray(each) ? { title: each[0], level: each[1], start: each[2], end: each[3] } : each);
    this.starts = this.sections.map((section) => section.start);
    this.items = this.sections.map((section) => this.#item(section));
    const wide = window.matchMedia("(min-width: 1101px)").matches; // narrower, it stands above the text
    this.element = h("nav", { class: "outline", "aria-label": "Contents" }, h("details", { open: wide }, h("summary", {}, "Contents"),
      this.items.length ? h("ol", {}, this.items.map(({ node }) => node)) : h("p", { class: "quiet-text" }, "This report has no headings.")));
    this.shown = null;
  }

  #item(section) {
    const count = h("span", { class: "left-to-do" });
    const link = h("button", { type: "button", onclick: () => this.#go(section) }, said(section.title), count);
    return { section, count, link, node: h("li", { dataset: { level: Math.min(4, section.level) } }, link) };
  }

  #go(section) {
    const { element } = this.view.text.blockAt(section.start);
    element.scrollIntoView({ block: "start" });
    bringIntoView(element);
    this.follow(section.start);
  }

  /** How many mentions wait in each section. */
  count() {
    const waiting = this.view.model.mentions.filter(({ state }) => state === "pending" || state === "disputed").map(({ start }) => start);
    for (const { section, count } of this.items) {
      const number = lowerBound(waiting, section.end) - lowerBound(waiting, section.start);
      const text = number ? String(number) : "";
      if (count.textContent !== text) fill(count, text);
    }
  }

  follow(offset) {
    const item = this.items[lowerBound(this.starts, offset + 1) - 1];
    if (item === this.shown) return;
    this.shown?.link.removeAttribute("aria-current");
    this.shown = item ?? null;
    if (!item) return;
    item.link.setAttribute("aria-current", "location");
    keepIn(this.element.parentElement, item.link);
  }

  focus() {
    this.element.querySelector("details").open = true;
    (this.shown ?? this.items[0])?.link.focus();
  }
}

/** Scroll a box of its own so that a node within it is seen; the page stays where it is. */
export function keepIn(box, node, top = 0.25) {
  if (!box || box.scrollHeight <= box.clientHeight) return;
  const outer = box.getBoundingClientRect();
  const inner = node.getBoundingClientRect();
  if (inner.top < outer.top + 8 || inner.bottom > outer.bottom - 8) box.scrollTop += inner.top - outer.top - outer.height * top;
}
