// Agreement: only what reviewers see differently, side by side, and the figures of how far they agree.

import { get } from "./api.js";
import { button, fill, h, said } from "./dom.js";
import { setKeys } from "./keys.js";
import { listen, placeLink } from "./queue.js";
import { RULINGS } from "./pending.js";
import { changeOf, inContext, inWords, nameOf, rule, words } from "./rulings.js";

export default class Agreement {
  constructor(context, { parameters, main }) {
    Object.assign(this, { context, parameters, main });
    this.items = [];
    this.current = 0;
  }

  async open() {
    this.list = h("ol", { class: "disagreements", "aria-label": "Disagreements" });
    this.figures = h("div", { class: "figures" });
    this.status = h("p", { class: "count", role: "status" });
    this.more = button("More", null, () => this.#load());
    fill(this.main, h("h1", {}, "Agreement"),
      h("p", { class: "lead" }, "Shown is only what reviewers ruled differently. The version you take is the one that counts."),
      this.figures, this.status, this.list, h("div", { class: "row centre" }, this.more));
    const on = (work) => () => this.items[this.current] && work(this.items[this.current]);
    setKeys([
      { key: "j", also: ["ArrowDown"], name: "Next", group: "Move", run: () => this.select(this.current + 1) },
      { key: "k", also: ["ArrowUp"], name: "Previous", group: "Move", run: () => this.select(this.current - 1) },
      { key: "Enter", name: "Open it in its document", group: "Move", run: (event) => event.target.closest("button, a") ? false : on(({ item }) => this.context.go(placeLink(item)))() },
      ...[1, 2, 3, 4].map((n) => ({ key: String(n), name: `Take version ${n}`, group: "Rule", run: on((row) => row.item.versions[n - 1] && this.#take(row, row.item.versions[n - 1])) })),
    ]);
    this.off = listen(this.context, () => {}, (detail) => this.#settled(detail), () => {});
    await this.#load();
    window.scrollTo(0, 0);
    this.select(0, false);
  }

  leave() {
    this.off?.();
  }

  /** What was settled here and is taken back waits again. */
  #settled({ entry, answer }) {
    if (entry.path === RULINGS) return;
    for (const { target, state } of answer.records ?? []) {
      const row = this.items.find(({ item }) => item.target === target);
      if (!row || state !== "disputed") continue;
      row.taken = null;
      this.#show(row);
      this.select(this.items.indexOf(row));
    }
  }

  async #load() {
    const page = await get("/api/disagreements", { ...Object.fromEntries(this.parameters), limit: 50, cursor: this.next });
    this.next = page.next;
    this.more.hidden = !this.next;
    for (const item of page.items) this.#append(item);
    fill(this.status, page.total ? `${page.total} to settle` : "No two reviewers disagree.");
    if (page.agreement) fill(this.figures, figures(page.agreement, this.context.labels));
  }

  #append(item) {
    const row = { item, element: h("li", { tabindex: "-1" }) };
    this.items.push(row);
    this.list.append(row.element);
    row.element.addEventListener("focusin", () => this.items[this.current] !== row && this.select(this.items.indexOf(row), false));
    this.#show(row);
  }

  #show(row) {
    const { item } = row;
    fill(row.element,
      h("div", { class: "passage" }, h("span", { class: "tag", dataset: { label: item.label } }, this.context.labels[item.label]?.title ?? words(item.label)), " ", item.kind === "mention" ? inContext(item) : inWords(item),
        h("div", { class: "source" }, h("a", { href: placeLink(item) }, said(item.document?.title ?? item.document?.path ?? "")))),
      h("div", { class: "versions" }, item.versions.map((version, index) => h("div", { class: `version${row.taken === version ? " taken" : ""}` },
        h("h3", {}, said(version.user)),
        h("p", { class: "row" }, h("strong", {}, version.ruling ?? "no ruling"), ...fieldsOf(version.record)),
        button(row.taken === version ? "Taken" : "Take this", String(index + 1), () => this.#take(row, version))))));
  }

  #take(row, version) {
    const { item } = row;
    row.taken = version;
    const { anchor, ...fields } = version.record ?? {};
    const change = changeOf(item, version.ruling, item.document?.id, { ...fields, adjudicates: true });
    rule(this.context, item.document?.id, [change], `settled: ${nameOf(item)} as ${version.user} has it`);
    this.#show(row);
    this.select(this.items.indexOf(row) + 1);
  }

  select(index, focus = true) {
    if (!this.items.length) return;
    this.items[this.current]?.element.removeAttribute("aria-current");
    this.items[this.current].element.tabIndex = -1;
    this.current = Math.max(0, Math.min(index, this.items.length - 1));
    const { element } = this.items[this.current];
    element.setAttribute("aria-current", "true");
    element.tabIndex = 0;
    if (focus) {
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    }
  }
}

const figure = (value) => value.toFixed(2).replace("-", "−");

function fieldsOf(record) {
  return Object.entries(record ?? {})
    .filter(([name, value]) => name !== "anchor" && value !== null && typeof value !== "object")
    .map(([name, value]) => h("span", { class: "why" }, `${words(name)}: `, said(String(value))));
}

function figures({ alpha = {}, f1 = [] }, labels) {
  return [
    h("table", {}, h("caption", {}, "Krippendorff’s alpha by label"),
      h("tbody", {}, Object.entries(alpha).filter(([, value]) => value !== null).map(([label, value]) => h("tr", {}, h("th", { scope: "row" }, labels[label]?.title ?? words(label)), h("td", { class: "number" }, figure(value)))))),
    h("table", {}, h("caption", {}, "F1 of pairs"),
      h("tbody", {}, f1.map((pair) => h("tr", {}, h("th", { scope: "row" }, said(pair.a), " · ", said(pair.b)), h("td", { class: "number" }, pair.f1 === null ? "–" : figure(pair.f1)), h("td", {}, h("small", {}, `${pair.n} shared`)))))),
  ].filter((table) => table.querySelector("td"));
}
