// The outbox: every ruling is kept in the browser until the server says that it is on its disk.
//
// It survives a reload, a closed tab and a dead server, and sends in order, one at a time, also what another tab left.

import { ApiError, post } from "./api.js";
import { carryRevisions, changesOf, newRequest, nextToSend, RULINGS, undoOf } from "./pending.js";

const NAME = "dossier-outbox";
const LONGEST_WAIT = 8000; // milliseconds between two tries

export class Outbox extends EventTarget {
  /** session: {desk, user}. Events: `change` (what waits or the connection), `settled` ({entry, answer}), `stuck` (entry). */
  constructor(session) {
    super();
    this.session = session;
    this.entries = [];
    this.foreign = 0; // entries of another desk or another user of this browser
    this.connection = "online"; // online, offline or signed-out
    this.kept = true; // whether the browser keeps what waits over a reload
    this.writing = Promise.resolve();
    this.running = false;
    this.tries = 0;
    this.timer = 0;
    this.channel = new BroadcastChannel(NAME);
    this.channel.onmessage = ({ data }) => this.#hear(data);
  }

  async open() {
    try {
      this.db = await openDatabase();
      navigator.storage?.persist?.().catch(() => {});
      await this.#load();
    } catch {
      this.kept = false;
    }
    window.addEventListener("online", () => this.send());
    this.send();
    return this;
  }

  /** Keep a request and send it. Returns the entry at once; `settled` tells when the server has it. */
  add(path, body, { document = null, say = "" } = {}) {
    const request = body.request ?? newRequest();
    const entry = {
      request, desk: this.session.desk, user: this.session.user, path, document, say,
      body: { ...body, request }, state: "waiting", made: Date.now(),
    };
    entry.seq = this.#after();
    this.entries.push(entry);
    this.writing = this.writing.then(() => this.#keep(entry));
    this.writing.then(() => this.send());
    this.#changed();
    return entry;
  }

  get waiting() {
    return this.entries.filter((entry) => entry.state === "waiting").length;
  }

  get stuck() {
    return this.entries.filter((entry) => entry.state !== "waiting");
  }

  /** Send what waits, in order, until the first that cannot be sent now. */
  async send() {
    window.clearTimeout(this.timer);
    if (this.running) return;
    this.running = true;
    try {
      while (await this.#sendOne());
    } finally {
      this.running = false;
      this.#changed();
    }
    if (this.waiting && this.connection !== "online") {
      this.timer = window.setTimeout(() => this.send(), Math.min(LONGEST_WAIT, 500 * 2 ** this.tries));
      this.tries += 1;
    }
  }

  /** Say a stuck ruling again on top of what stands now, without the `dropped` targets; nothing left: it goes. */
  async resolve(entry, revisions, dropped = new Set()) {
    const changes = changesOf(entry)
      .filter((change) => !dropped.has(change.target))
      .map((change) => ({ ...change, revision: revisions.get(change.target) ?? change.revision }));
    const others = this.entries.filter((other) => other !== entry);
    if (!changes.length) return this.discard(entry);
    const again = { ...entry, state: "waiting", answer: undefined, request: newRequest() };
    again.body = { ...entry.body, request: again.request, changes };
    this.entries = [...others, again].sort((a, b) => a.seq - b.seq);
    await this.#write((store) => store.put(again));
    this.send();
  }

  async discard(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    await this.#write((store) => store.delete(entry.seq));
    this.#changed();
    this.send();
  }

  async retry(entry) {
    entry.state = "waiting";
    await this.#write((store) => store.put(entry));
    this.send();
  }

  /** The connection as someone else met it: polling tells, too. */
  met(error) {
    const before = this.connection;
    this.connection = !error ? "online" : error.signedOut ? "signed-out" : error.passing ? "offline" : before;
    if (this.connection !== before) {
      this.#changed();
      if (this.connection === "online") {
        this.tries = 0;
        this.send();
      }
    }
  }

  async #sendOne() {
    await this.writing;
    return withLock(async () => {
      await this.#load();
      const entry = nextToSend(this.entries);
      if (!entry) return false;
      this.#changed();
      try {
        const answer = await post(entry.path, entry.body);
        this.tries = 0;
        this.met(null);
        await this.#settle(entry, answer);
        return true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return this.#refuse(entry, error);
      }
    });
  }

  async #settle(entry, answer) {
    const carried = carryRevisions(this.entries, entry, answer).filter((other) => other.seq !== entry.seq);
    const altered = carried.filter((other) => !this.entries.includes(other));
    this.entries = carried;
    await this.#write((store) => {
      store.delete(entry.seq);
      for (const other of altered) store.put(other);
    });
    this.channel.postMessage({ entry, answer });
    this.#tell("settled", { entry, answer });
  }

  async #refuse(entry, error) {
    if (error.passing || error.signedOut) {
      this.met(error);
      return false;
    }
    this.met(null);
    if (error.code === "nothing") {
      await this.#settle(entry, { said: "nothing", records: [], removed: [], revision: 0, nothing: error.message });
      return true;
    }
    const taken = undoOf(this.entries, entry);
    if (taken && entry.path === RULINGS) {
      // refused, and taken back already: neither is left to do
      this.entries = this.entries.filter((other) => other !== taken);
      await this.#write((store) => store.delete(taken.seq));
      await this.discard(entry);
      return true;
    }
    entry.state = error.status === 409 ? "stale" : "refused";
    entry.answer = error.body.say ? error.body : { ...error.body, say: error.message };
    await this.#write((store) => store.put(entry));
    this.#tell("stuck", { entry });
    return true;
  }

  async #load() {
    if (!this.db) return;
    const all = await promised(this.db.transaction(NAME).objectStore(NAME).getAll());
    const mine = all.filter((entry) => entry.desk === this.session.desk && entry.user === this.session.user);
    this.foreign = all.length - mine.length;
    const known = new Map(this.entries.map((entry) => [entry.request, entry]));
    const kept = new Set(mine.map((entry) => entry.request));
    const unwritten = this.entries.filter((entry) => !kept.has(entry.request) && entry.unkept);
    this.entries = [...mine.map((entry) => same(known.get(entry.request), entry)), ...unwritten];
  }

  async #keep(entry) {
    try {
      await this.#write((store) => store.put(entry));
    } catch {
      entry.unkept = true; // sent all the same, but a reload would lose it: said in the bar
      this.kept = false;
      this.#changed();
    }
  }

  async #write(work) {
    if (!this.db) return;
    const transaction = this.db.transaction(NAME, "readwrite", { durability: "strict" });
    work(transaction.objectStore(NAME));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  /** Later than anything before, in this tab or another. */
  #after() {
    this.last = Math.max((this.last ?? 0) + 1, performance.timeOrigin + performance.now());
    return this.last;
  }

  #hear({ entry, answer }) {
    this.entries = this.entries.filter((other) => other.request !== entry.request);
    this.#tell("settled", { entry, answer });
    this.#changed();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The entry as it is held here, unless what is kept has moved on. */
const same = (held, kept) => (held && JSON.stringify(held) === JSON.stringify(kept) ? held : kept);

const withLock = (work) => (navigator.locks ? navigator.locks.request(NAME, work) : work());

function openDatabase() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { keyPath: "seq" });
  return promised(opening);
}

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
