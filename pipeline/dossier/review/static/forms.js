// Forms for what a mention stands for, for relations and for events: made anew, or changed field by field.

import { button, field, fill, h, newId, option } from "./dom.js";
import { EVENT_ROLES, fillersOf, MANY, TOLLS } from "./model.js";
import { addedTarget, newRequest } from "./pending.js";
import { fillerOf, picker, tollOf } from "./picker.js";
import { changeOf, nameOf, rule, words } from "./rulings.js";

const EDTF = "EDTF: 2012, 2012-05, 2012-05-06, 2012/2014, 201X, 2015~, 2004-06/..";

function openForm(view, title, parts, save) {
  const trouble = h("p", { class: "trouble", role: "alert" });
  const submit = (event) => {
    event?.preventDefault();
    const problem = save();
    if (problem) return fill(trouble, problem);
    view.panel.closeForm();
    (view.panel.cards.get(view.current) ?? view.text.node(view.current))?.focus({ preventScroll: true });
    return undefined;
  };
  const form = h("form", { class: "record", "aria-label": title, onsubmit: submit }, h("h3", {}, title), parts, trouble,
    h("div", { class: "row save" }, h("button", { type: "submit", class: "main", "aria-keyshortcuts": "Control+Enter" }, "Save", h("kbd", { "aria-hidden": "true" }, "Ctrl ↵")),
      button("Cancel", "Escape", () => view.panel.closeForm())));
  form.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && submit(event));
  view.panel.showForm(form);
}

/** The fields of `now` that differ from the record. */
function differences(record, now) {
  const same = (a, b) => JSON.stringify(bare(a) ?? null) === JSON.stringify(bare(b) ?? null);
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => !same(name === "target" ? record.targets : record[name], value)));
}

/** A filler without what the page adds to it. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value === "" ? null : value;
  return Object.fromEntries(Object.entries(value).filter(([name, each]) => name !== "mention" && each !== null).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, bare(each)]));
}

function send(view, record, now, made, title) {
  if (record) {
    const fields = differences(record, now);
    if (Object.keys(fields).length) rule(view.context, view.id, [changeOf(record, "edit", view.id, fields)], `changed: ${nameOf(record)}`);
    else rule(view.context, view.id, [changeOf(record, "accept", view.id)], `accept of ${nameOf(record)}`);
    view.choose(record.target); // a mark that was picked for it is the current one
    return;
  }
  const request = newRequest();
  const target = addedTarget(request);
  rule(view.context, view.id, [{ kind: made.kind, target, ruling: "add", record: { ...made.record, ...now }, document: view.id, revision: 0 }], `added: ${title}`, { request });
  view.choose(target);
}

const select = (values, chosen, label = words) => h("select", {}, values.map((value) => option(value, label(value), value === chosen)));
const line = (value, props = {}) => h("input", { type: "text", value: value ?? "", ...props });
const text = (control) => control.value.trim() || null;

/** What the words around two spans are: the sentence that holds both, or all between them. */
export function evidenceOf(view, spans) {
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  const block = view.text.blockAt(start);
  const whole = view.model.text;
  if (block && end <= block.end) {
    const from = whole.unit(block.start);
    const sentences = [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(whole.slice(block.start, block.end))]
      .map(({ index, segment }) => [whole.point(from + index), whole.point(from + index + segment.trimEnd().length)]);
    const first = sentences.findLast(([at]) => at <= start);
    const last = sentences.find(([, to]) => to >= end);
    if (first && last) return span(view, first[0], Math.max(end, last[1]));
  }
  return span(view, start, end);
}

const span = (view, start, end) => ({ document: view.id, start, end, quote: view.model.text.slice(start, end) });

/** Add a relation from `from`, or change one. */
export function relationForm(view, record, from = null) {
  const { relations, statuses } = view.context.session;
  const evidence = record?.evidence?.[0];
  const near = evidence ?? from;
  const mentionOf = (filler, own) => (filler ? view.model.mentionOf(filler, evidence, own) : null);
  const value = (filler, own) => (filler ? { ...filler, mention: mentionOf(filler, own)?.target } : null);
  const type = h("select", { id: newId("type") });
  const roles = h("datalist", { id: newId("roles") });
  const offer = () => {
    const [a, b] = [subject.mention()?.label, object.mention()?.label];
    const fits = ({ subject: from_, object: to, same }) => (!a || from_.includes(a)) && (!b || to.includes(b)) && (!same || !a || !b || a === b);
    const names = Object.keys(relations).filter((name) => fits(relations[name]));
    const chosen = type.value || record?.type;
    const offered = names.length ? names : Object.keys(relations);
    if (chosen && !offered.includes(chosen)) offered.push(chosen);
    fill(type, offered.map((name) => option(name, words(name) + (names.includes(name) ? "" : " (other labels)"), name === chosen)));
    fill(roles, (relations[type.value]?.roles ?? []).map((name) => option(name)));
  };
  const subject = picker(view, "From", { value: record ? value(record.subject, evidence?.subject_text) : fillerOf(from), span: near, onchange: () => offer() });
  const object = picker(view, "To", { value: record ? value(record.object, evidence?.object_text) : null, span: near, onchange: () => offer() });
  type.addEventListener("change", offer);
  const start = line(record?.start);
  const end = line(record?.end);
  const role = line(record?.role, { list: roles.id });
  const status = select(statuses, record?.status ?? "asserted");
  const holder = line(record?.holder);
  offer();
  openForm(view, record ? "Change the relation" : "New relation", [
    subject.element, h("div", { class: "field" }, h("label", { for: type.id }, "Relation"), type), object.element,
    h("div", { class: "pair" }, field("Begins", start), field("Ends", end)), h("small", { class: "hint" }, EDTF),
    h("div", { class: "pair" }, field("Role", role), field("Status", status)), field("Who says so", holder), roles,
  ], () => {
    const [a, b] = [subject.value(), object.value()];
    if (!a || !b) return "Choose both ends: from whom, to whom.";
    if (a.mention && a.mention === b.mention) return "The two ends are the same mention; choose another.";
    const now = { type: type.value, subject: a, object: b, start: text(start), end: text(end), role: text(role), status: status.value, holder: text(holder) };
    const ends = [subject.mention(), object.mention()].filter(Boolean);
    const made = record ? null : { kind: "relation", record: { evidence: [{ ...evidenceOf(view, ends.length ? ends : [from]), subject_text: a.text, object_text: b.text }] } };
    return send(view, record, now, made, `${a.text} ${words(now.type)} ${b.text}`);
  });
}

/** Add an event told by `trigger`, or change one. */
export function eventForm(view, record, trigger = record?.trigger) {
  const { events, statuses } = view.context.session;
  const evidence = record?.evidence?.[0] ?? evidenceOf(view, [trigger]);
  const type = select(events.types, record?.type);
  const status = select(statuses, record?.status ?? "asserted");
  const holder = line(record?.holder);
  const rows = h("div", { class: "roles-form" });
  const roles = events.roles?.length ? events.roles : EVENT_ROLES;
  const fields = []; // [role, picker, numbers]
  const add = (role, filler = null, focus = false) => {
    const made = roleField(view, role, filler, evidence, () => { fields.splice(fields.indexOf(entry), 1); element.remove(); });
    const entry = [role, made];
    const { element } = made;
    const after = fields.findLast(([each]) => roles.indexOf(each) <= roles.indexOf(role));
    fields.splice(after ? fields.indexOf(after) + 1 : 0, 0, entry);
    if (after) after[1].element.after(element);
    else rows.prepend(element);
    if (focus) element.querySelector("select").focus();
  };
  for (const role of roles) for (const filler of [record ? fillersOf(record, role) : null].flat().filter(Boolean)) add(role, withMention(view, filler, evidence));
  if (!record) for (const role of ["date", "place", "perpetrator", "target"]) add(role);
  const more = h("select", { "aria-label": "Add a role" }, option("", "add a role …"), roles.map((role) => option(role, words(role))));
  more.addEventListener("change", () => { if (more.value) add(more.value, null, true); more.value = ""; });
  openForm(view, record ? "Change the event" : `New event: “${trigger.text}”`, [
    h("div", { class: "pair" }, field("Type", type), field("Status", status)), rows, more, field("Who says so", holder),
  ], () => {
    const now = { type: type.value, status: status.value, holder: text(holder) };
    for (const role of roles) {
      const values = fields.filter(([each]) => each === role).map(([, made]) => made.value()).filter(Boolean);
      if (values.length > 1 && !MANY.has(role)) return `An event has one ${words(role)}; take out the others.`;
      now[role] = MANY.has(role) ? values : (values[0] ?? null);
    }
    return send(view, record, now, { kind: "event", record: { trigger, evidence: [evidence] } }, `${words(now.type)} “${trigger.text}”`);
  });
}

const withMention = (view, filler, evidence) => ({ ...filler, mention: filler.mention ?? view.model.mentionOf(filler, evidence)?.target });

function roleField(view, role, filler, evidence, remove) {
  const toll = TOLLS.has(role);
  const labels = toll ? ["QUANTITY"] : role === "date" ? ["DATE"] : role === "place" ? ["PLACE"] : role === "weapon" ? ["WEAPON"] : null;
  const made = picker(view, words(role), { value: filler, span: evidence, labels, free: !toll && role !== "date", make: toll ? tollOf : fillerOf, onchange: () => toll && numbers() });
  const out = button("×", null, remove, { class: "quiet icon", "aria-label": `Take out ${words(role)}` });
  made.element.querySelector(".row").append(out);
  if (!toll) return made;
  const least = h("input", { type: "number", min: "0", "aria-label": `${words(role)}: at least` });
  const most = h("input", { type: "number", min: "0", "aria-label": `${words(role)}: at most` });
  const named = (name, control) => h("div", { class: "range" }, h("small", { "aria-hidden": "true" }, name), control);
  function numbers() { least.value = made.value()?.min ?? ""; most.value = made.value()?.max ?? ""; }
  numbers();
  made.element.append(h("div", { class: "pair" }, named("at least", least), named("at most", most)));
  const number = (control) => (control.value === "" ? null : Number(control.value));
  return { ...made, value: () => made.value() && { ...made.value(), min: number(least), max: number(most) } };
}

/** What a mention stands for: its normal form, by label. */
export function mentionForm(view, record) {
  const norm = record.norm ?? {};
  const number = (value) => h("input", { type: "number", step: "any", value: value ?? "" });
  const read = (control) => (control.value === "" ? null : Number(control.value));
  let parts;
  let now;
  if (record.label === "QUANTITY") {
    const [min, max, unit] = [number(norm.min), number(norm.max), line(norm.unit)];
    const about = h("input", { type: "checkbox", id: newId("about"), checked: Boolean(norm.approximate) });
    parts = [h("div", { class: "pair" }, field("At least", min), field("At most", max)), field("Unit", unit), h("p", { class: "check" }, about, h("label", { for: about.id }, "approximate"))];
    now = () => ({ min: read(min), max: read(max), unit: text(unit), approximate: about.checked });
  } else if (record.label === "PLACE") {
    const [id, country, lat, lon] = [number(norm.geonames), line(norm.country, { maxlength: "2" }), number(norm.lat), number(norm.lon)];
    parts = [h("div", { class: "pair" }, field("GeoNames id", id), field("Country, two letters", country)), h("div", { class: "pair" }, field("Latitude", lat), field("Longitude", lon))];
    now = () => ({ geonames: read(id), country: text(country)?.toUpperCase() ?? null, lat: read(lat), lon: read(lon) });
  } else if (record.label === "DATE") {
    const date = line(norm.edtf);
    parts = [field("Date", date, EDTF)];
    now = () => (text(date) ? { edtf: text(date) } : null);
  } else {
    return view.actions.find((action) => action.key === "m").run();
  }
  return openForm(view, `What “${record.text}” stands for`, parts, () => send(view, record, { norm: now() }));
}
