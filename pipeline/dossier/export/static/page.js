"use strict";
/* Lights what belongs together, filters, finds. It reads the page; texts only ever become text. */
(() => {
  const root = document.documentElement;
  const one = (query, inside = document) => inside.querySelector(query);
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];
  const text = one("#text"), panel = one("#records"), tip = one("#tip"), query = one("#q");
  root.classList.add("js");
  root.dataset.view = "text";

  /* ------------------------------------------------------------ places in the text */

  let blocks = null; // [start, element], in order
  const blockList = () => (blocks ??= all(".b").map((el) => [Number(el.dataset.s), el]));

  function blockAt(at) {
    const list = blockList();
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle][0] <= at) low = middle + 1; else high = middle;
    }
    return Math.max(low - 1, 0);
  }

  function spot(number, at) { // the text node and offset of a place in a block
    const [start, el] = blockList()[number];
    const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    let left = Math.max(at - start, 0), node = null;
    while (walker.nextNode()) {
      node = walker.currentNode;
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    return node ? [node, node.length] : [el, 0];
  }

  function rangeOf(start, end) {
    if (!blockList().length) return null;
    const range = new Range();
    range.setStart(...spot(blockAt(start), start));
    range.setEnd(...spot(blockAt(Math.max(end - 1, start)), end));
    return range;
  }

  const stretches = (words) => (words ? words.split(" ").map((pair) => pair.split("-").map(Number)) : []);

  function paint(name, ranges) {
    if (!window.CSS?.highlights) return;
    const some = ranges.filter(Boolean);
    if (some.length) CSS.highlights.set(name, new Highlight(...some)); else CSS.highlights.delete(name);
  }

  /* ------------------------------------------------------------ what belongs together */

  const many = (map, key, value) => map.get(key)?.push(value) ?? map.set(key, [value]);
  let index = null;

  function links() {
    if (index) return index;
    index = { marks: new Map(), kin: new Map(), cards: new Map(), triggers: new Map(), names: new Map() };
    for (const el of all("mark[data-m]", text)) {
      many(index.marks, el.dataset.m, el);
      if (el.dataset.e) many(index.kin, el.dataset.e, el);
    }
    for (const el of all(".trg", text)) many(index.triggers, el.dataset.v, el);
    for (const card of all(".card", panel)) {
      if (card.dataset.entity) index.names.set(card.dataset.entity, card);
      for (const mark of card.dataset.m.split(" ")) if (mark) many(index.cards, mark, card);
    }
    return index;
  }

  function related(el) { // elements to light, their kin, and the cards whose evidence they share
    const { marks, kin, cards, triggers, names } = links();
    if (el.matches("mark")) {
      const own = cards.get(el.dataset.m) ?? [], name = names.get(el.dataset.e);
      return { lit: [...marks.get(el.dataset.m), ...own], kin: kin.get(el.dataset.e) ?? [], cards: own, name };
    }
    if (el.matches(".trg")) return related(document.getElementById(el.dataset.v));
    if (el.matches(".ref")) return { lit: [document.getElementById(el.dataset.note)].filter(Boolean), kin: [], cards: [] };
    const own = el.dataset.m.split(" ").flatMap((number) => marks.get(number) ?? []);
    const same = el.dataset.entity ? kin.get(el.dataset.entity) ?? [] : [];
    return { lit: [el, ...own, ...same, ...(triggers.get(el.id) ?? [])], kin: [], cards: [el] };
  }

  let lit = [], shownFor = null, pinned = null;

  function light(el) {
    if (shownFor === el) return;
    dim();
    shownFor = el;
    const found = related(el);
    for (const each of found.kin) each.classList.add("kin");
    for (const each of found.lit) each.classList.add("lit");
    lit = [...found.kin, ...found.lit];
    const some = found.cards.slice(0, 30);
    if (!el.dataset.entity) paint("evidence", some.flatMap((card) => stretches(card.dataset.v).map((s) => rangeOf(...s))));
    paint("trigger", some.flatMap((card) => stretches(card.dataset.trigger).map((s) => rangeOf(...s))));
  }

  function dim() {
    for (const el of lit) el.classList.remove("lit", "kin");
    lit = [];
    shownFor = null;
    paint("evidence", []);
    paint("trigger", []);
    hideTip();
  }

  function release() {
    pinned = null;
    dim();
  }

  /* ------------------------------------------------------------ the tip */

  function element(tag, words, name) {
    const el = document.createElement(tag);
    if (words) el.textContent = words;
    if (name) el.className = name;
    return el;
  }

  function leadTo(card, words) {
    const button = element("button", words);
    button.type = "button";
    button.dataset.card = card.id;
    return button;
  }

  function tipOf(el) {
    if (el.matches(".ref")) return [element("p", document.getElementById(el.dataset.note)?.textContent ?? "")];
    if (el.matches(".card")) return el.open || narrow() ? [] : all(".ev", el).slice(0, 3).map((each) => each.cloneNode(true));
    const found = related(el), parts = [];
    if (el.matches("mark")) {
      const head = element("p");
      const label = element("span", el.dataset.l, "lab " + [...el.classList].find((name) => /^c\d/.test(name)));
      head.append(label, " ", el.dataset.n ? "= " + el.dataset.n : "");
      parts.push(head);
      const name = found.name?.dataset;
      if (name) {
        const guess = found.name.classList.contains("pending") && !el.classList.contains("pending") ? " (the name is pending)" : "";
        const count = `${name.count} mark${name.count === "1" ? "" : "s"}`;
        const line = element("p", "", "rest");
        line.append(leadTo(found.name, `${name.name}${name.also ? `, also ${name.also}` : ""}${guess} · ${count}`));
        parts.push(line);
      }
      parts.push(element("p", `${el.dataset.r} · confidence ${el.dataset.c}, by ${el.dataset.by}`, "by"));
    }
    if (found.cards.length) {
      const list = element("ul", "", "rest");
      for (const card of found.cards.slice(0, 6)) {
        const item = element("li");
        item.append(leadTo(card, one(".say", card).textContent + (card.classList.contains("pending") ? " (pending)" : "")));
        list.append(item);
      }
      if (found.cards.length > 6) list.append(element("li", `and ${found.cards.length - 6} more`));
      parts.push(list);
    }
    return parts;
  }

  let waiting = 0;

  function showTip(el) {
    clearTimeout(waiting);
    const parts = tipOf(el);
    if (!parts.length) return hideTip();
    tip.replaceChildren(...parts);
    tip.hidden = false;
    el.setAttribute("aria-describedby", "tip");
    
    const at = el.getClientRects()[0] ?? el.getBoundingClientRect(), box = tip.getBoundingClientRect();
    const beside = el.matches(".card");
    const left = beside ? at.left - box.width - 8 : Math.min(at.left, innerWidth - box.width - 8);
    const below = beside ? at.top : at.bottom + 6;
    const above = beside ? innerHeight - box.height - 8 : at.top - box.height - 6;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = Math.max(8, below + box.height > innerHeight - 8 ? above : below) + "px";
  }

  function hideTip() {
    clearTimeout(waiting);
    if (!tip.hidden) one("[aria-describedby=tip]")?.removeAttribute("aria-describedby");
    tip.hidden = true;
  }

  /* ------------------------------------------------------------ moving about */

  const views = all("#views button"), kept = {};

  function view(name) {
    if (root.dataset.view === name) return;
    kept[root.dataset.view] = scrollY;
    root.dataset.view = name;
    for (const button of views) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    scrollTo(0, kept[name] ?? 0);
    measure();
  }

  const narrow = () => getComputedStyle(one("#views")).display !== "none";

  function goToCard(card, { open = false, focus = false } = {}) {
    if (!card) return;
    if (narrow()) view("records");
    card.hidden = false;
    if (open) card.open = true;
    card.scrollIntoView({ block: "center" });
    if (focus) one("summary", card).focus({ preventScroll: true });
  }

  function goToText(el) {
    if (!el) return;
    if (narrow()) view("text");
    el.scrollIntoView({ block: "center" });
    if (!window.CSS?.highlights) {
      el.classList.add("near");
      setTimeout(() => el.classList.remove("near"), 2000);
    }
  }

  function pin(el) {
    light(el);
    pinned = el;
  }

  /* ------------------------------------------------------------ one tab stop for the text, one for the records */

  const stops = {};

  function stopsOf(name) { // first pieces only: a mark that is cut in two is one stop
    if (name === "records") return all(".group:not([hidden]) > .card:not([hidden]) > summary", panel);
    return (stops.text ??= all(".t", text).filter((el, i, list) => !el.dataset.m || el.dataset.m !== list[i - 1]?.dataset.m));
  }

  function move(name, from, by) {
    const list = stopsOf(name), next = list[list.indexOf(from) + by];
    if (!next) return;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    if (name === "text") next.scrollIntoView({ block: "nearest" });
  }

  function begin() {
    for (const el of all(".card > summary", panel)) el.tabIndex = -1;
    for (const name of ["text", "records"]) {
      const first = stopsOf(name)[0];
      if (first) first.tabIndex = 0;
    }
  }

  /* ------------------------------------------------------------ filters */

  const words = new Map();
  const wordsOf = (el) => words.get(el) ?? (words.set(el, fold(el.textContent)), words.get(el));

  function fold(some) { // lower case, every character in its place
    const low = some.toLowerCase();
    const kept = (c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c);
    return low.length === some.length ? low : [...some].map(kept).join("");
  }

  function filter() {
    const wanted = fold(query.value.trim());
    if (!panel) {
      let left = 0;
      for (const row of all(".find-me")) left += Number(!(row.hidden = !wordsOf(row).includes(wanted)));
      one("#hits").textContent = wanted ? `${left} found` : "";
      return;
    }
    const [type, status, state] = ["type", "status", "state"].map((name) => one(`#by-${name}`)?.value ?? "");
    let left = 0, total = 0;
    for (const group of all(".group", panel)) {
      const on = one(`.kind[data-k="${group.dataset.k}"]`).getAttribute("aria-pressed") === "true";
      let some = 0;
      for (const card of group.children) {
        if (!card.matches(".card")) continue;
        total += 1;
        const fits = on && (!type || card.dataset.t === type) && (!status || card.dataset.s === status) &&
          (!state || card.classList.contains(state)) && (!wanted || wordsOf(card).includes(wanted));
        card.hidden = !fits;
        some += Number(fits);
      }
      group.hidden = !some;
      left += some;
    }
    const count = one("#count");
    count.hidden = left === total;
    count.textContent = `${left} of ${total} shown`;
    one("#none").hidden = left > 0;
    find(wanted);
    const stop = stopsOf("records")[0];
    if (stop) stop.tabIndex = 0;
  }

  let found = [], at = -1;

  function find(wanted) {
    found = [];
    at = -1;
    if (wanted.length > 1) {
      for (const [start, el] of blockList()) {
        const here = wordsOf(el);
        for (let i = here.indexOf(wanted); i >= 0 && found.length < 2000; i = here.indexOf(wanted, i + wanted.length)) {
          found.push(rangeOf(start + i, start + i + wanted.length));
        }
      }
    }
    paint("found", found);
    paint("here", []);
    one("#hits").textContent = wanted.length > 1 ? `${found.length}${found.length === 2000 ? "+" : ""} in the text` : "";
  }

  function nextFind(by) {
    if (!found.length) return;
    at = (at + by + found.length) % found.length;
    paint("here", [found[at]]);
    goToText(found[at].startContainer.parentElement);
    one("#hits").textContent = `${at + 1} of ${found.length}`;
  }

  /* ------------------------------------------------------------ events: one listener of each kind */

  const SPOTS = ".t, .card";
  let typing = 0;

  document.addEventListener("pointerover", (event) => {
    if (!panel || event.pointerType === "touch") return;
    clearTimeout(waiting);
    if (event.target.closest("#tip")) return;
    const el = event.target.closest(SPOTS);
    if (!el) {
      waiting = setTimeout(() => (pinned ? hideTip() : dim()), 160);
    } else {
      if (!pinned) light(el);
      waiting = setTimeout(() => showTip(el), tip.hidden ? 120 : 60);
    }
  });

  document.addEventListener("focusin", (event) => {
    const el = event.target.closest?.(SPOTS);
    if (!panel || !el || !event.target.matches(":focus-visible")) return;
    pinned = null;
    light(el);
    if (event.target.matches(".t, summary")) showTip(el);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button"), link = event.target.closest("a[href^='#']"), el = event.target.closest(SPOTS);
    if (button) return press(button);
    if (!panel) return;
    if (link) {
      const target = document.getElementById(link.hash.slice(1));
      if (!target || link.matches(".skip")) return;
      event.preventDefault();
      if (target.matches(".card")) {
        goToCard(target, { open: true, focus: true });
        pin(target);
      } else {
        const card = link.closest(".card");
        if (card) pin(card); else if (link.matches(".ref")) pin(link);
        goToText(target);
      }
      hideTip();
    } else if (el && text.contains(el)) {
      pin(el);
      showTip(el);
      if (!narrow()) goToCard(related(el).cards.find((card) => !card.hidden) ?? related(el).name);
    } else if (el && event.target.closest("summary")) {
      pin(el);
      hideTip();
      setTimeout(() => el.scrollIntoView({ block: "nearest" }));
      if (!el.open && !narrow() && el.dataset.v) goToText(blockList()[blockAt(stretches(el.dataset.v)[0][0])]?.[1]);
    } else if (!event.target.closest("#tip, .card, .bar")) {
      release();
    }
  });

  function press(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    if (button.dataset.card) {
      const card = document.getElementById(button.dataset.card);
      goToCard(card, { open: true, focus: true });
      pin(card);
      hideTip();
    } else if (button.closest("#views")) {
      hideTip();
      view(button.dataset.view);
    } else if (button.matches(".kind")) {
      button.setAttribute("aria-pressed", String(on));
      filter();
    } else if (button.matches(".key")) {
      button.setAttribute("aria-pressed", String(on));
      for (const mark of all("mark", text)) if (mark.dataset.l === button.dataset.l) mark.classList.toggle("off", !on);
    } else if (button.id === "names") {
      button.setAttribute("aria-pressed", String(on));
      root.classList.toggle("names", on);
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target !== query) return;
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select")) filter();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const el = event.target, key = event.key;
    if (key === "Escape") {
      if (panel) release();
    } else if (key === "/" && !el.matches("input, select")) {
      event.preventDefault();
      query?.focus();
    } else if (el === query && key === "Enter" && panel) {
      clearTimeout(typing);
      if (at < 0) filter();
      nextFind(event.shiftKey ? -1 : 1);
    } else if (el.matches(".t") && (key === "ArrowLeft" || key === "ArrowRight")) {
      event.preventDefault();
      move("text", el, key === "ArrowRight" ? 1 : -1);
    } else if (el.matches("mark, .trg") && key === "Enter") {
      event.preventDefault(); // else the same stroke opens the record that it leads to
      const card = related(el).cards.find((each) => !each.hidden) ?? related(el).name;
      goToCard(card, { focus: true });
    } else if (el.matches(".card > summary") && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      move("records", el, key === "ArrowDown" ? 1 : -1);
    }
  });

  /* ------------------------------------------------------------ begin */

  function measure() {
    const bar = one(".bar");
    if (bar) root.style.setProperty("--top", `${Math.ceil(bar.getBoundingClientRect().height)}px`);
  }

  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!panel || !target) return;
    if (target.matches(".card")) {
      goToCard(target, { open: true });
      pin(target);
    } else if (text.contains(target)) goToText(target);
  }

  addEventListener("resize", measure);
  addEventListener("hashchange", arrive);
  addEventListener("beforeprint", () => {
    dim();
    for (const card of all(".card")) card.open = true;
  });
  measure();
  if (panel) begin();
  arrive();
})();
