// The bar at the top: where one is, whether all is saved, who one is.

import { announce, button, fill, h, openDialog, field } from "./dom.js";
import { post, signOut } from "./api.js";
import { actionOf, helpButton } from "./keys.js";
import { showStuck } from "./stuck.js";

const PLACES = [["#/queue", "Queue"], ["#/documents", "Documents"], ["#/agreement", "Agreement"]];
const THEME = "dossier-theme";

export class Bar {
  constructor(context) {
    this.context = context;
    this.links = PLACES.map(([href, name]) => h("a", { href }, name));
    this.state = h("button", { type: "button", class: "saved", onclick: () => showStuck(context) });
    this.lastSaid = "";
    this.element = h("header", { class: "bar" },
      h("a", { href: "#/queue", class: "brand", "aria-label": "dossier, to the queue" }, "dossier"),
      h("nav", { "aria-label": "Views" }, this.links),
      h("span", { class: "where" }),
      this.state,
      step("Undo", "z", "↶"),
      h("button", { type: "button", class: "quiet icon more", popovertarget: "bar-menu", "aria-label": "Redo, name, theme, keys" }, "⋯"),
      h("div", { id: "bar-menu", class: "bar-menu", popover: "" },
        step("Redo", "y", "↷"), h("button", { type: "button", class: "quiet user", onclick: () => askName(context) }, context.session.user ?? "Your name"), themeButton(), helpButton()),
    );
    context.outbox.addEventListener("change", () => this.show());
    this.show();
  }

  go(hash) {
    for (const link of this.links) {
      if (hash.startsWith(link.getAttribute("href"))) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** "Saved" stands there only while the server has everything. */
  show() {
    const { outbox } = this.context;
    const [state, text, said] = stateOf(outbox);
    this.state.dataset.state = state;
    fill(this.state, h("span", { class: "dot", "aria-hidden": "true" }), text);
    this.state.setAttribute("aria-label", `${said}. Show what waits`);
    if (said !== this.lastSaid) announceLater(said, state);
    this.lastSaid = said;
  }
}

/** Undo and redo are in reach wherever one is; what they take back the view says. */
const step = (name, key, sign) =>
  button([h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", { class: "word" }, name)], key, () => actionOf(key).run(), { class: "quiet step" });

function stateOf({ waiting, stuck, connection, kept, foreign }) {
  if (stuck.length) return ["stuck", `Look (${stuck.length})`, `${stuck.length} not saved: they need a look`];
  if (connection === "signed-out") return ["offline", waiting ? `Signed out · waiting (${waiting})` : "Signed out", `Signed out, ${waiting} waiting`];
  if (connection === "offline") return ["offline", waiting ? `Offline · waiting (${waiting})` : "Offline", `The server cannot be reached, ${waiting} waiting`];
  if (waiting) return ["waiting", `Waiting (${waiting})`, `${waiting} waiting`];
  if (!kept) return ["saved", "Saved · not kept here", "Saved. This browser keeps nothing over a reload"];
  return ["saved", foreign ? `Saved · ${foreign} of others wait` : "Saved", "Saved"];
}

let later = 0;
/** "Saved" and the like is said once things are quiet, not for every stroke. */
function announceLater(said, state) {
  window.clearTimeout(later);
  later = window.setTimeout(() => announce(said, { seen: true }), state === "waiting" ? 2500 : 400);
}

function themeButton() {
  const names = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
  const signs = { auto: "◐", light: "○", dark: "●" };
  const set = (theme) => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(THEME, theme);
    node.textContent = signs[theme];
    node.setAttribute("aria-label", names[theme]);
    node.title = names[theme];
  };
  const order = ["auto", "light", "dark"];
  let theme = order.includes(localStorage.getItem(THEME)) ? localStorage.getItem(THEME) : "auto";
  const node = h("button", { type: "button", class: "quiet icon", onclick: () => set((theme = order[(order.indexOf(theme) + 1) % 3])) });
  set(theme);
  return node;
}

/** Under which name rulings are signed. */
export function askName(context) {
  const { session } = context;
  const name = h("input", { type: "text", maxlength: "80", required: true, value: session.user ?? "", autocomplete: "name" });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const form = h("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await post("/api/session", { user: name.value.trim() });
        window.location.reload();
      } catch (error) {
        trouble.textContent = error.message;
      }
    },
  },
  session.signs_in === "password"
    ? h("p", {}, `You are signed in as ${session.user}.`)
    : [h("p", {}, "Your rulings are signed with this name."), field("Your name", name)],
  trouble,
  h("div", { class: "row" },
    session.signs_in === "password"
      ? button("Sign out", null, async () => { await signOut(); window.location.reload(); })
      : h("button", { type: "submit", class: "main" }, "Sign as this name")));
  openDialog("Who reviews", form);
}
