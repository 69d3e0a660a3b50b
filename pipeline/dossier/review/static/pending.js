// What waits to be sent, as plain data: which entries stand, and what an answer means for those behind it.
//
// An entry: {seq, request, desk, user, path, document, body, say, state}; state: waiting, stale or refused.

export const RULINGS = "/api/rulings";
export const UNDO = "/api/undo";
export const REDO = "/api/redo";

export const changesOf = (entry) => (entry.path === RULINGS ? entry.body.changes : []);

const targetsOf = (entry) => new Set(changesOf(entry).map((change) => change.target));

/** The entries that stand once the undos and redos among them have done their work: rulings that are not taken back. */
export const standing = (entries) => play(entries).done;

/** The undo that takes back `entry`, if one waits behind it. */
export const undoOf = (entries, entry) => play(entries).undone.get(entry) ?? null;

/** Undo takes back the last ruling of its document, or of all where it names none; redo brings the last such back. */
function play(entries) {
  const done = [];
  const undone = new Map(); // ruling -> the undo that took it back
  const isOf = (undo) => (entry) => !undo.document || entry.document === undo.document;
  for (const entry of entries) {
    if (entry.path === UNDO) {
      const last = done.findLast(isOf(entry));
      if (!last) continue; // what it takes back is with the server already
      done.splice(done.indexOf(last), 1);
      undone.set(last, entry);
    } else if (entry.path === REDO) {
      const last = [...undone.keys()].findLast(isOf(entry));
      if (!last) continue;
      undone.delete(last);
      done.push(last);
    } else {
      done.push(entry);
    }
  }
  return { done, undone };
}

/** The first entry that may be sent: not stuck, and about nothing that a stuck one before it is about. */
export function nextToSend(entries) {
  const stuck = new Set();
  let stuckAny = false;
  for (const entry of entries) {
    if (entry.state !== "waiting") {
      for (const target of targetsOf(entry)) stuck.add(target);
      stuckAny = true;
    } else if (changesOf(entry).some((change) => stuck.has(change.target))) {
      for (const target of targetsOf(entry)) stuck.add(target);
    } else if (entry.path !== RULINGS && stuckAny && !standsAlone(entries, entry)) {
      continue; // an undo of what is stuck waits with it
    } else {
      return entry;
    }
  }
  return null;
}

function standsAlone(entries, undo) {
  return !entries.some((entry) => entry.state !== "waiting" && undoOf(entries, entry) === undo);
}

/** Give the rulings that wait behind `sent` the revision that its answer brought, where they were made on what it was made on. */
export function carryRevisions(entries, sent, answer) {
  const now = new Map((answer.records ?? []).map((record) => [record.target, record.revision]));
  const before = new Map(changesOf(sent).map((change) => [change.target, change.revision]));
  for (const target of before.keys()) if (!now.has(target)) now.set(target, answer.revision);
  return entries.map((entry) => {
    const concerned = changesOf(entry).some((change) => now.has(change.target));
    if (entry.seq <= sent.seq || !concerned) return entry;
    const changes = entry.body.changes.map((change) => {
      if (!now.has(change.target)) return change;
      if (before.has(change.target) && change.revision !== before.get(change.target)) return change;
      return { ...change, revision: now.get(change.target) };
    });
    return { ...entry, body: { ...entry.body, changes } };
  });
}

/** A `request` id, and the target of the `index`th record that its group adds. */
export const newRequest = () => crypto.randomUUID();

export const addedTarget = (request, index = 0) =>
  `a_${request.replaceAll("-", "").slice(0, 16)}${index.toString(16).padStart(4, "0")}`;
