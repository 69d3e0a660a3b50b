// Names: which of them are one, which one is two.

import { announce, button, field, fill, h, newId, openDialog, option, said } from "./dom.js";
import { stateChip } from "./lists.js";
import { rolesOf } from "./model.js";
import { changeOf, inContext, rule } from "./rulings.js";

const AROUND = 40; // characters shown on either side of a mention
const MOST = 60; // names listed at once
const WAYS = 12; // ways of writing a name that are shown

/** The tab: every name of the document with its other names and how often it stands there. */
export function namesTab(view) {
  const { model } = view;
  const counts = countMentions(model);
  const entities = [...model.entities].sort((a, b) => (counts.get(idOf(b)) ?? 0) - (counts.get(idOf(a)) ?? 0) || a.name.localeCompare(b.name));
  return entities.map((entity) => {
    const node = h("article", { class: "card name", tabindex: "-1", dataset: { card: entity.target }, "aria-label": `Name: ${entity.name}, ${entity.state}` },
      h("header", {}, h("span", { class: "tag", dataset: { label: entity.type } }, view.context.labels[entity.type]?.title ?? entity.type), stateChip(entity)),
      h("p", { class: "fact" }, said(entity.name), h("small", {}, ` × ${counts.get(idOf(entity)) ?? 0}`)),
      otherNames(entity).length ? h("p", { class: "qualifiers" }, otherNames(entity).map((name) => h("span", {}, said(name)))) : null);
    view.panel.cards.set(entity.target, node);
    return node;
  });
}

const otherNames = (entity) => [...new Set((entity.names ?? []).map((name) => name.text))].filter((name) => name !== entity.name);

function countMentions(model) {
  const counts = new Map();
  for (const { entity, state } of model.mentions) if (entity && state !== "rejected") counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return counts;
}

/** Merge the entity of what is chosen with others, or split mentions off it. */
export function openNames(view) {
  const { model } = view;
  const record = model.get(view.current);
  const id = record?.kind === "mention" ? record.entity : record?.kind === "entity" ? (record.id ?? record.target) : null;
  const entity = id ? model.entities.find((each) => (each.id ?? each.target) === id || each.target === id) : null;
  if (!entity) {
    announce(record?.kind === "mention" ? `${record.text} is no mention of a name yet; choose a name here, then m` : "Choose a name here, then m");
    view.panel.open("names");
    view.panel.list.querySelector("article")?.focus();
    return;
  }
  const body = h("div", { class: "names-dialog" });
  const dialog = openDialog(`Names of ${entity.name}`, body, { class: "wide" });
  fill(body, mergePart(view, entity, dialog), splitPart(view, entity, dialog));
  body.querySelector("input")?.focus();
}

function mergePart(view, entity, dialog) {
  const { model } = view;
  const counts = countMentions(model);
  const others = model.entities.filter((each) => each !== entity && each.type === entity.type).sort((a, b) => likeness(b, entity) - likeness(a, entity) || a.name.localeCompare(b.name));
  if (!others.length) return h("section", {}, h("h3", {}, "Merge"), h("p", {}, "There is no other name of this kind in the document."));
  const list = h("ul", { class: "same" });
  const search = h("input", { type: "search" });
  const known = h("datalist", { id: newId("names") });
  const name = h("input", { type: "text", value: entity.name, required: true, list: known.id });
  const chosen = new Set();
  const all = () => [entity, ...others.filter((each) => chosen.has(each.target))];
  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    const shown = others.filter((each) => chosen.has(each.target) || !wanted || namesOf(each).some((words) => words.toLowerCase().includes(wanted)));
    fill(list, shown.slice(0, MOST).map((each) =>
      h("li", {}, h("label", {}, h("input", { type: "checkbox", checked: chosen.has(each.target), onchange: (event) => { if (event.target.checked) chosen.add(each.target); else chosen.delete(each.target); foresee(); } }),
        h("span", {}, said(each.name), h("small", {}, ` × ${counts.get(idOf(each)) ?? 0} ${otherNames(each).join(", ")}`))))),
      shown.length > MOST ? h("li", {}, h("small", {}, `and ${shown.length - MOST} more: search for them`)) : null);
  };
  const [preview, submit, foresee] = previewed("Merge", () => {
    if (!chosen.size || !name.value.trim()) return null;
    const ids = new Set(all().map(idOf));
    const naming = [...model.relations, ...model.events].filter((record) => rolesOf(record).some(([, fillers]) => fillers.some((filler) => ids.has(filler.entity)))).length;
    return [h("h4", {}, `${chosen.size + 1} names become one`), outcome(name.value.trim(), mentionsOf(model, ids), all().flatMap(namesOf)),
      naming ? h("p", { class: "why" }, `${naming} relations and events name it`) : null];
  }, "Choose the names that are the same as this one, and see here what they become.", () => {
    dialog.close();
    const record = { entities: all().map((each) => each.target), name: name.value.trim() };
    rule(view.context, view.id, [{ ...changeOf(entity, "merge", view.id, record), target: null }], `one name: ${all().map((each) => each.name).join(" = ")}`);
  });
  search.addEventListener("input", show);
  name.addEventListener("input", foresee);
  list.addEventListener("change", () => fill(known, [...new Set(all().flatMap(namesOf))].map((words) => option(words))));
  show();
  return part("Merge: these names are one", submit, field("Find a name", search), list, field("Main name", name), known, preview);
}

function splitPart(view, entity, dialog) {
  const { model } = view;
  const mentions = mentionsOf(model, new Set([idOf(entity)]));
  if (mentions.length < 2) return h("section", {}, h("h3", {}, "Split"), h("p", {}, "It has one mention here; there is nothing to split."));
  const list = h("ul", { class: "same" }, mentions.map((mention) => h("li", {}, h("label", {}, h("input", { type: "checkbox", value: mention.target }), contextOf(model, mention)))));
  const name = h("input", { type: "text" });
  const picked = () => {
    const targets = new Set([...list.querySelectorAll("input:checked")].map((input) => input.value));
    return mentions.filter(({ target }) => targets.has(target));
  };
  const other = () => name.value.trim() || picked()[0]?.text;
  const [preview, submit, foresee] = previewed("Split off", () => {
    const apart = picked();
    if (!apart.length) return null;
    if (apart.length === mentions.length) return [h("h4", {}, "Nothing would be left"), h("p", {}, `These are all mentions of ${entity.name}; leave one with it.`), null, false];
    return [h("h4", {}, "One name becomes two"), outcome(entity.name, mentions.filter((mention) => !apart.includes(mention))), outcome(other(), apart)];
  }, "Choose the mentions that are someone or something else, and see here what becomes of them.", () => {
    dialog.close();
    const apart = picked();
    const record = { entity: entity.target, mentions: apart.map(({ target }) => target), ...(name.value.trim() && { name: name.value.trim() }) };
    rule(view.context, view.id, [{ ...changeOf(entity, "split", view.id, record), target: null }], `${apart.length} mentions split off ${entity.name}`);
  });
  list.addEventListener("change", () => {
    name.placeholder = picked()[0]?.text ?? "";
    foresee();
  });
  name.addEventListener("input", foresee);
  return part("Split: these mentions are another’s", submit, list, field("Name of the other", name), preview);
}

/** A part of the dialog, with its button; Ctrl+Enter is that button. */
function part(title, submit, ...parts) {
  const section = h("section", {}, h("h3", {}, title), parts, h("div", { class: "row" }, submit));
  section.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit.click());
  return section;
}

/** What will be, shown before it is done: a box, the button that does it, and what to call when the choice changes.
 * `foreseen` returns the parts of the box, null while there is nothing to do, and false among them where it cannot be done. */
function previewed(title, foreseen, hint, act) {
  const submit = button(title, "Control+Enter", act, { class: "main" });
  const preview = h("div", { class: "preview", role: "status" });
  const show = () => {
    const parts = foreseen();
    submit.disabled = !parts || parts.includes(false);
    fill(preview, parts ?? h("p", { class: "quiet-text" }, hint));
  };
  show();
  return [preview, submit, show];
}

/** A name as it will stand: how often, and written how. */
function outcome(name, mentions, names = []) {
  const written = Map.groupBy(mentions, ({ text }) => text);
  for (const each of names) if (!written.has(each)) written.set(each, []);
  const ways = [...written].sort(([, a], [, b]) => b.length - a.length);
  return h("div", { class: "outcome" }, h("p", { class: "fact" }, said(name), h("small", {}, ` × ${mentions.length}`)),
    h("p", { class: "qualifiers" }, ways.slice(0, WAYS).map(([words, list]) => h("span", {}, said(words), h("small", {}, ` × ${list.length}`))), ways.length > WAYS ? `and ${ways.length - WAYS} more` : null));
}

const idOf = (entity) => entity.id ?? entity.target;
const namesOf = (entity) => [entity.name, ...otherNames(entity)];
const mentionsOf = (model, ids) => model.mentions.filter(({ entity, state }) => ids.has(entity) && state !== "rejected");

const contextOf = (model, mention) => inContext({
  before: model.text.slice(Math.max(0, mention.start - AROUND), mention.start), text: mention.text,
  after: model.text.slice(mention.end, Math.min(model.text.length, mention.end + AROUND)), label: mention.label,
});

/** How many words two names share: those that may be one come first. */
function likeness(a, b) {
  const wordsOf = (entity) => new Set([entity.name, ...otherNames(entity)].join(" ").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean));
  const mine = wordsOf(a);
  return [...wordsOf(b)].filter((word) => mine.has(word)).length;
}
