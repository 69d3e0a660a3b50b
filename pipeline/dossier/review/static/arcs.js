// Arcs over the text, on demand: of the chosen relation or event, or of all that name the chosen mention.

import { svg } from "./dom.js";
import { words } from "./rulings.js";

export class Arcs {
  constructor(view) {
    this.view = view;
    this.element = svg("svg", { class: "arcs-layer", "aria-hidden": "true" });
  }

  /** Draw what is asked for now, and nothing else. */
  draw() {
    this.element.replaceChildren();
    this.captions = []; // boxes of those drawn
    const { model, current, main } = this.view;
    const record = model.get(current);
    if (!record || (!main.classList.contains("arcs") && record.kind === "mention")) return;
    const records = record.kind === "mention" ? model.naming(record) : [record];
    const frame = this.element.getBoundingClientRect();
    for (const each of records) for (const [from, to, label] of pairs(model, each)) this.#arc(frame, from, to, label, each);
  }

  #arc(frame, from, to, label, record) {
    const { text, model } = this.view;
    const a = this.#middle(frame, from.target ? text.node(from.target) : null);
    const b = this.#middle(frame, to.target ? text.node(to.target) : null);
    if (!a || !b || from.target === to.target) return;
    const rise = a.y === b.y ? Math.min(70, 18 + Math.abs(a.x - b.x) * 0.15) : 26;
    const top = Math.min(a.y, b.y) - rise;
    const line = svg("path", { d: `M ${a.x} ${a.y} C ${a.x} ${top}, ${b.x} ${top}, ${b.x} ${b.y}`, class: "arc" });
    const tip = svg("path", { d: `M ${b.x - 4} ${b.y - 7} L ${b.x} ${b.y} L ${b.x + 4} ${b.y - 7}`, class: "arc" });
    const caption = svg("text", { x: (a.x + b.x) / 2, y: top + rise * 0.22 - 3, class: "arc-label", "text-anchor": "middle" });
    caption.textContent = label;
    const group = svg("g", { "data-state": record.state ?? "", "data-current": String(record.target === model.get(this.view.current)?.target) }, line, tip, caption);
    this.element.append(group);
    const box = this.#free(caption);
    const ground = svg("rect", { x: box.x - 3, y: box.y - 1, width: box.width + 6, height: box.height + 2, rx: 3, class: "arc-ground" });
    group.insertBefore(ground, caption);
  }

  /** Lift a caption until it covers no other. */
  #free(caption) {
    let box = caption.getBBox();
    const hits = (other) => box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height;
    for (let other = this.captions.find(hits); other; other = this.captions.find(hits)) {
      caption.setAttribute("y", Number(caption.getAttribute("y")) - (box.y + box.height - other.y) - 1);
      box = caption.getBBox();
    }
    this.captions.push(box);
    return box;
  }

  #middle(frame, node) {
    const box = node?.getClientRects()[0];
    return box ? { x: box.left + box.width / 2 - frame.left, y: box.top - frame.top } : null;
  }
}

/** What is joined: subject and object, or an event’s trigger and each of its fillers. */
function pairs(model, record) {
  const ends = model.endsOf(record);
  if (record.kind === "relation") {
    const subject = ends.find(({ role }) => role === "subject")?.mention;
    const object = ends.find(({ role }) => role === "object")?.mention;
    return subject && object ? [[subject, object, words(record.type)]] : [];
  }
  return ends.map(({ role, mention }) => [record, mention, words(role)]);
}
