"""The tags of a page into chunks of running text, in the order of the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from dossier.ingest.html import elements
from dossier.ingest.html.chunks import Chunk
from dossier.ingest.html.elements import BLOCKS, CELLS, CONTAINERS, HEADINGS, LISTS, PREFORMATTED, UNSEEN, VOID
from dossier.ingest.html.runs import Run
from dossier.ingest.html.stack import Context, Item, Link, Open, Stack
from dossier.ingest.html.tables import Table
from dossier.ingest.html.tokens import RAW, Tag, Text, read_tokens

_TRANSPARENT = frozenset("p span table tbody tr i em u font small big".split())
MAX_TABLES = 20  # in each other; what stands in a deeper one is read with this one


class Anchor(NamedTuple):
    """A place that links can lead to: a run by its number, and where in it. `last`: the last run of the element, if it has
    more than one."""

    run: int
    at: int
    last: int


@dataclass(slots=True)
class Page:
    """A page as it was found. `heads`: tags that say something about the page; `data`: stretches with JSON-LD;
    `depth`: how deep its elements stand in each other."""

    source: str
    chunks: list[Chunk] = field(default_factory=list)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    heads: list[Tag] = field(default_factory=list)
    title: Text | None = None
    data: list[Text] = field(default_factory=list)
    language: str | None = None
    depth: int = 0


def read_page(source: str) -> Page:
    """Walk a page. Nothing is lost but what it does not show; linear in its length."""
    return _Walker(source).walk()


class _Walker:
    def __init__(self, source: str) -> None:
        self.page = Page(source)
        self.stack = Stack()
        self.tables: list[Table] = []
        self.run: Run | None = None
        self.count = 0  # runs so far
        self.holders = 0  # lists and containers so far
        self.raw = ""  # the element whose content is no markup, if we are in one

    def walk(self) -> Page:
        for token in read_tokens(self.page.source):
            if isinstance(token, Text):
                self._text(token)
            elif token.ends:
                self._end(token)
            else:
                self._start(token)
        self._pop_to(0)
        self._flush()
        self.page.depth = self.stack.depth
        return self.page

    def _text(self, token: Text) -> None:
        context = self.stack.context
        if self.raw in ("title", "ld+json") and token.start < token.end:
            if self.raw == "title":
                self.page.title = self.page.title or token
            else:
                self.page.data.append(token)
        if not context.shown or (self.run is None and self.page.source[token.start : token.end].isspace()):
            return
        self._current(context).add(token.start, token.end, context)

    def _current(self, context: Context) -> Run:
        if self.run is None:
            self.run = Run(self.page.source, self.count, context)
            self.count += 1
        return self.run

    # ------------------------------------------------------------ tags

    def _start(self, tag: Tag) -> None:
        name = tag.name
        self.raw = ""
        if name in VOID:
            self._void(tag)
            return
        if name in ("html", "body"):
            self.page.language = self.page.language or tag.attributes.get("lang") or tag.attributes.get("xml:lang")
            self._flush()
            return
        if name == "form":
            self._flush()
            return
        if (ended := self.stack.ended_by_start(name)) >= 0:
            self._pop_to(ended)
        if name in BLOCKS:
            self._flush()
        if name in ("time", "span", "p", "div") and ("datetime" in tag.attributes or "itemprop" in tag.attributes):
            self.page.heads.append(tag)
        before = self.stack.context
        context = _derive(before, tag, self._number(name)) if before.shown else before
        if name in RAW:
            self._begin_raw(tag, before.shown)
        if before.shown:
            self._begin_table_part(tag)
        anchor = tag.attributes.get("id") or (tag.attributes.get("name") if name == "a" else None)
        if anchor:
            self._anchor(anchor)
        self.stack.push(Open(name, context, anchor))
        if tag.closed:
            self._pop_to(len(self.stack.open) - 1)

    def _void(self, tag: Tag) -> None:
        if tag.name in ("meta", "link", "base"):
            self.page.heads.append(tag)
        elif tag.name == "br":
            if self.run is not None and self.stack.context.shown:
                self.run.add_break(tag.start)
        elif tag.name == "hr":
            if (ended := self.stack.ended_by_start("hr")) >= 0:
                self._pop_to(ended)
            self._flush()

    def _end(self, tag: Tag) -> None:
        name = tag.name
        self.raw = ""
        if name == "br":
            self._void(tag)
            return
        if name in BLOCKS:
            self._flush()
        if (ended := self.stack.ended_by_end(name)) >= 0:
            self._pop_to(ended)

    def _begin_raw(self, tag: Tag, shown: bool) -> None:
        if tag.name == "script":
            self.raw = (
                "ld+json" if tag.attributes.get("type", "").strip().lower() == "application/ld+json" else "script"
            )
        elif tag.name == "title" and shown:
            self.raw = "title"

    def _begin_table_part(self, tag: Tag) -> None:
        if tag.name == "table":
            layout = tag.attributes.get("role", "").lower() in ("presentation", "none")
            self.tables.append(Table(layout) if len(self.tables) < MAX_TABLES else self.tables[-1])
        elif self.tables and tag.name == "tr":
            self.tables[-1].begin_row()
        elif self.tables and tag.name in CELLS:
            self.tables[-1].begin_cell()

    def _anchor(self, name: str) -> None:
        if self.run is not None:
            self.page.anchors.setdefault(name, Anchor(self.run.number, self.run.length, self.run.number))
        else:
            self.page.anchors.setdefault(name, Anchor(self.count, 0, self.count))

    def _number(self, name: str) -> int:
        self.holders += name in LISTS or name in CONTAINERS
        return self.holders

    # ------------------------------------------------------------ what ends

    def _pop_to(self, at: int) -> None:
        while len(self.stack.open) > at:
            opened = self.stack.pop()
            if opened.name in BLOCKS:
                self._flush()
            if opened.anchor and (anchor := self.page.anchors.get(opened.anchor)) and anchor.run < self.count - 1:
                self.page.anchors[opened.anchor] = anchor._replace(last=self.count - 1)
            if self.tables and self.stack.context.shown:
                self._end_table_part(opened.name)

    def _end_table_part(self, name: str) -> None:
        if name in CELLS:
            self.tables[-1].end_cell()
        elif name == "tr":
            self.tables[-1].end_row()
        elif name == "table":
            table = self.tables.pop()
            if not self.tables or self.tables[-1] is not table:
                for chunk in table.finish():
                    self._add(chunk)

    def _flush(self) -> None:
        """End the running text."""
        run, self.run = self.run, None
        if run is None or run.text.isspace() or not run.text:
            return
        context = run.context
        kind, level = context.kind, context.level
        if context.item is not None:
            context.item.runs += 1
            if kind == "list_item" and context.item.runs > 1:
                kind, level = "", 0
        self._add(Chunk(kind, [[run]], level))

    def _add(self, chunk: Chunk) -> None:
        if self.tables:
            self.tables[-1].add(chunk)
        else:
            self.page.chunks.append(chunk)


def _derive(context: Context, tag: Tag, number: int) -> Context:
    """The context of what stands in an element; the same one where it changes nothing. number: its own, as a list or holder."""
    name, attributes = tag.name, tag.attributes
    if not attributes and name in _TRANSPARENT:
        return context
    if name in UNSEEN and not (name == "button" and context.kind == "heading"):
        return context._replace(shown=False)
    if (attributes or name == "dialog") and elements.is_hidden(name, attributes):
        return context._replace(shown=False)
    if name in BLOCKS:
        return _derive_block(context, tag, number)
    if name == "a":
        fragment = attributes.get("href", "").partition("#")[2]
        return context._replace(link=Link(fragment)) if "href" in attributes else context
    if name in ("sup", "sub"):
        return context._replace(raised=name == "sup")
    return context._replace(bold=True) if name in ("b", "strong") else context


def _derive_block(context: Context, tag: Tag, number: int) -> Context:
    name, attributes = tag.name, tag.attributes
    if name in HEADINGS:
        context = context._replace(kind="heading", level=int(name[1]), item=None)
    elif name in LISTS:
        context = context._replace(lists=context.lists + 1, list=number, ordered=name == "ol")
    elif name == "li":
        context = context._replace(kind="list_item", level=max(1, context.lists), item=Item())
    elif name in ("dt", "dd"):
        context = context._replace(kind="term" if name == "dt" else "value", level=0, item=None)
    elif name in CELLS:
        context = context._replace(kind="", level=0, item=None, sectioned=True, container=number)
    elif name in ("blockquote", "aside"):
        context = context._replace(kind="quote", level=0, item=None)
    elif name in ("figure", "figcaption", "caption"):
        context = context._replace(kind="caption", level=0, item=None)
    elif name in PREFORMATTED:
        context = context._replace(pre=True)
    if name in CONTAINERS and name not in CELLS:
        context = context._replace(container=number)
    if not attributes and name in ("div", "center"):
        return context
    if part := elements.part(name, attributes, at_page_level=not context.sectioned):
        context = context._replace(part=part)
    if name in ("main", "article") or attributes.get("role", "").lower() in ("main", "article"):
        context = context._replace(inside=True)
    if name in ("main", "article", "section", "aside", "nav", "blockquote", "figure"):
        context = context._replace(sectioned=True)
    if elements.holds_notes(attributes):
        context = context._replace(notes=True)
    return context
