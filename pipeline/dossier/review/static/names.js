// Names: which of them are one, which one is two.

import { button, field, fill, h, openDialog, said } from "./dom.js";
import { stateChip } from "./lists.js";
import { changeOf, inContext, rule } from "./rulings.js";

const AROUND = 40; // characters shown on either side of a mention

/** The tab: every name of the document with its other names and how often it stands there. */
export function namesTab(view) {
  const { model } = view;
  const counts = countMentions(model);
  const entities = [...model.entities].sort((a, b) => (counts.get(b.id ?? b.target) ?? 0) - (counts.get(a.id ?? a.target) ?? 0) || a.name.localeCompare(b.name));
  return entities.map((entity) => {
    const node = h("article", { class: "card name", tabindex: "-1", dataset: { card: entity.target }, "aria-label": `Name: ${entity.name}, ${entity.state}` },
      h("header", {}, h("span", { class: "tag", dataset: { label: entity.type } }, view.context.labels[entity.type]?.title ?? entity.type), stateChip(entity)),
      h("p", { class: "fact" }, said(entity.name), h("small", {}, ` × ${counts.get(entity.id ?? entity.target) ?? 0}`)),
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
    view.panel.open("names");
    view.panel.list.querySelector("article")?.focus();
    return;
  }
  const body = h("div", { class: "names-dialog" });
  const dialog = openDialog(`Names of ${entity.name}`, body, { class: "wide" });
  fill(body, mergePart(view, entity, dialog), splitPart(view, entity, dialog));
}

function mergePart(view, entity, dialog) {
  const { model } = view;
  const counts = countMentions(model);
  const others = model.entities.filter((each) => each !== entity && each.type === entity.type).sort((a, b) => likeness(b, entity) - likeness(a, entity) || a.name.localeCompare(b.name));
  const list = h("ul", { class: "same" });
  const search = h("input", { type: "search" });
  const name = h("input", { type: "text", value: entity.name, required: true });
  const chosen = new Set();
  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    fill(list, others.filter((each) => chosen.has(each.target) || !wanted || [each.name, ...otherNames(each)].some((words) => words.toLowerCase().includes(wanted))).slice(0, 60).map((each) =>
      h("li", {}, h("label", {}, h("input", { type: "checkbox", checked: chosen.has(each.target), onchange: (event) => { if (event.target.checked) chosen.add(each.target); else chosen.delete(each.target); } }),
        h("span", {}, said(each.name), h("small", {}, ` × ${counts.get(each.id ?? each.target) ?? 0} ${otherNames(each).join(", ")}`))))));
  };
  search.addEventListener("input", show);
  show();
  const merge = () => {
    if (!chosen.size || !name.value.trim()) return;
    dialog.close();
    const all = [entity, ...others.filter((each) => chosen.has(each.target))];
    const record = { entities: all.map((each) => each.target), name: name.value.trim() };
    rule(view.context, view.id, [{ ...changeOf(entity, "merge", view.id, record), target: null }], `one name: ${all.map((each) => each.name).join(" = ")}`);
  };
  return h("section", {}, h("h3", {}, "Merge: these names are one"), others.length
    ? [field("Find a name", search), list, field("Main name", name), h("div", { class: "row" }, button("Merge", null, merge, { class: "main" }))]
    : h("p", {}, "There is no other name of this kind in the document."));
}

function splitPart(view, entity, dialog) {
  const { model } = view;
  const mentions = model.mentions.filter((mention) => mention.entity && (mention.entity === entity.id || mention.entity === entity.target));
  const list = h("ul", { class: "same" }, mentions.map((mention) => h("li", {}, h("label", {}, h("input", { type: "checkbox", value: mention.target }), contextOf(model, mention)))));
  const split = () => {
    const picked = [...list.querySelectorAll("input:checked")].map((input) => input.value);
    if (!picked.length || picked.length === mentions.length) return;
    dialog.close();
    rule(view.context, view.id, [{ ...changeOf(entity, "split", view.id, { entity: entity.target, mentions: picked }), target: null }], `${picked.length} mentions split off ${entity.name}`);
  };
  return h("section", {}, h("h3", {}, "Split: these mentions are someone or something else"),
    mentions.length > 1 ? [list, h("div", { class: "row" }, button("Split off", null, split, { class: "main" }))] : h("p", {}, "It has one mention here; there is nothing to split."));
}

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
