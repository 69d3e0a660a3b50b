// The minutes a reviewer works on a document: counted while the page is seen and something was done lately.

import { post } from "./api.js";
import { newRequest } from "./pending.js";

const TICK = 5; // seconds
const IDLE = 60; // seconds without a key, a pointer or a scroll after which the clock stands still
const SEND = 60; // seconds of work after which they are sent
const MOST = 3600; // seconds in one request
const KEPT = "dossier-seconds";

export class Minutes {
  constructor(context, document) {
    this.document = document;
    this.key = `${KEPT}:${context.session.desk}:${context.session.user}:${document}`;
    this.last = performance.now();
    this.touch = () => (this.last = performance.now());
    for (const type of ["keydown", "pointermove", "wheel", "scroll"]) window.addEventListener(type, this.touch, { passive: true });
    this.hide = () => window.document.visibilityState === "hidden" && this.send(true);
    window.document.addEventListener("visibilitychange", this.hide);
    this.timer = window.setInterval(() => this.#tick(), TICK * 1000);
  }

  #tick() {
    if (window.document.visibilityState !== "visible" || performance.now() - this.last > IDLE * 1000) return;
    const kept = this.#kept();
    const { seconds } = kept;
    this.#keep({ ...kept, seconds: seconds + TICK });
    if (seconds + TICK >= SEND) this.send();
  }

  /** Send what was counted. It stays counted until the server has it, and goes under one request until then. */
  async send(last = false) {
    const { seconds, request, asked } = this.#kept();
    if (!seconds || this.sending) return;
    this.sending = true;
    const sent = { request: request ?? newRequest(), seconds: request ? asked : Math.min(seconds, MOST) };
    this.#keep({ seconds, request: sent.request, asked: sent.seconds });
    try {
      await post("/api/minutes", { request: sent.request, document: this.document, seconds: sent.seconds }, { keepalive: last });
      this.#keep({ seconds: this.#kept().seconds - sent.seconds });
    } catch {
      // counted still, and sent the next time
    } finally {
      this.sending = false;
    }
  }

  end() {
    window.clearInterval(this.timer);
    for (const type of ["keydown", "pointermove", "wheel", "scroll"]) window.removeEventListener(type, this.touch);
    window.document.removeEventListener("visibilitychange", this.hide);
    this.send(true);
  }

  #kept() {
    return { seconds: 0, ...JSON.parse(localStorage.getItem(this.key) ?? "{}") };
  }

  #keep(kept) {
    localStorage.setItem(this.key, JSON.stringify(kept));
  }
}
