// Notes on hover and on focus: the words of a note, or of a mark, beside it. Escape hides it, the pointer may rest on it.

import { fill, h, said } from "./dom.js";
import { stateChip } from "./lists.js";
import { normText } from "./chosen.js";

const DELAY = 250; // milliseconds
const AWAY = ["scroll", "keydown", "pointerdown"];

export class Tip {
  constructor(view) {
    this.view = view;
    this.element = h("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
    document.body.append(this.element);
    const { element } = view.text;
    element.addEventListener("pointerover", (event) => event.pointerType !== "touch" && this.#soon(event.target));
    element.addEventListener("pointerout", () => this.#soon(null));
    element.addEventListener("focusin", (event) => event.target.matches(".noteref") && this.#show(event.target));
    element.addEventListener("focusout", (event) => event.target.matches(".noteref") && this.hide());
    element.addEventListener("click", (event) => event.target.closest(".noteref") && this.#show(event.target));
    this.element.addEventListener("pointerenter", () => window.clearTimeout(this.timer));
    this.element.addEventListener("pointerleave", () => this.hide());
    this.away = ({ target }) => !target.matches?.(".noteref") && this.hide(); // it would stand beside other words, or over what is done there
    for (const type of AWAY) window.addEventListener(type, this.away, { capture: true, passive: true });
  }

  #soon(target) {
    window.clearTimeout(this.timer);
    const node = target?.closest?.(".noteref, .m, .trigger") ?? null;
    this.timer = window.setTimeout(() => (node ? this.#show(node) : this.hide()), node ? DELAY : DELAY * 1.5);
  }

  #show(from) {
    const node = from.closest(".noteref, .m, .trigger");
    const parts = node && this.#parts(node);
    if (!parts) return;
    fill(this.element, parts);
    this.element.hidden = false;
    this.node = node;
    node.setAttribute("aria-describedby", "tip");
    const at = node.getClientRects()[0] ?? node.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.element;
    const above = at.bottom + offsetHeight + 12 > window.innerHeight;
    this.element.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - offsetWidth - 8))}px`;
    this.element.style.top = `${above ? at.top - offsetHeight - 6 : at.bottom + 6}px`;
  }

  #parts(node) {
    const { model, context } = this.view;
    if (node.dataset.note !== undefined) {
      const note = model.about.notes[Number(node.dataset.note)];
      return note && h("p", {}, h("strong", {}, `Note ${note.n} `), said(note.text));
    }
    const record = model.get(node.dataset.t);
    if (!record) return null;
    const kind = record.kind === "event" ? `event: ${record.type.replaceAll("_", " ")}` : (context.labels[record.label]?.title ?? record.label);
    return h("p", {}, h("strong", {}, kind), " ", record.norm ? [said(normText(record.norm)), " "] : null, stateChip(record));
  }

  /** Whether there was something to hide. */
  hide() {
    window.clearTimeout(this.timer);
    this.node?.removeAttribute("aria-describedby");
    const was = !this.element.hidden;
    this.element.hidden = true;
    return was;
  }

  end() {
    this.hide();
    for (const type of AWAY) window.removeEventListener(type, this.away, { capture: true });
    this.element.remove();
  }
}
