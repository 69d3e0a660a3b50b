// What others rule arrives here: the server is asked for decisions since the last one known.

import { ApiError, get } from "./api.js";

const EVERY = 2000; // milliseconds; longer while the page is hidden or the server away
const AWAY = 5000;
const HIDDEN = 15_000;
const MOST = 500; // changes in one answer

export class Live extends EventTarget {
  /** since: the last decision known. Events: `changes` ({changes}), each decision once, others' and one's own. */
  constructor(outbox, since) {
    super();
    this.outbox = outbox;
    this.since = since;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
  }

  /** Ask now, and go on asking. */
  async ask() {
    window.clearTimeout(this.timer);
    if (this.asking) return;
    this.asking = true;
    let wait = document.visibilityState === "visible" ? EVERY : HIDDEN;
    try {
      await this.#ask();
      this.outbox.met(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.outbox.met(error);
      wait = error.signedOut || error.passing ? AWAY : EVERY;
    } finally {
      this.asking = false;
      this.timer = window.setTimeout(() => this.ask(), wait);
    }
  }

  async #ask() {
    for (;;) {
      const { revision, changes } = await get("/api/changes", { since: this.since });
      this.since = Math.max(this.since, revision);
      if (!changes.length) return;
      this.dispatchEvent(new CustomEvent("changes", { detail: { changes } }));
    }
  }
}

/** The decisions on a document after one, with the records they changed. */
export async function changesSince(document, since) {
  const found = [];
  for (;;) {
    const { revision, changes } = await get("/api/changes", { since, document });
    found.push(...changes);
    if (changes.length < MOST || revision <= since) return found;
    since = revision;
  }
}
