// Rulings as the page makes them: one group is one request, one transaction and one step of undo.

import { announce, button, fill, h, openDialog, said } from "./dom.js";
import { get } from "./api.js";
import { REDO, RULINGS, UNDO } from "./pending.js";

const WIDE = new Set(["merge", "split"]); // rulings that change more than is in view

/** One change of a group: what is ruled on a record that is shown. `fields` are those that a ruling sets. */
export function changeOf(record, ruling, document, fields = {}) {
  return { kind: record.kind, target: record.target, ruling, record: fields, document, revision: record.revision ?? 0 };
}

/** Send a group. `say` names it for people: "accept of Ingrid Solheim". */
export function rule(context, document, changes, say, body = {}) {
  announce(say, { seen: changes.length === 1 && !WIDE.has(changes[0].ruling) });
  return context.outbox.add(RULINGS, { changes, ...body }, { document, say });
}

export function undo(context, document) {
  context.outbox.add(UNDO, document ? { document } : {}, { document, say: "undo" });
}

export function redo(context, document) {
  context.outbox.add(REDO, document ? { document } : {}, { document, say: "redo" });
}

/** Say what an undo or redo did, or that there was nothing to do. */
export function announceStep({ path }, { said: done, nothing }) {
  if (nothing) announce(nothing);
  else if (done) announce(`${path === REDO ? "Done again" : "Taken back"}: ${done}`);
}

export const nameOf = (record) => {
  if (record.kind === "relation") return `${record.subject?.text} ${words(record.type)} ${record.object?.text}`;
  if (record.kind === "event") return `${words(record.type)} “${record.trigger?.text ?? ""}”`;
  if (record.kind === "conflict") return `conflict of ${words(record.about?.field ?? "values")}`;
  return record.text ?? record.name ?? record.about ?? record.target;
};

export const words = (name) => String(name ?? "").replaceAll("_", " ");

/** All mentions with the same words and label, shown before they are ruled on together. */
export async function ruleIdentical(context, target, label, done = () => {}) {
  const items = await get("/api/identical", { target });
  if (!items.length) return announce("No other mention has these words and waits");
  const list = h("ul", { class: "same" }, items.map((item) =>
    h("li", {}, h("label", {}, h("input", { type: "checkbox", checked: true, value: item.target }), h("span", {}, inContext(item), h("small", {}, said(item.document?.title ?? item.document?.path)))))));
  const chosen = () => items.filter((item) => list.querySelector(`input[value="${CSS.escape(item.target)}"]`).checked);
  const act = (ruling) => {
    const picked = chosen();
    dialog.close();
    if (!picked.length) return;
    const changes = picked.map((item) => changeOf({ kind: "mention", ...item }, ruling, item.document?.id ?? item.document));
    const documents = new Set(changes.map((change) => change.document));
    rule(context, documents.size === 1 ? [...documents][0] : null, changes, `${ruling} of ${picked.length} × ${items[0].text}`);
    done(picked);
  };
  const count = h("span", {}, `${items.length} chosen`);
  list.addEventListener("change", () => fill(count, `${chosen().length} chosen`));
  list.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && act("accept"));
  const dialog = openDialog(`All “${items[0].text}” as ${label}`, h("div", {},
    h("p", {}, "These mentions have the same words and label and wait for a ruling. They are ruled on as one group: one undo takes all back. ", count),
    list,
    h("div", { class: "row" }, button("Accept all chosen", "Control+Enter", () => act("accept"), { class: "main", autofocus: true }), button("Reject all chosen", null, () => act("reject")))), { class: "wide" });
}

/** What a relation, event, name or conflict says, and the words it rests on. */
export function inWords(item) {
  return [h("p", { class: "fact" }, said(words(item.text))), item.quote ? h("p", { class: "evidence" }, inContext({ ...item, text: item.quote, label: null })) : null];
}

/** A span with the words around it. */
export function inContext({ before = "", text = "", after = "", label }) {
  const [left, right] = [oneLine(before), oneLine(after)];
  return h("span", { class: "context", dir: "auto" },
    left.length > CUT ? `… ${left.slice(left.indexOf(" ") + 1)}` : left.trimStart(),
    h("mark", { dataset: { label } }, said(text)),
    right.length > CUT ? `${right.slice(0, right.lastIndexOf(" "))} …` : right.trimEnd());
}

const CUT = 30; // characters: longer context was cut within a word, most likely; the piece of it is left out
const oneLine = (text) => String(text ?? "").replace(/\s+/g, " ");

export function commentOn(context, record, document) {
  const text = h("textarea", { rows: "4", maxlength: "10000", "aria-label": "Comment" });
  const save = () => {
    if (!text.value.trim()) return;
    dialog.close();
    rule(context, document, [changeOf(record, "comment", document, { text: text.value.trim() })], `comment on ${nameOf(record)}`);
  };
  text.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && save());
  const dialog = openDialog(`Comment on ${nameOf(record)}`, h("div", {}, text, h("div", { class: "row" }, button("Save comment", "Control+Enter", save, { class: "main" }))));
  text.focus();
}
