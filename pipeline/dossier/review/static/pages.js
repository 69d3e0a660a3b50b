// The page of a PDF beside its text: the chosen words lit on it, and words chosen by a drag on it.

import { documentPath, get } from "./api.js";
import { announce, button, fill, h } from "./dom.js";
import { spanOf } from "./model.js";

const NEAR = 12; // points: how far from a word a drag may begin

export class PagePane {
  constructor(view) {
    this.view = view;
    this.pages = view.model.about.pages;
    this.page = 1;
    this.known = new Map();
    this.image = h("img", { alt: "", draggable: "false" });
    this.marks = h("div", { class: "boxes", "aria-hidden": "true" });
    this.sheet = h("div", { class: "sheet" }, this.image, this.marks);
    this.number = h("span", { class: "page-number", role: "status" });
    this.element = h("section", { class: "page", "aria-label": "Page image", hidden: true },
      h("div", { class: "row page-bar" },
        button("←", null, () => this.turn(this.page - 1), { "aria-label": "Previous page" }), this.number,
        button("→", null, () => this.turn(this.page + 1), { "aria-label": "Next page" }),
        button("Contents", "o", () => view.actions.find((action) => action.key === "o").run(), { class: "quiet" })),
      h("div", { class: "sheet-frame" }, this.sheet));
    this.sheet.addEventListener("pointerdown", (event) => this.#begin(event));
    this.image.addEventListener("error", () => this.image.alt && this.sheet.classList.add("no-image"));
  }

  /** Show the page a record stands on, its boxes lit. */
  async show(record) {
    const boxes = boxesOf(record);
    this.wanted = record;
    await this.turn(boxes.length && !boxes.some(([page]) => page === this.page) ? boxes[0][0] : this.page, false);
    if (this.wanted !== record) return; // another was chosen while the page came
    this.#light(boxes.filter(([page]) => page === this.page), "lit");
    this.marks.querySelector(".lit")?.scrollIntoView({ block: "nearest" });
  }

  async turn(page, clear = true) {
    if (page < 1 || page > this.pages) return;
    if (page !== this.page || !this.image.getAttribute("src")) {
      this.page = page;
      const scale = Math.min(2, window.devicePixelRatio || 1);
      this.image.src = documentPath(this.view.id, `/pages/${page}.png?width=${Math.round(700 * scale)}`);
      this.image.alt = `Page ${page} of the report; its words are in the text beside it`;
    }
    fill(this.number, `${page} of ${this.pages}`);
    if (clear) this.#light([], "lit");
    const about = await this.#words(page);
    if (page !== this.page) return;
    this.about = about;
    this.sheet.style.aspectRatio = `${about.width} / ${about.height}`;
  }

  /** Size and words of a page; asked for once. */
  #words(page) {
    if (!this.known.has(page)) {
      const asked = get(documentPath(this.view.id, `/pages/${page}`));
      asked.catch(() => this.known.delete(page));
      this.known.set(page, asked);
    }
    return this.known.get(page);
  }

  #light(boxes, name) {
    for (const node of this.marks.querySelectorAll(`.${name}`)) node.remove();
    if (!this.about) return;
    const { width, height } = this.about;
    for (const [, x0, top, x1, bottom] of boxes) {
      const box = h("div", { class: `box ${name}` });
      box.style.left = `${(100 * x0) / width}%`;
      box.style.top = `${(100 * top) / height}%`;
      box.style.width = `${(100 * (x1 - x0)) / width}%`;
      box.style.height = `${(100 * (bottom - top)) / height}%`;
      this.marks.append(box);
    }
  }

  #begin(event) {
    if (event.button !== 0 || !this.about) return;
    const first = this.#wordAt(event, NEAR);
    if (!first) return;
    event.preventDefault();
    this.sheet.setPointerCapture(event.pointerId);
    let last = first;
    const move = (moved) => {
      last = this.#wordAt(moved, Infinity) ?? last;
      this.#light(this.#between(first, last).map((word) => [this.page, ...word]), "dragged");
    };
    const end = () => {
      this.sheet.removeEventListener("pointermove", move);
      this.#take(first, last);
    };
    this.sheet.addEventListener("pointermove", move);
    this.sheet.addEventListener("pointerup", end, { once: true });
    this.sheet.addEventListener("pointercancel", () => this.sheet.removeEventListener("pointermove", move), { once: true });
    move(event);
  }

  #between(first, last) {
    const start = Math.min(first[4], last[4]);
    const end = Math.max(first[5], last[5]);
    return this.about.words.filter((word) => word[4] >= start && word[5] <= end);
  }

  /** A click on a word that is marked chooses its mark; a drag selects the words in the text. */
  #take(first, last) {
    const start = Math.min(first[4], last[4]);
    const end = Math.max(first[5], last[5]);
    const mention = first === last && this.view.model.mentionsIn(start, end)[0];
    if (mention) {
      this.#light([], "dragged");
      this.view.choose(mention.target, { focus: true });
      return;
    }
    this.view.selection.take({ start, end });
    announce(`Selected: ${this.view.model.text.slice(start, end)}`, { seen: true });
  }

  clearDrag() {
    this.#light([], "dragged");
  }

  #wordAt(event, limit) {
    const box = this.sheet.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.about.width;
    const y = ((event.clientY - box.top) / box.height) * this.about.height;
    let best = null;
    let nearest = limit;
    for (const word of this.about.words) {
      const [x0, top, x1, bottom] = word;
      const distance = Math.hypot(Math.max(x0 - x, 0, x - x1), 2 * Math.max(top - y, 0, y - bottom));
      if (distance < nearest) [best, nearest] = [word, distance];
    }
    return best;
  }
}

function boxesOf(record) {
  if (!record) return [];
  return (record.source ?? record.trigger?.source ?? spanOf(record)?.source)?.boxes ?? [];
}
