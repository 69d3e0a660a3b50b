// What the lists share: their filters, which live in the address, and the signs of a state.

import { h, newId, option } from "./dom.js";

let used = null; // the filter that was set last: the list is made anew, and the focus stays with it

/** A form of filters. fields: [{name, label, type | options, initial}]. chips: [[name, text]] of filters set elsewhere.
 * What is chosen goes into the address, so that a view can be kept, shared and gone back to. */
export function filterBar(hash, parameters, fields, chips = []) {
  const go = (event) => {
    used = event.target.name ?? null;
    const chosen = new URLSearchParams();
    for (const [name] of chips) if (parameters.has(name)) chosen.set(name, parameters.get(name));
    for (const { name, initial = "" } of fields) {
      const { value } = form.elements.namedItem(name);
      if (value !== initial) chosen.set(name, value);
    }
    const query = chosen.toString();
    window.location.hash = hash + (query ? `?${query}` : "");
  };
  const controls = fields.map((each) => {
      const value = parameters.get(each.name) ?? each.initial ?? "";
      const id = newId("filter");
      const control = each.type
        ? h("input", { type: each.type, name: each.name, id, value, placeholder: "words" })
        : h("select", { name: each.name, id, onchange: go }, each.options.map(([name, text]) => option(name, text, name === value)));
      return h("div", { class: "filter" }, h("label", { for: id }, each.label), control);
  });
  const wide = window.matchMedia("(min-width: 641px)").matches;
  const form = h("form", { class: "filters", role: "search", onsubmit: (event) => { event.preventDefault(); go(event); } },
    controls[0], h("details", { class: "more-filters", open: wide }, h("summary", {}, "Filters"), h("div", {}, controls.slice(1))),
    chips.map(([name, text]) => h("button", { type: "button", class: "chip", "aria-label": `Without the filter: ${text}`, onclick: (event) => { parameters.delete(name); go(event); } }, text, " ×")));
  const again = used && form.elements.namedItem(used);
  used = null;
  if (again) queueMicrotask(() => again.focus({ preventScroll: true }));
  return form;
}

const SIGNS = { pending: "·", accepted: "✓", edited: "✎", rejected: "✗", added: "+", disputed: "≠", lost: "?", gone: "–" };
const NAMES = { pending: "to rule on", gone: "taken back" };

/** The state of a record, in a sign and a word, with who ruled; what is on its way is marked so. */
export function stateChip({ state = "pending", review, waiting }) {
  const who = state === "pending" || state === "disputed" ? null : review?.by;
  return h("span", { class: "state", dataset: { state } },
    h("span", { "aria-hidden": "true" }, SIGNS[state] ?? ""), ` ${NAMES[state] ?? state}`,
    waiting ? " · waiting" : who ? ` · ${who}` : "");
}

/** A bar of how far something is: done of all. */
export function progressBar(done, all, label) {
  const node = h("progress", { max: String(Math.max(1, all)), value: done, "aria-label": label });
  return node;
}

export const minutesText = (minutes) => {
  if (!minutes) return "–";
  return minutes < 60 ? `${Math.round(minutes * 10) / 10} min` : `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`;
};
