// The chosen mention, relation or event, and the buttons that rule on it. On a narrow screen it is the bar at the bottom.

import { setLabel } from "./actions.js";
import { button, fill, h, hidden, said } from "./dom.js";
import { stateChip } from "./lists.js";
import { nameOf, words } from "./rulings.js";

const HANDS = { mention: "arexmclv", relation: "arec", event: "arec", entity: "armc", conflict: "arc" };
const SHORT = { a: "Accept", r: "Reject", e: "Edit", x: "All same", m: "Names", c: "Comment", l: "Relation", v: "Event" };
const ENDS = [["Start", "q", "←", "w", "→", "Q", "⇐", "W", "⇒"], ["End", "u", "←", "i", "→", "U", "⇐", "I", "⇒"]];

export class Chosen {
  constructor(view) {
    this.view = view;
    this.body = h("div", { class: "chosen-body" });
    this.element = h("section", { class: "actions", "aria-label": "Chosen" }, this.body);
    this.show();
  }

  show() {
    const record = this.view.model.get(this.view.current);
    const key = document.activeElement?.closest?.(".actions [data-key]")?.dataset.key;
    fill(this.body, record ? this.#parts(record) : this.#nothing());
    if (key) this.body.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  }

  focus() {
    this.body.querySelector(".hands button").focus();
  }

  #nothing() {
    return [
      h("p", { class: "quiet-text" }, "Choose a mark or a card, or select words to mark them."),
      h("div", { class: "row hands" }, this.#hand("j", "Next"), this.#hand("n", "Next to rule on"), this.#hand("s", "Select"), this.#toCards()),
    ];
  }

  #parts(record) {
    const mention = record.kind === "mention";
    return [
      h("div", { class: "chosen-name" }, h("div", {},
        h("strong", { dir: "auto" }, said(nameOf(record))), " ", stateChip(record),
        h("small", {}, [mention ? null : words(record.type ?? record.kind), record.by, confidence(record)].filter(Boolean).join(" · "))), this.#toCards(), this.#hand("n", "Next")),
      mention ? this.#labels(record) : null,
      mention ? this.#facts(record) : null,
      h("div", { class: "row hands" }, [...(HANDS[record.kind] ?? "c")].map((key) => this.#hand(key, SHORT[key]))),
      mention ? h("div", { class: "ends" }, ENDS.map(([name, ...keys]) => this.#ends(name, keys))) : null,
      this.#votes(record),
      this.#comments(record),
    ];
  }

  #hand(key, label) {
    const action = this.view.actions.find((each) => each.key === key);
    return button(label, key, () => action.run(), { title: action.name, dataset: { key }, class: { a: "accept", r: "reject" }[key] ?? null });
  }

  /** Where the cards stand below the text, not beside it: the way there. */
  #toCards() {
    return button("Cards", null, () => this.view.panel.element.scrollIntoView(), { class: "quiet to-cards" });
  }

  #labels(record) {
    const { labels, session } = this.view.context;
    return h("div", { class: "labels", role: "group", "aria-label": "Label" }, session.labels.map(({ name, title }) =>
      button(title.split(",")[0], labels[name].key, () => setLabel(this.view, name), {
        class: "tag", dataset: { label: name, key: `label ${name}` }, title, "aria-pressed": String(record.label === name),
      })));
  }

  #facts(record) {
    const entity = record.entity ? this.view.model.get(record.entity) : null;
    const facts = [
      record.norm ? ["stands for", normText(record.norm)] : null,
      entity && entity.name !== record.text ? ["name of", entity.name] : null,
    ].filter(Boolean);
    return facts.length ? h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, said(value))))) : null;
  }

  #ends(name, keys) {
    const units = ["one character back", "one character on", "one word back", "one word on"];
    const pairs = [0, 1, 2, 3].map((i) => [keys[i * 2], keys[i * 2 + 1], units[i]]);
    return h("div", { class: "end", role: "group", "aria-label": name }, h("span", { "aria-hidden": "true" }, name),
      [2, 0, 1, 3].map((i) => {
        const [key, sign, unit] = pairs[i];
        const action = this.view.actions.find((each) => each.key === key);
        return button([h("span", { "aria-hidden": "true" }, sign), hidden(`${name} ${unit}`)], key, () => action.run(), { title: action.name, dataset: { key } });
      }));
  }

  /** Where several ruled: who said what. */
  #votes({ votes }) {
    return votes?.length > 1 ? h("p", { class: "votes" }, votes.map(({ user, ruling }) => h("span", {}, said(user), `: ${ruling}`))) : null;
  }

  #comments(record) {
    const comments = this.view.model.commentsOf(record.target);
    if (!comments.length) return null;
    return h("ul", { class: "comments" }, comments.map((comment) => h("li", {}, h("strong", {}, said(comment.by)), " ", said(comment.text), comment.waiting ? h("small", {}, " waiting") : null)));
  }
}

const confidence = ({ confidence: value }) => (value === null || value === undefined ? null : `confidence ${value.toFixed(2)}`);

/** A normal form in words. */
export function normText(norm) {
  if (!norm) return "";
  if (norm.edtf) return norm.edtf;
  if ("min" in norm) return `${norm.approximate ? "about " : ""}${rangeText(norm.min, norm.max)}${norm.unit ? ` ${norm.unit}` : ""}`;
  return [norm.country, norm.lat !== null && norm.lat !== undefined ? `${norm.lat}, ${norm.lon}` : null, norm.geonames ? `GeoNames ${norm.geonames}` : null].filter(Boolean).join(" · ");
}

function rangeText(min, max) {
  if (min === null && max === null) return "unknown";
  if (min === max) return String(min);
  return min === null ? `up to ${max}` : max === null ? `${min} or more` : `${min}–${max}`;
}
