// Elements made from names and text. Text is only ever set as text: no string is parsed as markup anywhere.

/** Make an element: `h("p", {class: "note", onclick: f}, "text", node, null)`. Null and false children are left out.
 * Names that begin with `on` are listeners; `dataset` is an object; true sets an empty attribute, null and false none. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "selected") node[name] = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
  return node;
}

/** An element of SVG, as `h`. */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children.filter((c) => c !== null));
  return node;
}

/** Words of a report, whichever way they are written: their direction does not reach beyond them. */
export const said = (text) => h("bdi", { dir: "auto" }, text ?? "");

export const hidden = (text) => h("span", { class: "sr" }, text);

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
  return node;
}

/** A button that names its key: `key` is shown and announced. */
export function button(label, key, onclick, props = {}) {
  const shown = key ? h("kbd", { "aria-hidden": "true" }, keyName(key)) : null;
  return h("button", { type: "button", onclick, "aria-keyshortcuts": key ? ariaKey(key) : null, ...props }, label, shown);
}

const KEY_NAMES = { Escape: "Esc", Enter: "↵", ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→" };

export const keyName = (key) => key.split("+").map((each) => (each === "Control" ? "Ctrl" : (KEY_NAMES[each] ?? each))).join(" ");

const ariaKey = (key) => (key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key);

export function option(value, label = value, selected = false) {
  return h("option", { value, selected }, label);
}

let count = 0;
/** An id no other element has, for labels and descriptions. */
export const newId = (prefix = "x") => `${prefix}-${(count += 1)}`;

/** A labelled field: the label above the control. */
export function field(label, control, hint) {
  control.id ||= newId("f");
  const note = hint ? h("small", { id: `${control.id}-hint` }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, note);
}

const SHOWN = 6000; // milliseconds
let told = null; // for those who listen to the page: what can be seen elsewhere on it
let shown = null; // for all, at the foot of the page
const clocks = new Map();

/** Say it. `seen`: it can be seen elsewhere, and is only told to those who see no change of the page; else it is shown for a while. */
export function announce(text, { seen = false } = {}) {
  told ??= document.body.appendChild(h("div", { class: "sr", role: "status", "aria-live": "polite" }));
  shown ??= document.body.appendChild(h("div", { class: "said", role: "status", "aria-live": "polite" }));
  const region = seen ? told : shown;
  region.textContent = "";
  for (const clock of clocks.get(region) ?? []) window.clearTimeout(clock);
  clocks.set(region, [
    window.setTimeout(() => (region.textContent = text), 60), // a change is told, the same words again are not
    seen ? 0 : window.setTimeout(() => (region.textContent = ""), SHOWN),
  ]);
}

/** A dialog that goes when it is closed, and gives the focus back. Returns the dialog, open. */
export function openDialog(title, body, props = {}) {
  const before = document.activeElement;
  const heading = h("h2", { id: newId("d") }, title);
  const close = h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "×");
  const dialog = h("dialog", { "aria-labelledby": heading.id, ...props }, h("header", {}, heading, close), body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before && before.isConnected) before.focus({ preventScroll: true });
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
