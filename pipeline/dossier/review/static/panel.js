// Beside the text: relations and events as cards in the order of the text, names, conflicts, comments, what was lost.

import { announce, fill, h, newId, said } from "./dom.js";
import { stateChip } from "./lists.js";
import { fillersOf, placeOf, rolesOf } from "./model.js";
import { nameOf, words } from "./rulings.js";
import { keepIn } from "./outline.js";
import { namesTab } from "./names.js";
import { normText } from "./chosen.js";

const TABS = [["said", "Said"], ["names", "Names"], ["conflicts", "Conflicts"], ["comments", "Comments"]];

export class Panel {
  constructor(view) {
    this.view = view;
    this.cards = new Map();
    this.tab = "said";
    this.formSlot = h("div", { class: "form-slot" });
    this.tabs = TABS.map(([name, label]) => h("button", {
      type: "button", role: "tab", id: newId("tab"), "aria-selected": "false", dataset: { tab: name }, onclick: () => this.open(name),
    }, label));
    this.list = h("div", { role: "tabpanel", class: "cards", tabindex: "0" });
    this.bar = h("div", { class: "tabs", role: "tablist", "aria-label": "What is said", onkeydown: (event) => this.#arrows(event) }, this.tabs);
    this.element = h("div", { class: "panel" }, this.formSlot, this.bar, this.list);
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("focusin", (event) => this.#focused(event));
    this.list.addEventListener("pointerenter", () => (this.held = true));
    this.list.addEventListener("pointerleave", () => (this.held = false));
    this.open("said");
  }

  #arrows(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const index = TABS.findIndex(([name]) => name === this.tab);
    this.open(TABS[(index + move + TABS.length) % TABS.length][0]);
    this.tabs.find((tab) => tab.dataset.tab === this.tab).focus();
    event.preventDefault();
  }

  open(name) {
    this.tab = name;
    for (const tab of this.tabs) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on) this.list.setAttribute("aria-labelledby", tab.id);
    }
    this.#fill();
    this.list.scrollTop = 0;
  }

  #fill() {
    this.cards.clear();
    this.#count();
    const { model } = this.view;
    if (this.tab === "said") fill(this.list, this.#order().map((record) => this.#card(record)));
    else if (this.tab === "names") fill(this.list, namesTab(this.view));
    else if (this.tab === "conflicts") fill(this.list, [...model.conflicts, ...model.absences].map((record) => this.#card(record)));
    else fill(this.list, this.#comments());
    if (!this.list.childElementCount) fill(this.list, h("p", { class: "quiet-text" }, "There is nothing here."));
  }

  #count() {
    const { model } = this.view;
    const { said: saidTab, names, conflicts, comments } = Object.fromEntries(this.tabs.map((tab) => [tab.dataset.tab, tab]));
    fill(saidTab, `Said ${model.relations.length + model.events.length}`);
    fill(names, `Names ${model.entities.length}`);
    fill(conflicts, `Conflicts ${model.conflicts.length + model.absences.length}`);
    fill(comments, `Notes ${model.comments.length + model.waitingComments.length + model.lost.length}`);
  }

  /** Relations and events in the order of the text. */
  #order() {
    const { relations, events } = this.view.model;
    if (this.ordered?.relations !== relations) {
      this.ordered = { relations, list: [...relations, ...events].sort((a, b) => placeOf(a) - placeOf(b)) };
    }
    return this.ordered.list;
  }

  #card(record) {
    const node = h("article", { class: "card", tabindex: "-1", dataset: { card: record.target } });
    this.cards.set(record.target, node);
    this.#show(node, record);
    return node;
  }

  #show(node, record) {
    node.dataset.state = record.state ?? "";
    node.dataset.kind = record.kind;
    node.classList.toggle("waiting", Boolean(record.waiting));
    node.setAttribute("aria-label", `${record.kind}: ${nameOf(record)}, ${record.state ?? ""}`);
    fill(node, h("header", {}, h("span", { class: "type" }, words(record.type ?? record.about?.field ?? record.kind)), record.state ? stateChip(record) : null),
      body(record, this.view.model), qualifiers(record), quote(record, this.view.id));
  }

  /** Show again the cards of these targets; a new or vanished one makes the list again, without a move. */
  refresh(targets) {
    if (targets.some((target) => {
      const record = this.view.model.get(target);
      return (record === undefined) === this.cards.has(target) && (!record || this.#belongs(record));
    }) || (this.tab === "names" && targets.length) || this.tab === "comments") {
      const { scrollTop } = this.list;
      const focused = document.activeElement?.closest?.("[data-card]")?.dataset.card;
      this.#fill();
      this.list.scrollTop = scrollTop;
      if (focused) this.cards.get(focused)?.focus({ preventScroll: true });
    } else {
      for (const target of targets) {
        const node = this.cards.get(target);
        if (node) this.#show(node, this.view.model.get(target));
      }
      this.#count();
    }
    this.#mark();
  }

  #belongs({ kind }) {
    return this.tab === "said" ? kind === "relation" || kind === "event" : this.tab === "conflicts" && kind === "conflict";
  }

  /** Show what is said of a record: its own card, or those that name a mention. */
  choose(record, move) {
    this.chosen = record;
    const own = record.kind !== "mention";
    if (own && !this.cards.has(record.target)) {
      const tab = { relation: "said", event: "said", entity: "names", conflict: "conflicts" }[record.kind];
      if (tab && tab !== this.tab) this.open(tab);
    }
    const first = this.#mark();
    const card = own ? this.cards.get(record.target) : first;
    if (card && move) keepIn(this.list, card);
  }

  /** Light the cards that concern what is chosen; returns the first of them. */
  #mark() {
    const record = this.chosen && this.view.model.get(this.chosen.target);
    for (const node of this.list.querySelectorAll(".current, .related")) {
      node.classList.remove("current", "related");
      node.removeAttribute("aria-current");
    }
    if (!record) return null;
    const own = this.cards.get(record.target);
    own?.classList.add("current");
    own?.setAttribute("aria-current", "true");
    if (record.kind !== "mention" || this.tab !== "said") return own ?? null;
    const related = this.view.model.naming(record).map(({ target }) => this.cards.get(target)).filter(Boolean);
    for (const node of related) node.classList.add("related");
    return related[0] ?? null;
  }

  /** The next or previous card of what is open, the relations and events first; `pending`: that waits. */
  step(direction, pending = false) {
    if (this.tab === "comments") this.open("said");
    const order = this.tab === "said" ? this.#order() : [...this.cards.keys()].map((target) => this.view.model.get(target)).filter(Boolean);
    const here = this.view.model.get(this.view.current);
    let index = order.indexOf(here);
    if (index < 0 && this.tab === "said") {
      const at = here ? placeOf(here) : this.view.text.topOffset();
      index = order.findIndex((record) => placeOf(record) >= at) - (direction > 0 ? 1 : 0);
    }
    for (index += direction; index >= 0 && index < order.length; index += direction) {
      const record = order[index];
      if (pending && record.state !== "pending" && record.state !== "disputed") continue;
      this.view.choose(record.target);
      this.cards.get(record.target)?.focus({ preventScroll: true });
      return;
    }
    announce("No further card");
  }

  /** Keep beside the reader what is said where they read; not while they are at the cards. */
  follow(offset) {
    if (this.held || this.tab !== "said" || this.list.contains(document.activeElement)) return;
    const record = this.#order().find((each) => placeOf(each) >= offset);
    const card = record && this.cards.get(record.target);
    if (card && this.list.scrollHeight > this.list.clientHeight) this.list.scrollTop += card.getBoundingClientRect().top - this.list.getBoundingClientRect().top - 8;
  }

  #clicked(event) {
    const target = event.target.closest("[data-card]")?.dataset.card;
    if (target) this.view.choose(target, { card: false });
  }

  #focused(event) {
    const target = event.target.closest("[data-card]")?.dataset.card;
    if (target && target !== this.view.current) this.view.choose(target, { card: false });
  }

  showForm(form) {
    fill(this.formSlot, form);
    this.formSlot.classList.add("open");
    form.querySelector("select, input, textarea, button")?.focus();
    this.formSlot.scrollIntoView({ block: "nearest" });
    this.view.seeCurrent();
  }

  closeForm() {
    this.view.picking = null;
    this.formSlot.classList.remove("open");
    fill(this.formSlot);
  }

  #comments() {
    const { model } = this.view;
    const lost = model.lost.map((record) => h("article", { class: "card lost" }, h("header", {}, h("span", { class: "type" }, "needs a look"), stateChip({ state: "lost", review: record.review })),
      h("p", {}, "This ruling finds its words no more: ", said(nameOf(record)), record.label ? ` (${record.label})` : "")));
    const comments = [...model.comments, ...model.waitingComments].map((comment) =>
      h("article", { class: "card", dataset: { card: comment.target } }, h("header", {}, h("span", { class: "type" }, said(comment.by)), comment.waiting ? "waiting" : h("time", {}, comment.at ? new Date(comment.at).toLocaleString() : "")),
        h("p", {}, said(comment.text)), h("small", {}, said(nameOf(model.get(comment.target) ?? { target: "" })))));
    return [...lost, ...comments];
  }
}

function body(record, model) {
  if (record.kind === "relation") {
    return h("p", { class: "fact" }, said(record.subject?.text), h("span", { class: "arrow" }, ` ${record.status === "denied" ? "not " : ""}→ `), said(record.object?.text));
  }
  if (record.kind === "event") {
    return h("dl", { class: "roles" }, h("div", {}, h("dt", {}, "told by"), h("dd", {}, said(record.trigger?.text))),
      rolesOf(record).map(([role]) => h("div", {}, h("dt", {}, words(role)), h("dd", {}, fillers(record, role)))));
  }
  if (record.kind === "conflict") {
    return h("div", {}, h("p", {}, said(nameOf(model.get(record.about?.record) ?? record)), ` · ${words(record.about?.why)}`),
      h("ul", {}, (record.values ?? []).map(({ value, evidence }) => h("li", {}, h("strong", {}, said(typeof value === "object" ? normText(value) : String(value))), " ", said(evidence?.[0]?.quote)))));
  }
  return h("p", {}, record.kind === "absence" ? "The report says there is none: " : "", said(typeof record.about === "string" ? record.about : nameOf(record)));
}

function fillers(record, role) {
  const list = [fillersOf(record, role)].flat().filter(Boolean);
  return list.map((filler, index) => [index ? ", " : "", said(filler.text), normOf(filler) ? h("small", {}, ` ${normOf(filler)}`) : null]);
}

/** The normal form of a filler, where it says more than the words. */
function normOf(filler) {
  const text = filler.norm || "min" in filler ? normText(filler.norm ?? filler) : "";
  return text === filler.text ? "" : text;
}

function qualifiers(record) {
  const { start, end, role, status, holder } = record;
  const parts = [
    start || end ? [record.kind === "relation" ? "when" : null, start === end || !end ? start : `${start ?? "…"} to ${end}`] : null,
    role ? ["as", words(role)] : null,
    status && status !== "asserted" ? ["status", words(status)] : null,
    holder ? ["says", holder] : null,
  ].filter(Boolean);
  if (record.kind === "mention" || !parts.length) return null;
  return h("p", { class: "qualifiers" }, parts.map(([name, value]) => h("span", {}, name ? h("i", {}, `${name} `) : null, said(value))));
}

function quote(record, id) {
  const evidence = record.evidence?.[0];
  if (!evidence?.quote || record.kind === "conflict") return null;
  const more = record.evidence.length - 1;
  return h("blockquote", { dir: "auto" }, evidence.document === id || !evidence.document ? "" : "elsewhere: ", evidence.quote, more > 0 ? h("small", {}, ` and ${more} more`) : null);
}
