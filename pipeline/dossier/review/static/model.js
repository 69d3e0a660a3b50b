// One document as it stands: what the server said, and over it what is still on its way there.

import { lowerBound } from "./codepoints.js";
import { changesOf, isAbout, standing } from "./pending.js";

export const LISTS = {
  mention: "mentions", entity: "entities", relation: "relations", event: "events", conflict: "conflicts", absence: "absences",
};

const STATES = { accept: "accepted", reject: "rejected", edit: "edited", add: "added" };

/** What a change makes of a record, as the server will say it once it has the change. */
export function applied(record, change, user) {
  if (change.ruling === "comment" || !(change.ruling in STATES)) return record && { ...record, waiting: true };
  const before = record ?? { id: change.target, target: change.target, kind: change.kind, revision: 0 };
  const state = before.state === "added" && change.ruling !== "reject" ? "added" : STATES[change.ruling];
  const fields = change.ruling === "edit" || change.ruling === "add" ? change.record : {};
  return {
    ...kept({ ...before, ...fields }, change.kind, change.target),
    state,
    waiting: true,
    review: { state, by: user, at: null },
  };
}

export class DocumentModel {
  /** about: GET /api/documents/ID; text: a Text; records: GET .../records. */
  constructor(about, text, records, user, entries = []) {
    Object.assign(this, { about, text, user });
    this.finished = about.finished;
    this.load(records, entries);
  }

  /** Take what the server says of all records, and lay what waits over it. */
  load(records, entries) {
    this.revision = records.revision;
    this.comments = records.comments ?? [];
    this.lost = records.lost ?? [];
    this.base = new Map();
    for (const [kind, list] of Object.entries(LISTS)) {
      for (const record of records[list] ?? []) this.base.set(targetOf(record), kept(record, kind));
    }
    this.overlay(entries);
  }

  /** Lay the entries of the outbox over what the server said. Returns the targets whose record changed. */
  overlay(entries) {
    const before = this.records;
    const touched = new Map();
    this.waitingComments = [];
    this.waitingFinish = null;
    for (const entry of standing(entries.filter((entry) => isAbout(entry, this.about.id) && entry.state !== "refused"))) {
      for (const change of changesOf(entry)) this.#lay(touched, change, entry);
    }
    this.records = new Map(this.base);
    for (const [target, record] of touched) if (record) this.records.set(target, record);
    this.#index();
    return changed(before, this.records);
  }

  #lay(touched, change, entry) {
    if (change.document !== this.about.id) return;
    if (change.kind === "document") {
      if (change.ruling === "finish" || change.ruling === "reopen") this.waitingFinish = change.ruling === "finish";
      return;
    }
    if (change.ruling === "comment") {
      this.waitingComments.push({ target: change.target, text: change.record.text, by: this.user, at: null, waiting: true });
    }
    const record = touched.get(change.target) ?? this.base.get(change.target);
    touched.set(change.target, applied(record, change, entry.user));
  }

  /** Take the answer to a group: its records in full, and what is gone. here: whether the group is of this document alone;
   * of others only what is known here counts. */
  settle(answer, here = true) {
    for (const record of answer.records ?? []) {
      const target = targetOf(record);
      const kind = record.kind ?? this.base.get(target)?.kind;
      if (kind === "document" || !kind) continue;
      if ((this.base.get(target)?.revision ?? 0) > (record.revision ?? 0)) continue; // overtaken by a later answer
      if (!this.base.has(target) && (!here || (kind === "mention" && record.document && record.document !== this.about.id))) continue;
      this.base.set(target, kept(record, kind));
    }
    for (const target of answer.removed ?? []) this.base.delete(target);
  }

  get isFinished() {
    return this.waitingFinish ?? Boolean(this.finished);
  }

  #index() {
    const all = [...this.records.values()];
    const byPlace = (a, b) => placeOf(a) - placeOf(b) || (spanOf(a)?.end ?? 0) - (spanOf(b)?.end ?? 0);
    this.mentions = all.filter((record) => record.kind === "mention" && Number.isInteger(record.start)).sort(byPlace);
    this.starts = this.mentions.map((mention) => mention.start);
    this.longest = this.mentions.reduce((most, mention) => Math.max(most, mention.end - mention.start), 0);
    this.relations = all.filter((record) => record.kind === "relation").sort(byPlace);
    this.events = all.filter((record) => record.kind === "event").sort(byPlace);
    // names that were merged keep their targets and share an id: one entity
    this.entities = [...new Map(all.filter((record) => record.kind === "entity").map((record) => [record.id ?? record.target, record])).values()];
    this.conflicts = all.filter((record) => record.kind === "conflict");
    this.absences = all.filter((record) => record.kind === "absence");
    this.triggers = this.events.filter((event) => event.trigger).sort((a, b) => a.trigger.start - b.trigger.start);
    this.triggerStarts = this.triggers.map((event) => event.trigger.start);
    this.longestTrigger = this.triggers.reduce((most, { trigger }) => Math.max(most, trigger.end - trigger.start), 0);
  }

  get(target) {
    return this.records.get(target);
  }

  /** The mentions that touch a span, in the order of the text. */
  mentionsIn(start, end) {
    return within(this.mentions, this.starts, this.longest, start, end, (mention) => mention);
  }

  /** The events whose trigger touches a span. */
  triggersIn(start, end) {
    return within(this.triggers, this.triggerStarts, this.longestTrigger, start, end, (event) => event.trigger);
  }

  /** The mention that a filler of a relation or event stands for, near its evidence; null for free words. */
  mentionOf(filler, evidence, own) {
    if (!filler) return null;
    if (filler.mention && this.records.has(filler.mention)) return this.records.get(filler.mention);
    const near = evidence ? this.mentionsIn(evidence.start, evidence.end) : this.mentions;
    const standing = near.filter((mention) => mention.state !== "rejected");
    const words = own ?? filler.text;
    return (
      standing.find((mention) => mention.text === words && (!filler.entity || mention.entity === filler.entity)) ??
      standing.find((mention) => mention.text === filler.text) ??
      (filler.entity ? standing.find((mention) => mention.entity === filler.entity) : null) ??
      null
    );
  }

  /** The spans and mentions that a relation or event joins, each with its role; what is not found in the text is left out. */
  endsOf(record) {
    const evidence = record.evidence?.[0];
    const ends = [];
    for (const [role, fillers] of rolesOf(record)) {
      const own = role === "subject" ? evidence?.subject_text : role === "object" ? evidence?.object_text : null;
      for (const filler of fillers) {
        const mention = this.mentionOf(filler, evidence, own);
        if (mention) ends.push({ role, mention });
      }
    }
    return ends;
  }

  /** Relations and events that name a mention or its entity within their evidence. */
  naming(mention) {
    return [...this.relations, ...this.events].filter((record) =>
      this.endsOf(record).some((end) => end.mention.target === mention.target),
    );
  }

  commentsOf(target) {
    return [...this.comments, ...this.waitingComments].filter((comment) => comment.target === target);
  }

  /** How many records are in which state: what is left to rule on. */
  counts() {
    const counts = { pending: 0, done: 0 };
    for (const { kind, state } of this.records.values()) {
      if (kind === "absence") continue;
      if (state === "pending" || state === "disputed") counts.pending += 1;
      else counts.done += 1;
    }
    return counts;
  }
}

export const targetOf = (record) => (typeof record.target === "string" ? record.target : record.id);

/** A record as it is held: an event’s role `target` is `targets` here, for `target` names what is ruled on. */
function kept(record, kind, target = targetOf(record)) {
  return Array.isArray(record.target) ? { ...record, kind, targets: record.target, target } : { ...record, kind, target };
}

/** Where a record stands in the text: its own span, its trigger or its first evidence. */
export function placeOf(record) {
  return spanOf(record)?.start ?? Infinity;
}

export function spanOf(record) {
  if (record.kind === "mention") return Number.isInteger(record.start) ? record : null;
  return record.trigger ?? record.evidence?.[0] ?? record.names?.[0]?.evidence?.[0] ?? record.values?.[0]?.evidence?.[0] ?? null;
}

const asList = (value) => (Array.isArray(value) ? value : value ? [value] : []);

export const EVENT_ROLES = [
  "date", "place", "perpetrator", "target", "claimed_by", "party", "result", "authority",
  "killed", "wounded", "hostages", "ransom", "weapon",
];
export const MANY = new Set(["place", "perpetrator", "target", "claimed_by", "party", "weapon"]);
export const TOLLS = new Set(["killed", "wounded", "hostages", "ransom"]);

/** The roles of a relation or event that are filled, with their fillers. An event's `target` is a role, not its name here. */
export function rolesOf(record) {
  if (record.kind === "relation") return [["subject", asList(record.subject)], ["object", asList(record.object)]];
  return EVENT_ROLES.map((role) => [role, asList(fillersOf(record, role))]).filter(([, fillers]) => fillers.length);
}

/** The filler or fillers of an event’s role. */
export const fillersOf = (record, role) => record[role === "target" ? "targets" : role];

function within(sorted, starts, longest, start, end, span) {
  const found = [];
  for (let i = lowerBound(starts, start - longest); i < sorted.length && starts[i] < end; i += 1) {
    if (span(sorted[i]).end > start) found.push(sorted[i]);
  }
  return found;
}

function changed(before, after) {
  if (!before) return [];
  const found = [];
  for (const [target, record] of after) if (before.get(target) !== record) found.push(target);
  for (const target of before.keys()) if (!after.has(target)) found.push(target);
  return found;
}
