"""A page of HTML for each document, and an index: text, marks, records and evidence, to read offline and to hand on.

Each page is one file that asks for nothing. Without script it shows everything; the script (static/page.js) lights what
belongs together, filters and finds. It reads the page itself: there is no second copy of the data.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import quote

from dossier.export.files import distinct_names, written_whole
from dossier.export.page_records import TITLES, Cards
from dossier.export.page_text import COLOURS, PageText, Piece
from dossier.export.traverse import Options, Report, iter_reports
from dossier.markup import make_page, text
from dossier.resources import configs_folders
from dossier.schema import load_schema
from dossier.store.db import Store
from dossier.store.documents import document_paths

STATIC = Path(__file__).with_name("static")
INDEX = "index.html"
KINDS = ("mention", "entity", "relation", "event", "conflict", "absence")
HELP = (
    "<li><kbd>Tab</kbd> goes from the controls to the text and to the records</li>"
    "<li><kbd>←</kbd> <kbd>→</kbd> in the text: the mark before or after; <kbd>Enter</kbd>: the records that rest on it</li>"
    "<li><kbd>↑</kbd> <kbd>↓</kbd> in the records: the record before or after; <kbd>Enter</kbd>: its evidence</li>"
    "<li><kbd>/</kbd> searches; <kbd>Enter</kbd> there goes to the next find in the text; <kbd>Esc</kbd> lets go</li>"
)


def export_page(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write the pages into the folder `out`, and last its index. Returns how many."""
    files = distinct_names(document_paths(store), ".html", taken=(INDEX,))
    schema = load_schema(configs_folders(store.folder / "configs"))
    style, script = ((STATIC / name).read_text("utf-8") for name in ("page.css", "page.js"))
    rows = []
    for report in iter_reports(store, options):
        file = files[report.document.id]
        home = "../" * (len(file.parts) - 1) + INDEX
        body = _body(report, dict(schema.labels), options, home)
        with written_whole(out / file) as page:
            page.write(make_page(_title(report), body, style=style, script=script).encode())
        rows.append(_row(report, file))
    body = _index(rows, options)
    with written_whole(out / INDEX) as page:
        page.write(make_page("Reports", body, style=style, script=script).encode())
    return {"page": len(rows)}


def _title(report: Report) -> str:
    return report.document.title or report.path


# ------------------------------------------------------------------ one page


def _body(report: Report, labels: dict[str, str], options: Options, home: str) -> str:
    records = report.records
    # a label that left the schema keeps its marks
    labels |= {one["label"]: one["label"] for one in records["mention"] if one["label"] not in labels}
    colours = {label: number for number, label in enumerate(labels)}
    mentions = sorted(records["mention"], key=lambda one: (one["start"], one["end"]))
    page = PageText(report.document, mentions, colours)
    cards = Cards(page, records)
    used = Counter(one["label"] for one in mentions)
    total = sum(len(records[kind]) for kind in TITLES)
    return (
        '<a class=skip href="#text">to the text</a>\n'
        f"{_header(report, options, home)}"
        f"<div class=bar role=search>{_controls(report, total)}{_legend(labels, colours, used, report)}</div>\n"
        f"<div class=room>\n<nav aria-label=Sections id=contents><h2>Contents</h2>{_contents(page)}</nav>\n"
        f'<main id=text lang="{text(report.document.language or "und")}">\n'
        f"{page.html([*_notes(report), *cards.triggers()])}</main>\n"
        f"<aside id=records aria-label=Records lang=en><h2 class=sr>Records</h2>{cards.html()}"
        f"<p id=none{' hidden' if total else ''}>{'No record fits.' if total else _nothing(options)}</p></aside>\n</div>\n"
        "<div id=views><button type=button data-view=text aria-pressed=true>Text</button>"
        "<button type=button data-view=records aria-pressed=false>Records</button>"
        "<button type=button data-view=contents aria-pressed=false>Contents</button></div>\n"
        "<div id=tip role=tooltip hidden></div>\n"
    )


def _nothing(options: Options) -> str:
    return "Nothing was proposed for this report." if options.pending else "Nothing in this report was accepted yet."


def _header(report: Report, options: Options, home: str) -> str:
    document = report.document
    facts = [document.publisher, document.date, f"{document.pages:,} pages" if document.pages else None]
    if document.reliability:
        facts.append(f"reliability: {document.reliability}")
    said = " · ".join(f"<bdi>{text(fact)}</bdi>" for fact in facts if fact)
    link = document.url or ""
    url = (
        f' · <a href="{text(link)}" rel="noreferrer noopener">original</a>'
        if link.startswith(("http://", "https://"))
        else ""
    )
    warnings = "".join(f"<li>{text(warning.message)}</li>" for warning in document.warnings)
    return (
        f'<header><p class=home><a href="{home}">All reports</a> <bdi>{text(report.path)}</bdi></p>\n'
        f"<h1 dir=auto>{text(_title(report))}</h1>\n<p class=meta>{said}{url}</p>\n{_standing(report, options)}"
        f"<details class=about><summary>About this page</summary><ul>{warnings}"
        f"<li>Document <code>{text(document.id)}</code>, sha256 <code>{text(document.sha256[:16])}…</code></li>{HELP}"
        "</ul></details>\n</header>\n"
    )


def _standing(report: Report, options: Options) -> str:
    """What of this page people have confirmed."""
    states = Counter(one["review"]["state"] for kind in KINDS for one in report.records[kind])
    total, pending = sum(states.values()), states["pending"]
    if not options.pending:
        names = f" {_many(pending, 'name')} that they use wait for a ruling, and are dashed." if pending else ""
        return f"<p class=standing>Only what people accepted: {_many(total - pending, 'record')}.{names}</p>\n"
    if not pending:
        return f"<p class=standing>Everything shown here was accepted by people: {_many(total, 'record')}.</p>\n"
    return (
        f'<p class="standing warn"><b>Proposals.</b> Of {total:,} records, {pending:,} are <em>pending</em>: a program made '
        "them and nobody has ruled on them. They are dashed; what people accepted is solid.</p>\n"
    )


def _many(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def _controls(report: Report, total: int) -> str:
    kinds = "".join(
        f"<button type=button class=kind data-k={kind} aria-pressed=true>{title} "
        f"<span>{len(report.records[kind]):,}</span></button>"
        for kind, title in TITLES.items()
        if report.records[kind]
    )
    acts = [one for kind in ("relation", "event") for one in report.records[kind]]
    types = sorted({(one["type"], one["type"].replace("_", " ")) for one in acts}, key=lambda pair: pair[1])
    statuses = sorted({one["status"] for one in acts})
    states = sorted({one["review"]["state"] for kind in TITLES for one in report.records[kind]})
    return (
        '<div class=find><input id=q type=search placeholder="Search text and records" aria-label="Search text and records" '
        "autocomplete=off spellcheck=false><output id=hits for=q></output>"
        f"{_select('type', 'every type', types)}{_select('status', 'every status', [(s, s) for s in statuses])}"
        f"{_select('state', 'every ruling', [(s, s) for s in states]) if len(states) > 1 else ''}</div>\n"
        f"<div class=kinds>{kinds}<output id=count hidden data-total={total}></output></div>\n"
    )


def _select(name: str, every: str, values: list[tuple[str, str]]) -> str:
    if not values:
        return ""
    options = "".join(f'<option value="{text(value)}">{text(words)}</option>' for value, words in values)
    return f'<select id=by-{name} aria-label="{name}"><option value="">{every}</option>{options}</select>'


def _legend(labels: dict[str, str], colours: dict[str, int], used: Counter[str], report: Report) -> str:
    states = sorted({one["review"]["state"] for one in report.records["mention"]})
    buttons = "".join(
        f'<button type=button class="key c{colours[label] % COLOURS}" data-l="{text(label)}" title="{text(title)}" '
        f"aria-pressed=true><b>{text(label)}</b> <span>{used[label]:,}</span></button>"
        for label, title in labels.items()
        if used[label]
    )
    names = "<button type=button id=names aria-pressed=false>label names</button>" if buttons else ""
    samples = "".join(f'<mark class="c7 {state}">{state}</mark> ' for state in states) if len(states) > 1 else ""
    return f"<div class=legend role=group aria-label=Marks>{buttons}{names}{samples}</div>\n"


def _contents(page: PageText) -> str:
    items = "".join(
        f'<li class=lv{min(s.level, 6)}><a href="#b{page.places.block_at(s.start)}"><bdi>{text(s.title)}</bdi></a></li>'
        for s in page.document.sections
    )
    return f"<ol>{items}</ol>" if items else "<p>no sections</p>"


def _notes(report: Report) -> list[Piece]:
    """The numbered notes and the markers that point to them."""
    pieces = []
    for number, note in enumerate(report.document.notes):
        end = min(note.end, len(report.document.text))
        pieces.append(Piece(note.start, end, f"<span id=note{number} class=nt>", "</span>"))
        for marker in note.markers:
            bare = report.document.text[marker.start : marker.end].isdigit()  # it was raised in print
            names = "t ref sup" if bare else "t ref"
            opened = f'<a class="{names}" href="#note{number}" data-note=note{number} tabindex=-1>'
            pieces.append(Piece(marker.start, marker.end, opened, "</a>"))
    return pieces


# ------------------------------------------------------------------ the index


def _row(report: Report, file: Path) -> str:
    pending = sum(one["review"]["state"] == "pending" for kind in KINDS for one in report.records[kind])
    pending = sum(one["review"]["state"] == "pending" for kind in KINDS for one in report.records[kind])
    counts = [*(len(report.records[kind]) for kind in KINDS[:-1]), pending]
    cells = "".join(f"<td class=n>{f'{count:,}' if count else '·'}</td>" for count in counts)
    link = quote(file.as_posix())
    return (
        f'<tr class=find-me><th scope=row><a href="{link}"><bdi>{text(_title(report))}</bdi></a>'
        f"<small><bdi>{text(report.path)}</bdi></small></th><td><bdi>{text(report.document.publisher or '')}</bdi></td>"
        f"<td class=date>{text(report.document.date or '')}</td>{cells}</tr>\n"
    )


def _index(rows: list[str], options: Options) -> str:
    heads = "".join(
        f"<th scope=col class=n>{name}</th>"
        for name in ("marks", "names", "relations", "events", "conflicts", "pending")
    )
    said = (
        '<p class="standing warn"><b>Proposals.</b> What is pending was made by a program, and nobody has ruled on it.</p>'
        if options.pending
        else "<p class=standing>Only what people accepted.</p>"
    )
    return (
        f"<main class=index>\n<h1>Reports</h1>\n{said}\n"
        '<p><input id=q type=search placeholder="Search titles, files, publishers" aria-label="Search titles, files, publishers" '
        "autocomplete=off spellcheck=false> <output id=hits for=q></output></p>\n"
        f"<div class=scroll><table><thead><tr><th scope=col>report</th><th scope=col>publisher</th><th scope=col>date</th>{heads}"
        f"</tr></thead>\n<tbody>\n{''.join(rows)}</tbody></table></div>\n</main>\n"
    )
