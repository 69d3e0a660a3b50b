// The queue: what waits for a ruling, the doubtful and the consequential first.

import { get } from "./api.js";
import { announce, button, fill, h, said } from "./dom.js";
import { setKeys } from "./keys.js";
import { filterBar, stateChip } from "./lists.js";
import { changesSince } from "./live.js";
import { applied } from "./model.js";
import { changesOf, standing } from "./pending.js";
import { changeOf, commentOn, inContext, inWords, nameOf, rule, ruleIdentical, words } from "./rulings.js";

const KINDS = ["mention", "relation", "event", "entity", "conflict"];
const STATES = [["open", "to rule on"], ["pending", "never ruled on"], ["disputed", "disputed"], ["accepted", "accepted"], ["edited", "edited"], ["rejected", "rejected"], ["added", "added"], ["lost", "lost: need a look"], ["all", "any state"]];
const ORDERS = [["", "doubtful first"], ["text", "as in the text"]];
const PAGE = 50;
const AHEAD = 40; // proposals whose place is remembered
const MOST_PAGES = 10; // that are asked for to find it again
const places = new Map(); // filters -> the targets from the current one on

export default class Queue {
  constructor(context, { parameters, main }) {
    Object.assign(this, { context, parameters, main });
    this.items = [];
    this.current = 0;
  }

  async open() {
    this.list = h("ol", { class: "queue", "aria-label": "Proposals" });
    this.more = button("More", null, () => this.#load());
    this.status = h("p", { class: "count", role: "status" });
    this.hands = h("div", { class: "row queue-bar", role: "group", "aria-label": "For the chosen proposal" });
    fill(this.main, h("h1", {}, "Queue"), this.#filters(), this.hands, this.status, this.list, h("div", { class: "row centre" }, this.more));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    this.list.addEventListener("focusin", (event) => this.#focused(event));
    this.off = listen(this.context, () => this.#overlay(), (detail) => this.#settled(detail), (changes) => this.#others(changes));
    this.keys = this.#keys();
    setKeys(this.keys);
    this.#fillHands();
    await this.#load();
    await this.#return();
  }

  leave() {
    this.off?.();
    places.set(this.parameters.toString(), this.items.slice(this.current, this.current + AHEAD).map(({ base }) => base.target));
  }

  /** To where one was when the queue was left, or, where that is settled, to what came after it. */
  async #return() {
    window.scrollTo(0, 0);
    const targets = places.get(this.parameters.toString()) ?? [];
    const find = () => {
      const here = new Map(this.items.map(({ base }, index) => [base.target, index]));
      return here.get(targets.find((target) => here.has(target)));
    };
    for (let page = 1; targets.length && find() === undefined && this.next && page < MOST_PAGES; page += 1) await this.#load();
    this.select(find() ?? 0, false);
    if (this.current) this.item.element.scrollIntoView({ block: "center" });
  }

  /** What else can be done with the chosen proposal, with its keys. */
  #fillHands() {
    const hand = (key, label, props = {}) => button(label, key, () => this.keys.find((each) => each.key === key).run(), props);
    const { labels, session } = this.context;
    this.forMentions = [
      hand("x", "All same"),
      ...session.labels.map(({ name, title }) => button(title.split(",")[0], labels[name].key, () => this.item && this.#label(this.item, name), { class: "tag", dataset: { label: name }, title })),
    ];
    fill(this.hands, button("Open", "Enter", () => this.item && this.context.go(placeLink(this.item.shown))), hand("c", "Comment"), this.forMentions);
    this.#offer();
  }

  #offer() {
    for (const hand of this.forMentions) hand.disabled = this.item?.shown.kind !== "mention";
  }

  #label(item, name) {
    if (item.shown.kind === "mention") this.#rule(item, "edit", { label: name });
    else announce("Only mentions have a label");
  }

  #filters() {
    const { session } = this.context;
    const kind = this.parameters.get("kind") ?? "";
    const types = kind === "relation" ? Object.keys(session.relations) : kind === "event" ? session.events.types : null;
    const labels = session.labels.map((label) => [label.name, label.title]);
    return filterBar("#/queue", this.parameters, [
      { name: "q", type: "search", label: "Search" },
      { name: "kind", label: "What", options: [["", "everything"], ...KINDS.map((each) => [each, each])] },
      types
        ? { name: "type", label: "Type", options: [["", "any type"], ...types.map((type) => [type, words(type)])] }
        : { name: "label", label: "Label", options: [["", "any label"], ...labels] },
      { name: "state", label: "State", options: STATES, initial: "open" },
      { name: "reviewer", label: "Reviewer", options: [["", "anyone"], ...session.users.map((user) => [user, user])] },
      { name: "order", label: "Order", options: ORDERS },
    ], this.parameters.get("document") ? [["document", "one document"]] : []);
  }

  async #load() {
    if (this.loading) return;
    this.loading = true;
    this.more.disabled = true;
    try {
      const asked = { ...Object.fromEntries(this.parameters), limit: PAGE, cursor: this.next };
      asked.state ??= "open";
      const page = await get("/api/queue", asked);
      this.next = page.next;
      this.total = page.total;
      for (const item of page.items) this.#append(item);
      this.more.hidden = !this.next;
      this.#overlay();
      this.#count();
    } finally {
      this.loading = false;
      this.more.disabled = false;
    }
  }

  #append(base) {
    const item = { base, shown: base, element: h("li", { tabindex: "-1" }) };
    item.element.item = item;
    this.items.push(item);
    this.list.append(item.element);
    this.#show(item);
  }

  #show(item) {
    const { shown } = item;
    const label = this.context.labels[shown.label];
    item.element.dataset.state = shown.state;
    item.element.classList.toggle("waiting", Boolean(shown.waiting));
    const where = shown.document ?? {};
    fill(item.element,
      h("div", { class: "what" }, h("span", { class: "tag", dataset: { label: shown.label } }, label?.title ?? words(shown.label)), h("small", {}, shown.kind)),
      h("div", { class: "passage" }, shown.kind === "mention" ? inContext(shown) : inWords(shown), h("div", { class: "source" },
        h("a", { href: placeLink(shown), tabindex: "-1" }, said(where.title ?? where.path ?? "")),
        (shown.why ?? []).map((why) => h("span", { class: "why" }, words(why))),)),
      h("div", { class: "verdict" }, stateChip(shown), h("div", { class: "row hands" },
        h("button", { type: "button", class: "accept", dataset: { do: "a" }, tabindex: "-1", "aria-label": `Accept ${nameOf(shown)}` }, "Accept", h("kbd", { "aria-hidden": "true" }, "a")),
        h("button", { type: "button", class: "reject", dataset: { do: "r" }, tabindex: "-1", "aria-label": `Reject ${nameOf(shown)}` }, "Reject", h("kbd", { "aria-hidden": "true" }, "r")))),
    );
  }

  #count() {
    const done = this.items.filter(({ shown }) => shown.state !== "pending").length;
    fill(this.status, this.total ? `${this.total.toLocaleString("en")} found` : "Nothing waits under these filters.", done ? ` · ${done} ruled on here` : "");
  }

  #keys() {
    const { labels, session } = this.context;
    const on = (work) => () => this.item && work(this.item);
    return [
      { key: "j", also: ["ArrowDown"], name: "Next", group: "Move", run: () => this.select(this.current + 1) },
      { key: "k", also: ["ArrowUp"], name: "Previous", group: "Move", run: () => this.select(this.current - 1) },
      { key: "Enter", name: "Open it in its document", group: "Move", run: (event) => event.target.closest("button, a, summary") ? false : on((item) => this.context.go(placeLink(item.shown)))() },
      { key: "/", name: "Search", group: "Move", run: () => this.main.querySelector("input[type=search]").focus() },
      { key: "a", name: "Accept", group: "Rule", run: on((item) => this.#rule(item, "accept")) },
      { key: "r", name: "Reject", group: "Rule", run: on((item) => this.#rule(item, "reject")) },
      { key: "x", name: "Rule on all with the same words", group: "Rule", run: on((item) => item.shown.kind !== "mention" ? announce("This is for mentions") : ruleIdentical(this.context, item.shown.target, labels[item.shown.label]?.title ?? item.shown.label)) },
      { key: "c", name: "Comment", group: "Rule", run: on((item) => commentOn(this.context, item.shown, item.shown.document?.id)) },
      ...session.labels.slice(0, 9).map((label) => ({
        key: labels[label.name].key, name: `Label: ${label.title}`, group: "Rule",
        run: on((item) => this.#label(item, label.name)),
      })),
      { key: "Escape", name: "Back to the list", group: "Move", hidden: true, run: () => this.select(this.current) },
    ];
  }

  get item() {
    return this.items[this.current];
  }

  select(index, focus = true) {
    if (!this.items.length) return;
    if (index >= this.items.length && this.next) {
      this.#load().then(() => index < this.items.length && this.select(index));
      return;
    }
    this.item?.element.removeAttribute("aria-current");
    if (this.item) this.item.element.tabIndex = -1;
    this.current = Math.max(0, Math.min(index, this.items.length - 1));
    const { element } = this.item;
    element.setAttribute("aria-current", "true");
    element.tabIndex = 0;
    this.#offer();
    if (focus) {
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    }
  }

  #rule(item, ruling, fields = {}) {
    const { shown } = item;
    if (shown.state === "rejected" && ruling === "reject") return;
    rule(this.context, shown.document?.id, [changeOf(shown, ruling, shown.document?.id, fields)], `${ruling} of ${nameOf(shown)}`);
    if (item === this.item) this.select(this.current + 1);
  }

  #clicked(event) {
    const item = event.target.closest("li")?.item;
    if (!item) return;
    const act = event.target.closest("[data-do]")?.dataset.do;
    this.select(this.items.indexOf(item), !event.target.closest("a"));
    if (act === "a") this.#rule(item, "accept");
    if (act === "r") this.#rule(item, "reject");
  }

  #focused(event) {
    const item = event.target.closest("li")?.item;
    if (item && item !== this.item) this.select(this.items.indexOf(item), false);
  }

  /** Show what is on its way over what the server said. */
  #overlay() {
    const laid = new Map();
    for (const entry of standing(this.context.outbox.entries.filter((entry) => entry.state !== "refused"))) {
      for (const change of changesOf(entry)) {
        const base = laid.get(change.target) ?? this.items.find((item) => item.base.target === change.target)?.base;
        if (base) laid.set(change.target, applied(base, change, entry.user));
      }
    }
    for (const item of this.items) {
      const shown = laid.get(item.base.target) ?? item.base;
      if (shown === item.shown) continue;
      const held = item.element.contains(document.activeElement) && document.activeElement !== item.element;
      item.shown = shown;
      this.#show(item);
      if (held) item.element.focus({ preventScroll: true });
    }
    this.#count();
  }

  #settled({ answer }) {
    for (const record of answer.records ?? []) this.#update(record.target ?? record.id, record);
    for (const target of answer.removed ?? []) this.#update(target, { state: "gone" });
    this.#overlay();
  }

  /** Rulings made elsewhere on what is listed here: their records are fetched, and no others. */
  async #others(changes) {
    const listed = new Map(this.items.map(({ base }) => [base.target, base]));
    const news = changes.filter(({ target, decision }) => listed.has(target) && decision > (listed.get(target).revision ?? 0));
    for (const [document, each] of Map.groupBy(news, (change) => change.document)) {
      const known = await changesSince(document, each[0].decision - 1).catch(() => []);
      for (const { target, record } of known) if (record) this.#update(target, record);
    }
    this.#overlay();
  }

  #update(target, record) {
    const item = this.items.find((each) => each.base.target === target);
    if (!item || (record.revision ?? Infinity) < (item.base.revision ?? 0)) return; // overtaken by a later answer
    const { state, revision, review, label } = record;
    item.base = { ...item.base, ...(state && { state }), ...(revision !== undefined && { revision }), ...(label && { label }), review };
  }
}

export const placeLink = (item) => `#/doc/${encodeURIComponent(item.document?.id ?? "")}?at=${encodeURIComponent(item.target)}`;

/** Hear the outbox and the others; returns what ends it. */
export function listen({ outbox, live }, onChange, onSettled, onOthers) {
  const settled = ({ detail }) => onSettled(detail);
  const others = ({ detail }) => onOthers(detail.changes);
  outbox.addEventListener("change", onChange);
  outbox.addEventListener("settled", settled);
  live.addEventListener("changes", others);
  return () => {
    outbox.removeEventListener("change", onChange);
    outbox.removeEventListener("settled", settled);
    live.removeEventListener("changes", others);
  };
}
