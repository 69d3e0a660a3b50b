// One document: its text with marks, the page it stands on, and beside it what is said of it.

import { actionsOf } from "./actions.js";
import { Arcs } from "./arcs.js";
import { documentPath, get, getText } from "./api.js";
import { Text } from "./codepoints.js";
import { announce, button, fill, h, said } from "./dom.js";
import { setKeys } from "./keys.js";
import { changesSince } from "./live.js";
import { Minutes } from "./minutes.js";
import { DocumentModel, spanOf } from "./model.js";
import { Outline } from "./outline.js";
import { PagePane } from "./pages.js";
import { Panel } from "./panel.js";
import { changesOf, RULINGS } from "./pending.js";
import { SelectionTool } from "./selection.js";
import { Chosen } from "./chosen.js";
import { listen } from "./queue.js";
import { bringIntoView, TextView } from "./text.js";
import { Tip } from "./tip.js";

const FOLLOW = 120; // milliseconds
const AGAIN = 500; // milliseconds until records that were overtaken or lost on the way are asked for again
const LONGEST_WAIT = 8000;
const ALONE = new Set(["accept", "reject", "edit", "add"]); // rulings that change the record they are on and no other

export default class DocumentView {
  constructor(context, { id, parameters, main, bar }) {
    Object.assign(this, { context, id, main, bar });
    this.wanted = parameters.get("at");
    this.current = null; // target of the mention, relation, event or the like that rulings go to
    this.settled = 0; // answers taken
    this.made = new Set(); // decisions whose outcome is shown here
    this.picking = null; // a form that waits for a mark to be chosen
  }

  async open() {
    const [about, text, records] = await Promise.all([
      get(documentPath(this.id)), getText(documentPath(this.id, "/text")), get(documentPath(this.id, "/records")),
    ]);
    this.model = new DocumentModel(about, new Text(text), records, this.context.session.user, this.context.outbox.entries);
    this.actions = actionsOf(this);
    this.#build(about);
    this.#listen();
    setKeys(this.actions);
    this.minutes = new Minutes(this.context, this.id);
    this.#progress();
    if (this.wanted && this.model.get(this.wanted)) this.choose(this.wanted, { focus: true });
  }

  #build(about) {
    this.text = new TextView(this.model);
    this.arcs = new Arcs(this);
    this.outline = new Outline(this);
    this.pages = about.pages && about.media_type === "application/pdf" ? new PagePane(this) : null;
    this.panel = new Panel(this);
    this.chosen = new Chosen(this);
    this.selection = new SelectionTool(this);
    this.tip = new Tip(this);
    this.counts = h("span", { class: "counts" });
    this.finish = button("Finish", "f", () => this.toggleFinish(), { class: "finish" });
    this.arrived = h("p", { class: "arrived", role: "status" });
    const pane = h("section", { class: "pane", "aria-label": "Text" }, this.arcs.element, this.text.element);
    this.left = h("aside", { class: "left", "aria-label": "Contents and page" }, this.outline.element, this.pages?.element ?? null);
    fill(this.main, h("div", { class: `doc${this.pages ? " has-pages" : ""}` },
      h("header", { class: "head" },
        h("div", {}, h("h1", {}, said(about.title || about.path)),
          h("p", { class: "meta" }, [about.publisher, about.date, about.path].filter(Boolean).map((each) => h("span", {}, said(each))), this.arrived)),
        h("div", { class: "row" }, this.counts, this.viewButtons(), this.finish)),
      this.left, pane,
      h("aside", { class: "side", "aria-label": "What is said" }, this.chosen.element, this.panel.element),
      this.selection.toolbar));
    this.pane = pane;
    if (this.pages) this.showPages(window.matchMedia("(min-width: 900px)").matches); // narrower, the text comes first
    window.scrollTo(0, 0);
  }

  viewButtons() {
    const has = (name) => this.main.classList.contains(name);
    const toggle = (name, label, key) => {
      const node = button(label, key, () => this.toggle(name), { class: "quiet", "aria-pressed": String(has(name)) });
      node.dataset.view = name;
      return node;
    };
    return h("div", { class: "row views", role: "group", "aria-label": "Show" },
      toggle("tags", "Labels", "t"), toggle("arcs", "Arcs", "b"),
      this.pages ? button("Page", "g", () => this.showPages(!this.pagesShown), { class: "quiet", "aria-pressed": "false", dataset: { view: "pages" } }) : null);
  }

  toggle(name) {
    const on = this.main.classList.toggle(name);
    this.main.querySelector(`[data-view="${name}"]`)?.setAttribute("aria-pressed", String(on));
    if (name === "arcs") this.arcs.draw();
  }

  showPages(on) {
    if (!this.pages) return;
    this.pagesShown = on;
    this.main.querySelector(".doc").classList.toggle("with-page", on);
    this.main.querySelector('[data-view="pages"]')?.setAttribute("aria-pressed", String(on));
    this.pages.element.hidden = !on;
    this.outline.element.hidden = on;
    if (on) this.pages.show(this.model.get(this.current));
  }

  #listen() {
    this.off = listen(this.context, () => this.overlay(), (detail) => this.#settled(detail), (changes) => this.#others(changes));
    this.text.element.addEventListener("click", (event) => this.#clicked(event));
    this.text.element.addEventListener("focusin", (event) => {
      const target = event.target.closest(".m, .trigger")?.dataset.t;
      if (target && target !== this.current && !this.pointing) this.choose(target, { scroll: false });
    });
    let timer = 0;
    this.onScroll = () => {
      window.clearTimeout(timer); // what follows the reader waits until the scrolling rests
      timer = window.setTimeout(() => {
        const offset = this.text.topOffset();
        this.outline.follow(offset);
        this.panel.follow(offset);
      }, FOLLOW);
    };
    this.onResize = () => this.arcs.draw();
    window.addEventListener("scroll", this.onScroll, { passive: true });
    window.addEventListener("resize", this.onResize);
  }

  leave() {
    this.gone = true;
    this.off?.();
    this.minutes?.end();
    this.selection?.close();
    this.tip?.end();
    window.removeEventListener("scroll", this.onScroll);
    window.removeEventListener("resize", this.onResize);
    CSS.highlights?.clear();
    this.main.className = "";
  }

  stays(name, id, parameters) {
    if (name !== "doc" || id !== this.id || !this.text) return false;
    if (parameters.get("at")) this.choose(parameters.get("at"), { focus: true });
    return true;
  }

  #clicked(event) {
    const node = event.target.closest(".m, .trigger");
    if (!node || !window.getSelection().isCollapsed) return;
    if (this.picking && node.classList.contains("m")) return this.picking(node.dataset.t);
    this.choose(node.dataset.t, { focus: true, scroll: false });
  }

  /** Make a record the one that keys rule on: lit in the text, on the page and among the cards. */
  choose(target, { focus = false, scroll = true, card = true } = {}) {
    const record = this.model.get(target);
    if (!record) return;
    this.current = target;
    const inText = this.text.node(target) !== null;
    this.text.setCurrent(target, { focus: focus && inText, scroll: scroll && inText });
    this.#lightEvidence(record, scroll && !inText);
    this.chosen.show();
    this.panel.choose(record, card);
    this.arcs.draw();
    if (this.pagesShown) this.pages.show(record);
  }

  /** Have in view what is current, also where a form that opened covers a part of the page. */
  seeCurrent() {
    const record = this.model.get(this.current);
    const node = this.text.node(this.current) ?? (record && spanOf(record) && this.text.blockAt(spanOf(record).start).element);
    if (node) bringIntoView(node);
  }

  #lightEvidence(record, scroll) {
    const span = record.kind === "mention" ? null : (record.evidence?.[0] ?? spanOf(record));
    if (!span || (span.document && span.document !== this.id)) return CSS.highlights?.delete("evidence");
    const range = this.text.rangeOf(span.start, span.end);
    CSS.highlights?.set("evidence", new Highlight(range));
    if (scroll) bringIntoView(this.text.blockAt(span.start).element);
    return true;
  }

  /** The mention before or after the current one, or where the reader is; `pending`: that waits for a ruling. */
  step(direction, pending = false) {
    const { mentions } = this.model;
    if (!mentions.length) return;
    const here = this.model.get(this.current);
    let index = here?.kind === "mention" ? mentions.indexOf(here) : -1;
    if (index < 0) {
      const at = spanOf(here ?? {})?.start ?? this.text.topOffset();
      index = mentions.findIndex((mention) => mention.start >= at);
      if (index < 0) index = mentions.length;
      if (direction > 0) index -= 1;
    }
    for (index += direction; index >= 0 && index < mentions.length; index += direction) {
      const { state, target } = mentions[index];
      if (pending ? state === "pending" || state === "disputed" : true) return this.choose(target, { focus: true });
    }
    announce(pending ? "None waits further on" : "No further mark");
  }

  /** Lay the outbox over the records and show what differs. */
  overlay() {
    this.#refresh(this.model.overlay(this.context.outbox.entries));
  }

  #refresh(targets) {
    this.panel.refresh(targets);
    if (targets.length) {
      this.text.refresh(targets);
      this.chosen.show();
      this.arcs.draw();
    }
    this.#progress();
  }

  #progress() {
    const { pending, done } = this.model.counts();
    fill(this.counts, `${pending.toLocaleString("en")} to rule on · ${done.toLocaleString("en")} done`);
    this.finish.firstChild.textContent = this.model.isFinished ? "Reopen" : "Finish";
    this.outline.count();
  }

  #settled({ entry, answer }) {
    this.#takeFinish(answer, entry);
    this.settled += 1;
    for (const decision of answer.decisions ?? []) this.made.add(decision);
    this.model.settle(answer, entry.document === this.id);
    const comments = changesOf(entry).filter((change) => change.ruling === "comment" && change.document === this.id);
    this.model.comments.push(...comments.map(({ target, record }) => ({ target, text: record.text, by: entry.user, at: new Date().toISOString() })));
    if (entry.path !== RULINGS && (!answer.records?.length || answer.said?.startsWith("comment"))) this.reload(); // their text is not in the answer
    if (answer.removed?.includes(this.current) && answer.records?.length) {
      this.current = answer.records.at(-1).target; // it stood there already, under another name
      this.wanted = this.current;
    }
    this.#refresh(this.model.overlay(this.context.outbox.entries));
    if (entry.path !== RULINGS && document.visibilityState === "visible") this.#goTo(answer.records ?? []);
  }

  /** To what an undo or redo changed, unless the reader is there. */
  #goTo(records) {
    const found = records.map(({ target }) => this.model.get(target)).filter((record) => record && record.kind !== "entity" && spanOf(record));
    if (found.length && !found.some(({ target }) => target === this.current)) this.choose(found[0].target, { focus: !this.main.querySelector(".form-slot.open") });
  }

  #takeFinish(answer, entry) {
    const about = (answer.records ?? []).find((record) => record.kind === "document" && (record.target ?? record.id) === this.id);
    if (about && "finished" in about) this.model.finished = about.finished;
    else if (entry?.document === this.id) {
      const last = (entry.body?.changes ?? []).findLast((change) => change.kind === "document");
      if (last) this.model.finished = last.ruling === "finish";
    }
  }

  /** Rulings made elsewhere: only the records they changed are fetched, unless more than those moved. */
  async #others(changes) {
    const news = changes.filter((change) => change.document === this.id && change.decision > this.model.revision && !this.made.has(change.decision));
    if (!news.length) return;
    let known;
    try {
      known = await changesSince(this.id, news[0].decision - 1);
    } catch {
      return void this.reload(); // the poll tells them once
    }
    const others = known.filter((change) => change.by !== this.context.session.user);
    if (others.length) {
      const names = [...new Set(others.map((change) => change.by))].join(", ");
      fill(this.arrived, `${names}: ${others.length === 1 ? `${others[0].ruling} just now` : `${others.length} rulings just now`}`);
    }
    for (const { decision } of known) this.made.add(decision);
    if (known.some((change) => !ALONE.has(change.ruling) || change.kind === "entity" || !change.record)) return void this.reload();
    this.model.settle({ records: known.map(({ record, target, kind }) => ({ ...record, target, kind })) });
    this.overlay();
  }

  /** Ask for all records again; not overtaken by an answer that came meanwhile. */
  async reload() {
    this.outdated = true;
    if (this.reloading) return;
    this.reloading = true;
    let wait = AGAIN;
    while (this.outdated && !this.gone) {
      this.outdated = false;
      const { settled } = this;
      try {
        const [records, about] = await Promise.all([get(documentPath(this.id, "/records")), get(documentPath(this.id))]);
        if (settled === this.settled) this.#takeAll(records, about);
        else this.outdated = true;
        wait = AGAIN;
      } catch {
        this.outdated = true;
        wait = Math.min(LONGEST_WAIT, wait * 2);
      }
      if (this.outdated) await new Promise((resolve) => window.setTimeout(resolve, wait));
    }
    this.reloading = false;
  }

  #takeAll(records, about) {
    const before = this.model.records;
    this.model.finished = about.finished;
    this.model.load(records, this.context.outbox.entries);
    this.#refresh(differing(before, this.model.records));
  }

  toggleFinish() {
    this.actions.find((action) => action.key === "f").run();
  }
}

/** The targets whose record says something else than before. */
function differing(before, after) {
  const found = [];
  for (const [target, record] of after) {
    if (JSON.stringify(before.get(target)) !== JSON.stringify(record)) found.push(target);
  }
  for (const target of before.keys()) if (!after.has(target)) found.push(target);
  return found;
}
