// The page begins here: who one is, what is marked, and which view the address names.

import { ApiError, get, post } from "./api.js";
import { Bar, askName } from "./bar.js";
import { colourLabels } from "./colours.js";
import { announce, field, fill, h } from "./dom.js";
import { listenToKeys, setGlobalKeys, setKeys, showKeys } from "./keys.js";
import { Live } from "./live.js";
import { Outbox } from "./outbox.js";
import { announceStep, redo, undo } from "./rulings.js";

const VIEWS = {
  queue: () => import("./queue.js"),
  documents: () => import("./documents.js"),
  agreement: () => import("./agreement.js"),
  doc: () => import("./document.js"),
};

const main = h("main", { id: "main", tabindex: "-1" });

async function start() {
  let session;
  try {
    session = await get("/api/session");
  } catch (error) {
    return error.code === "sign_in" ? signIn() : turnedAway(error);
  }
  const outbox = await new Outbox(session).open();
  const { revision } = await get("/api/changes", { since: session.revision ?? 0 }).catch(() => ({ revision: 0 }));
  const context = { session, outbox, live: new Live(outbox, revision), go, labels: labelsOf(session) };
  colourLabels(Object.keys(context.labels));
  const bar = new Bar(context);
  fill(document.body,
    h("button", { type: "button", class: "skip", onclick: () => main.focus() }, "To the content"), bar.element, main);
  setGlobalKeys([
    { key: "?", name: "All keys", run: showKeys },
    { key: "h", name: "Queue", run: () => go("#/queue") },
    { key: "H", name: "Documents", run: () => go("#/documents") },
    { key: "A", name: "Agreement", run: () => go("#/agreement") },
    { key: "z", also: ["Control+z"], name: "Undo", run: () => undo(context, null) },
    { key: "y", also: ["Control+y", "Control+Z"], name: "Redo", run: () => redo(context, null) },
  ]);
  listenToKeys();
  outbox.addEventListener("stuck", ({ detail }) => announce(`Not saved, look: ${detail.entry.say}`));
  outbox.addEventListener("settled", ({ detail }) => announceStep(detail.entry, detail.answer));
  window.addEventListener("hashchange", () => show(context, bar));
  context.live.ask();
  await show(context, bar);
  if (!session.user) askName(context);
}

let shown = null;
let showing = 0;

async function show(context, bar) {
  const turn = (showing += 1);
  const hash = window.location.hash || "#/queue";
  const [name, ...rest] = hash.slice(2).split("?")[0].split("/");
  const parameters = new URLSearchParams(hash.split("?")[1] ?? "");
  const id = decodeURIComponent(rest.join("/"));
  if (shown?.stays?.(name, id, parameters)) return;
  shown?.leave?.();
  setKeys([]);
  bar.go(hash);
  const { default: View } = await (VIEWS[name] ?? VIEWS.queue)();
  if (turn !== showing) return;
  shown = new View(context, { id, parameters, main, bar });
  try {
    await shown.open();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (turn === showing) fill(main, trouble(error, () => show(context, bar)));
  }
  if (turn !== showing) return;
  const heading = main.querySelector("h1")?.textContent;
  document.title = heading ? `${heading} · dossier review` : "dossier review";
  if (turn > 1 && document.activeElement === document.body) main.focus({ preventScroll: true }); // what was pressed is gone
}

function trouble(error, again) {
  return h("div", { class: "empty" }, h("p", { class: "trouble", role: "alert" }, `This could not be shown: ${error.message}.`),
    h("button", { type: "button", onclick: () => { shown = null; again(); } }, "Try again"));
}

const go = (hash) => {
  window.location.hash = hash;
};

/** Labels by name, each with its title, its digit and a colour of its own. */
function labelsOf(session) {
  return Object.fromEntries(session.labels.map((label, index) => [label.name, { ...label, key: index < 9 ? String(index + 1) : null, index }]));
}

function turnedAway(error) {
  fill(document.body, h("main", { class: "empty" }, h("h1", {}, "dossier review"),
    h("p", { class: "trouble", role: "alert" }, error.status === 401
      ? "This page opens through the link that dossier review prints. Open that link in this browser."
      : `${error.message}.`),
    h("button", { type: "button", onclick: () => window.location.reload() }, "Try again")));
}

function signIn() {
  const user = h("input", { type: "text", autocomplete: "username", required: true });
  const password = h("input", { type: "password", autocomplete: "current-password", required: true });
  const said = h("p", { class: "trouble", role: "alert" });
  const form = h("form", {
    class: "sign-in",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await post("/api/session", { user: user.value, password: password.value });
        window.location.reload();
      } catch (error) {
        said.textContent = error.message;
      }
    },
  }, h("h1", {}, "dossier review"), field("Name", user), field("Password", password), said, h("button", { type: "submit", class: "main" }, "Sign in"));
  fill(document.body, h("main", {}, form));
}

start();
