// What waits, and what the server did not take: both versions side by side, or the reason in its words.

import { button, fill, h, openDialog, said } from "./dom.js";
import { changesOf } from "./pending.js";

/** The dialog behind the save state. It stays true while it is open. */
export function showStuck(context) {
  const { outbox } = context;
  const body = h("div", { class: "stuck" });
  const show = () => fill(body, parts(outbox, context));
  outbox.addEventListener("change", show);
  const dialog = openDialog("What is saved", body, { class: "wide" });
  dialog.addEventListener("close", () => outbox.removeEventListener("change", show));
  show();
}

function parts(outbox, context) {
  const { entries, stuck, connection, foreign } = outbox;
  const waiting = entries.filter((entry) => entry.state === "waiting");
  return [
    connection === "offline" && h("p", { class: "trouble" }, "The server cannot be reached. Go on working: what waits is kept in this browser and sent as soon as it answers."),
    connection === "signed-out" && h("p", { class: "trouble" }, context.session.signs_in === "password"
      ? "You are signed out. Sign in again in this browser, and what waits is sent."
      : "The server was started anew. Open the link it prints, in this browser; what waits here is then sent."),
    foreign > 0 && h("p", {}, `${foreign} rulings of another name or workspace wait in this browser; they are sent when that name is back.`),
    stuck.map((entry) => stuckEntry(entry, context)),
    waiting.length > 0 && h("section", {}, h("h3", {}, `Waiting (${waiting.length})`), h("ol", {}, waiting.map((entry) => h("li", {}, said(entry.say || entry.path))))),
    !entries.length && connection === "online" && h("p", {}, "Everything is saved: the server has it on its disk."),
  ];
}

function stuckEntry(entry, context) {
  return entry.state === "stale" ? staleEntry(entry, context) : refusedEntry(entry, context.outbox);
}

function refusedEntry(entry, outbox) {
  return h("section", { class: "stuck-entry" },
    h("h3", {}, "Not saved: ", said(entry.say)),
    h("p", { class: "trouble" }, said(entry.answer?.say)),
    h("div", { class: "row" },
      button("Try again", null, () => outbox.retry(entry)),
      button("Drop it", null, () => outbox.discard(entry), { class: "danger" })));
}

/** 409: someone ruled on the same since this view was made. */
function staleEntry(entry, { outbox, labels }) {
  const stale = entry.answer.stale ?? [];
  const revisions = new Map(stale.map(({ target, theirs }) => [target, theirs?.revision ?? 0]));
  const mine = new Map(changesOf(entry).map((change) => [change.target, change]));
  return h("section", { class: "stuck-entry" },
    h("h3", {}, "Ruled on by someone else meanwhile: ", said(entry.say)),
    stale.map(({ target, theirs }) => h("div", { class: "versions" },
      version("Yours", mine.get(target)?.ruling, mine.get(target)?.record, null, labels),
      version(`Theirs: ${theirs?.by ?? "unknown"}`, theirs?.ruling, theirs?.record, theirs?.at, labels))),
    h("div", { class: "row" },
      button("Keep mine", null, () => outbox.resolve(entry, revisions), { class: "main" }),
      button("Take theirs", null, () => outbox.resolve(entry, revisions, new Set(revisions.keys())))));
}

function version(title, ruling, record, at, labels) {
  const { anchor, ...fields } = record ?? {};
  return h("div", { class: "version" },
    h("h4", {}, title),
    h("p", {}, h("strong", {}, ruling ?? "no ruling"), at ? ` · ${new Date(at).toLocaleString()}` : ""),
    h("dl", {}, Object.entries(fields).filter(([, value]) => value !== null && typeof value !== "object").map(([name, value]) =>
      h("div", {}, h("dt", {}, name), h("dd", {}, said(labels?.[value]?.title ?? String(value)))))));
}
