// A field that names a mention: chosen from those near by, picked in the text, or written as free words.

import { announce, button, fill, h, newId, option } from "./dom.js";

const NEAR = 500; // characters around the evidence whose mentions are offered

/** What a relation or event holds of a mention. */
export function fillerOf(mention) {
  const { text, entity, norm, label, target } = mention;
  const base = { text, mention: target };
  return entity ? { ...base, entity } : label === "DATE" || label === "QUANTITY" || norm ? { ...base, norm: norm ?? null } : base;
}

/** A toll: the numbers of a quantity beside its words. */
export function tollOf(mention) {
  const { min = null, max = null, unit = null, approximate = false } = mention.norm ?? {};
  return { min, max, unit, approximate, text: mention.text, mention: mention.target };
}

/** view, label: of the field. value: a filler or null. span: where the mentions that are offered stand. labels: those that fit, or null.
 * free: whether other words may be written. make: mention -> filler. Returns {element, value(), onchange}. */
export function picker(view, label, { value = null, span, labels = null, free = false, make = fillerOf, onchange = () => {} }) {
  const { model } = view;
  const near = model.mentionsIn(Math.max(0, span.start - NEAR), span.end + NEAR)
    .filter((mention) => mention.state !== "rejected" && (!labels || labels.includes(mention.label)));
  let filler = value;
  let chosen = value?.mention ?? near.find((mention) => mention.text === value?.text)?.target ?? null;
  const select = h("select", { id: newId("pick") });
  const words = h("input", { type: "text", "aria-label": `${label}, in other words`, hidden: true, value: value?.text ?? "" });
  const show = () => {
    const known = near.some((mention) => mention.target === chosen);
    fill(select,
      option("", value && !chosen ? `${value.text}` : "none", !chosen && filler === value),
      !known && chosen ? option(chosen, filler.text, true) : null,
      near.map((mention) => option(mention.target, `${mention.text} · ${mention.label}`, mention.target === chosen)),
      free ? option("words", "other words …", !words.hidden) : null);
  };
  const take = (target) => {
    words.hidden = target !== "words";
    const mention = model.get(target);
    chosen = mention ? target : null;
    filler = mention ? make(mention) : target === "words" ? { text: words.value } : value && !value.mention ? value : null;
    if (target === "words") words.focus();
    onchange();
  };
  select.addEventListener("change", () => take(select.value));
  words.addEventListener("input", () => (filler = { text: words.value.trim() }));
  const pick = button("In the text", null, () => {
    announce(`Choose the mark for ${label}: click it, or go to it with j and k and press Enter`);
    view.picking = (target) => {
      const mention = model.get(target);
      if (labels && !labels.includes(mention.label)) return announce(`${label} takes ${labels.join(", ")}, not ${mention.label}`);
      view.picking = null;
      near.some((each) => each.target === target) || near.push(mention);
      take(target);
      show();
      select.focus();
      return true;
    };
    view.text.node(view.current)?.focus({ preventScroll: true });
  }, { class: "quiet" });
  show();
  const element = h("div", { class: "field picker" }, h("label", { for: select.id }, label), h("div", { class: "row" }, select, pick), words);
  return { element, value: () => (filler?.text ? filler : null), mention: () => (chosen ? model.get(chosen) : null), labels };
}
