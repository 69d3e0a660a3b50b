// One key for each action (or `hand`: what the mouse does), shown where the action is, listed under `?`, and switched off by who does not want them.

import { button, h, keyName, openDialog } from "./dom.js";

const OFF = "dossier-keys-off";
let global = [];
let local = [];

export const keysOn = () => localStorage.getItem(OFF) === null;

/** actions: [{key, name, group, run, hidden}] that hold everywhere. `run` may return false: then the key is the browser's. */
export const setGlobalKeys = (actions) => (global = actions);

/** The actions of the view that is shown. */
export const setKeys = (actions) => (local = actions);

/** What can be done now; where a view has a key of its own, it is the view's. */
const actions = () => [...local, ...global.filter(({ key }) => !local.some((action) => action.key === key))];

/** What a key does now. */
export const actionOf = (key) => actions().find((action) => action.key === key);

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const action = actionFor(event);
    if (action && action.run(event) !== false) event.preventDefault();
  });
}

function actionFor(event) {
  if (event.altKey || (event.metaKey && event.key !== "z")) return null;
  const control = event.ctrlKey || event.metaKey;
  if (typing(event.target) && event.key !== "Escape") return null;
  if (event.target.closest?.("dialog") && event.key !== "?") return null;
  const all = actions();
  const name = (control ? "Control+" : "") + event.key;
  const found = all.find((action) => action.key === name || action.also?.includes(name));
  // on a keyboard of another script, the place of the key counts
  const place = /^Key([A-Z])$/.exec(event.code)?.[1];
  const latin = event.shiftKey ? place : place?.toLowerCase();
  const other = found || control || /^[\x20-\x7e]$/.test(event.key) ? found : all.find((action) => action.key === latin);
  if (!other || (!keysOn() && !control && other.key.length === 1 && other.key !== "?")) return null;
  return other;
}

const typing = (target) =>
  target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT" ||
  (target.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(target.type));

/** The list of keys. */
export function showKeys() {
  const groups = Map.groupBy(actions().filter((action) => !action.hidden), (action) => action.group ?? "Everywhere");
  const tables = [...groups].map(([group, actions]) =>
    h("section", {}, h("h3", {}, group), h("dl", { class: "keys" }, actions.map((action) =>
      h("div", {}, h("dt", {}, h("kbd", {}, action.hand ?? keyName(action.key)), (action.also ?? []).filter((key) => key.length > 1).map((key) => h("kbd", {}, keyName(key)))), h("dd", {}, action.name)),
    ))),
  );
  const toggle = h("input", { type: "checkbox", id: "keys-on", checked: keysOn(), onchange: (event) => {
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } });
  openDialog("Keys", h("div", {},
    h("p", { class: "check" }, toggle, h("label", { for: "keys-on" }, "Single keys act (switch off where they get in the way of speech input)")),
    h("div", { class: "columns" }, tables)), { class: "widest" });
}

export const helpButton = () => button("Keys", "?", showKeys, { class: "quiet help" });
