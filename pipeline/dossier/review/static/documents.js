// The documents: what is in them, how far each is, who has it, and the minutes it took.

import { get, post } from "./api.js";
import { announce, button, field, fill, h, openDialog, option, said } from "./dom.js";
import { setKeys } from "./keys.js";
import { filterBar, minutesText, progressBar } from "./lists.js";

const PAGE = 100;
const places = new Map(); // filters -> how far it was scrolled
const STATES = [["", "any"], ["unfinished", "to do"], ["started", "begun"], ["finished", "finished"], ["disputed", "with disputes"], ["lost", "with lost rulings"]];

export default class Documents {
  constructor(context, { parameters, main }) {
    Object.assign(this, { context, parameters, main });
    this.rows = [];
    this.current = -1;
  }

  async open() {
    const { session } = this.context;
    this.body = h("tbody");
    this.more = button("More", null, () => this.#load());
    this.status = h("p", { class: "count", role: "status" });
    this.totals = h("dl", { class: "totals" });
    const reviewers = [["", "anyone"], ...session.users.map((user) => [user, user])];
    fill(this.main, h("div", { class: "row spread" }, h("h1", {}, "Documents"), button("Share out", "S", () => this.#shareOut(), { class: "quiet" })), this.totals,
      filterBar("#/documents", this.parameters, [
        { name: "q", type: "search", label: "Search" },
        { name: "state", label: "State", options: STATES },
        { name: "reviewer", label: "Assigned to", options: reviewers },
      ]),
      this.status,
      h("div", { class: "scroller", role: "region", "aria-label": "Table of documents", tabindex: "0" },
        h("table", { class: "documents" },
          h("thead", {}, h("tr", {}, ["Document", "Done", "To rule on", "Added", "Minutes", "Assigned to"].map((name) => h("th", { scope: "col" }, name)))),
          this.body)),
      h("div", { class: "row centre" }, this.more));
    setKeys([
      { key: "j", also: ["ArrowDown"], name: "Next document", group: "Move", run: () => this.select(this.current + 1) },
      { key: "k", also: ["ArrowUp"], name: "Previous document", group: "Move", run: () => this.select(this.current - 1) },
      { key: "S", name: "Share out among reviewers", group: "Rule", run: () => this.#shareOut() },
      { key: "/", name: "Search", group: "Move", run: () => this.main.querySelector("input[type=search]").focus() },
    ]);
    await Promise.all([this.#load(), this.#progress()]);
    window.scrollTo(0, places.get(this.parameters.toString()) ?? 0);
  }

  leave() {
    places.set(this.parameters.toString(), window.scrollY);
  }

  async #load() {
    if (this.loading) return;
    this.loading = true;
    try {
      const page = await get("/api/documents", { ...Object.fromEntries(this.parameters), limit: PAGE, cursor: this.next });
      this.next = page.next;
      for (const item of page.items) this.#append(item);
      this.more.hidden = !this.next;
      fill(this.status, `${(page.total ?? this.rows.length).toLocaleString("en")} documents`);
    } finally {
      this.loading = false;
    }
  }

  async #progress() {
    const { counts, documents, finished, minutes } = await get("/api/progress");
    const all = Object.values(minutes?.by_user ?? {}).reduce((sum, each) => sum + each, 0);
    const done = doneOf(counts ?? {});
    const figures = [
      ["documents finished", `${finished ?? 0} of ${documents ?? 0}`],
      ["ruled on", counts?.proposed ? `${done.toLocaleString("en")} of ${counts.proposed.toLocaleString("en")}` : done.toLocaleString("en")],
      ["minutes, all reviewers", minutesText(all)],
      ...Object.entries(minutes?.by_user ?? {}).slice(0, 4).map(([user, each]) => [`of ${user}`, minutesText(each)]),
    ];
    fill(this.totals, figures.map(([name, figure]) => h("div", {}, h("dt", {}, name), h("dd", {}, figure))));
  }

  #append(item) {
    const counts = item.counts ?? {};
    const done = doneOf(counts);
    const name = item.title || item.path;
    const href = `#/doc/${encodeURIComponent(item.id)}`;
    const link = h("a", { href }, said(name));
    const row = h("tr", {},
      h("th", { scope: "row" }, link, item.finished ? h("span", { class: "finished" }, "✓ finished") : null,
        h("small", {}, said(item.path), item.date ? ` · ${item.date}` : "", item.pages ? ` · ${item.pages} pages` : "")),
      h("td", {}, progressBar(done, counts.proposed ?? 0, `${done} of ${counts.proposed ?? 0} ruled on in ${name}`), h("small", {}, `${done} of ${counts.proposed ?? 0}`)),
      h("td", { class: "number" }, h("a", { href: `#/queue?document=${encodeURIComponent(item.id)}`, "aria-label": `${counts.pending ?? 0} to rule on in ${name}, as a queue` }, String(counts.pending ?? 0)),
        counts.disputed ? h("small", { class: "disputed" }, `${counts.disputed} disputed`) : null),
      h("td", { class: "number" }, String(counts.added ?? 0)),
      h("td", { class: "number" }, minutesText(item.minutes)),
      h("td", {}, this.#assigned(item)));
    this.rows.push(link);
    this.body.append(row);
  }

  #assigned(item) {
    const names = new Set((item.assigned ?? []).map((each) => each.user ?? each));
    const { users } = this.context.session;
    const shown = h("span", { class: "names" });
    const show = () => fill(shown, [...names].map((name) => h("button", { type: "button", class: "chip", "aria-label": `Take ${name} off ${item.title ?? item.path}`, onclick: () => set(name, false) }, said(name), " ×")));
    const set = async (user, assigned) => {
      try {
        await post("/api/assignments", { document: item.id, user, assigned });
        if (assigned) names.add(user);
        else names.delete(user);
        show();
        announce(assigned ? `${user} has it` : `${user} no longer has it`);
      } catch (error) {
        announce(`Not saved: ${error.message}`);
      }
    };
    const choose = h("select", { "aria-label": `Assign ${item.title ?? item.path} to`, onchange: () => { if (choose.value) set(choose.value, true); choose.value = ""; } },
      option("", "+"), users.map((user) => option(user)));
    show();
    return h("div", { class: "assigned" }, shown, choose);
  }

  /** Give every document to a reviewer, and a share of them to two, who then mark without seeing each other. */
  #shareOut() {
    const names = h("input", { type: "text", value: this.context.session.users.join(", "), required: true });
    const share = h("input", { type: "number", min: "0", max: "100", value: "20", required: true });
    const trouble = h("p", { class: "trouble", role: "alert" });
    const form = h("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const users = names.value.split(",").map((name) => name.trim()).filter(Boolean);
        try {
          await post("/api/assignments", { users, share: Number(share.value) / 100 });
          dialog.close();
          window.dispatchEvent(new HashChangeEvent("hashchange"));
        } catch (error) {
          fill(trouble, error.message);
        }
      },
    }, field("Reviewers", names, "names, with commas between"), field("Documents for two, in percent", share, "marked twice, to see how far reviewers agree"),
    trouble, h("div", { class: "row" }, h("button", { type: "submit", class: "main" }, "Share out")));
    const dialog = openDialog("Share out the documents", form);
    names.focus();
  }

  select(index) {
    if (!this.rows.length) return;
    this.current = Math.max(0, Math.min(index, this.rows.length - 1));
    this.rows[this.current].focus();
  }
}

const doneOf = (counts) => (counts.accepted ?? 0) + (counts.edited ?? 0) + (counts.rejected ?? 0);
