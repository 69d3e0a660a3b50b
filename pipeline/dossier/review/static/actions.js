// What can be done in a document, each with its one key. The buttons and the list of keys are made from this.

import { step, stepEnd, stepStart } from "./codepoints.js";
import { announce } from "./dom.js";
import { eventForm, mentionForm, relationForm } from "./forms.js";
import { openNames } from "./names.js";
import { addedTarget, newRequest } from "./pending.js";
import { changeOf, commentOn, nameOf, redo, rule, ruleIdentical, undo } from "./rulings.js";

const STANDS = (mention) => mention.state !== "rejected";

export function actionsOf(view) {
  const { context, id } = view;
  const { session, labels } = context;
  const on = (work, ...kinds) => () => {
    const record = view.model.get(view.current);
    if (!record) return announce("Choose a mark or a card first (j, or a click)");
    if (kinds.length && !kinds.includes(record.kind)) return announce(`This is for ${kinds.join(" and ")}s`);
    return work(record);
  };
  const judge = (ruling, fields) => (record) => {
    rule(context, id, [changeOf(record, ruling, id, fields)], `${ruling} of ${nameOf(record)}`);
    if (ruling !== "edit") next(view, record);
  };
  const end = (side, direction, unit) => on((record) => moveEnd(view, record, side, direction, unit), "mention");
  return [
    { key: "j", also: ["ArrowRight"], name: "Next mark", group: "Move", run: () => view.step(1) },
    { key: "k", also: ["ArrowLeft"], name: "Previous mark", group: "Move", run: () => view.step(-1) },
    { key: "n", name: "Next mark to rule on", group: "Move", run: () => view.step(1, true) },
    { key: "p", name: "Previous mark to rule on", group: "Move", run: () => view.step(-1, true) },
    { key: "J", name: "Next card: relation, event, name or conflict", group: "Move", run: () => view.panel.step(1) },
    { key: "K", name: "Previous card", group: "Move", run: () => view.panel.step(-1) },
    { key: "Enter", name: "To what can be done with the mark, or take it into the open form", group: "Move", run: (event) => enter(view, event) },
    { key: "Escape", name: "Leave what is open", group: "Move", run: () => leave(view) },
    { key: "a", name: "Accept", group: "Rule", run: on(judge("accept")) },
    { key: "r", name: "Reject", group: "Rule", run: on(judge("reject")) },
    { key: "e", name: "Edit: values, roles, dates, status, holder", group: "Rule", run: on((record) => edit(view, record), "mention", "relation", "event") },
    { key: "x", name: "All with the same words", group: "Rule", run: on((record) => ruleIdentical(context, record.target, labels[record.label]?.title ?? record.label), "mention") },
    { key: "m", name: "Names: merge and split", group: "Rule", run: () => openNames(view) },
    { key: "c", name: "Comment", group: "Rule", run: on((record) => commentOn(context, record, id)) },
    { key: "z", also: ["Control+z"], name: "Undo", group: "Rule", run: () => undo(context, id) },
    { key: "y", also: ["Control+y", "Control+Z"], name: "Redo", group: "Rule", run: () => redo(context, id) },
    { key: "f", name: "Finish the document, or reopen it", group: "Rule", run: () => finish(view) },
    ...session.labels.slice(0, 9).map(({ name, title }) => ({
      key: labels[name].key, name: `Label: ${title}`, group: "Mark", run: () => setLabel(view, name),
    })),
    { key: "s", name: "Select with the keys", group: "Mark", run: () => view.selection.startCaret() },
    { key: "q", name: "Start one character back", group: "Mark", run: end("start", -1, "grapheme") },
    { key: "w", name: "Start one character on", group: "Mark", run: end("start", 1, "grapheme") },
    { key: "Q", name: "Start one word back", group: "Mark", run: end("start", -1, "word") },
    { key: "W", name: "Start one word on", group: "Mark", run: end("start", 1, "word") },
    { key: "u", name: "End one character back", group: "Mark", run: end("end", -1, "grapheme") },
    { key: "i", name: "End one character on", group: "Mark", run: end("end", 1, "grapheme") },
    { key: "U", name: "End one word back", group: "Mark", run: end("end", -1, "word") },
    { key: "I", name: "End one word on", group: "Mark", run: end("end", 1, "word") },
    { key: "l", name: "Relation from this mark to another", group: "Say", run: on((record) => relationForm(view, null, record), "mention") },
    { key: "v", name: "Event told by the selection or this mark", group: "Say", run: () => newEvent(view) },
    { key: "", hand: "Click", name: "Choose a mark or a card; on the page image, a marked word", group: "With the mouse" },
    { key: "", hand: "Drag", name: "Select whole words in the text or on the page image", group: "With the mouse" },
    { key: "", hand: "Alt drag", name: "Select in the text character by character", group: "With the mouse" },
    { key: "t", name: "Labels in the text", group: "Show", run: () => view.toggle("tags") },
    { key: "b", name: "Arcs of the relations", group: "Show", run: () => view.toggle("arcs") },
    { key: "g", name: "Page image", group: "Show", run: () => view.showPages(!view.pagesShown) },
    { key: "o", name: "Contents", group: "Show", run: () => { view.showPages(false); view.outline.focus(); } },
  ];
}

/** After a ruling, the next that waits of the same kind. */
function next(view, record) {
  if (record.kind === "mention") view.step(1, true);
  else view.panel.step(1, true);
}

function enter(view, { target }) {
  if (view.picking) return view.picking(view.current) ?? true;
  if (!target.closest?.(".m, .trigger, .card")) return false;
  return view.chosen.focus();
}

function leave(view) {
  if (view.tip.hide() || view.selection.end()) return;
  if (view.picking) view.picking = null;
  view.panel.closeForm();
  view.text.node(view.current)?.focus({ preventScroll: true });
}

function edit(view, record) {
  if (record.kind === "mention") mentionForm(view, record);
  else if (record.kind === "relation") relationForm(view, record);
  else eventForm(view, record);
}

/** With a selection, mark it; with a mention, give it this label. */
export function setLabel(view, name) {
  const span = view.selection.span;
  if (span) return addMention(view, span, name);
  const record = view.model.get(view.current);
  if (record?.kind !== "mention") return announce("Select words, or choose a mark, to label it");
  const same = record.label === name;
  if (same && record.state !== "pending" && record.state !== "rejected") return announce(`It is labelled ${name} already`);
  const ruling = same ? "accept" : "edit"; // another label has another normal form
  return rule(view.context, view.id, [changeOf(record, ruling, view.id, same ? {} : { label: name, norm: null })], `${name}: ${record.text}`);
}

/** Mark a span. Where one mention stands in it already, that one is moved; several give way to the new one, in the same group. */
export function addMention(view, span, label) {
  const { model, context, id } = view;
  const text = model.text.slice(span.start, span.end);
  const standing = model.mentionsIn(span.start, span.end).filter(STANDS);
  view.selection.end();
  if (standing.length === 1) {
    rule(context, id, [changeOf(standing[0], "edit", id, { start: span.start, end: span.end, text, label })], `${standing[0].text} is now ${text}, ${label}`);
    view.choose(standing[0].target, { focus: true });
    return;
  }
  const request = newRequest();
  const target = addedTarget(request, standing.length);
  const record = { document: id, ...span, text, label, norm: null };
  const changes = [...standing.map((mention) => changeOf(mention, "reject", id)), { kind: "mention", target, ruling: "add", record, document: id, revision: 0 }];
  rule(context, id, changes, `${label} added: ${text}`, { request });
  view.choose(target, { focus: true });
}

function moveEnd(view, record, side, direction, granularity) {
  const { text } = view.model;
  const units = { start: text.unit(record.start), end: text.unit(record.end) };
  const move = granularity === "word" ? (side === "start" ? stepStart : stepEnd) : step;
  const blank = () => /\s/u.test(text.text[side === "start" ? units.start : units.end - 1] ?? "");
  do {
    units[side] = move(text.text, units[side], direction, granularity); // a mark neither begins nor ends with a blank
  } while (blank() && units.start > 0 && units.end < text.text.length && units.start < units.end);
  if (units.start >= units.end) return announce("A mark cannot be empty");
  const start = text.point(units.start);
  const end = text.point(units.end);
  const hit = view.model.mentionsIn(start, end).find((other) => other !== record && STANDS(other));
  if (hit) return announce(`That would run into ${hit.text}`);
  const words = text.slice(start, end);
  rule(view.context, view.id, [changeOf(record, "edit", view.id, { start, end, text: words })], `now ${words}`);
  return true;
}

function newEvent(view) {
  const record = view.model.get(view.current);
  const span = view.selection.span ?? (record?.kind === "mention" ? { start: record.start, end: record.end } : null);
  if (!span) return announce("Select the word that tells the event first");
  view.selection.end();
  return eventForm(view, null, { ...span, text: view.model.text.slice(span.start, span.end) });
}

function finish(view) {
  const { model, context, id } = view;
  const ruling = model.isFinished ? "reopen" : "finish";
  const record = ruling === "finish" ? { labels: Object.keys(context.labels) } : {};
  rule(context, id, [{ kind: "document", target: id, ruling, record, document: id, revision: model.about.revision ?? 0 }], `${ruling} of the document`);
}

