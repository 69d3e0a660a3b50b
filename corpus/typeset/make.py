"""Typesets the example PDFs of `corpus/examples/` from the texts beside this file.

    python corpus/typeset/make.py [FOLDER]

Equal texts give equal pages: no clock, no random number, the fonts that every reader of PDF has. Needs reportlab, of the
extra `dev`.

A text begins with `key: value` lines: `layout` (brief: two columns, footnotes, hyphens at line ends; profile: one column,
endnotes; sheet: one column, and tables that may lie on a turned page), `head` and `foot` (left | right), `title`. Then, a
paragraph a line: `# title`, `## heading`, `- bullet`, `| cell | cell |`, `[1] endnote`, `^1 footnote`, `=== turned` for a
page that is printed sideways. In a paragraph `^1` is a raised marker, `[1]` stays as it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from press import Item, Press, Report

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"


def parse(source: str) -> Report:
    """A text in the form that the top of this file describes."""
    report = Report()
    lines = [_curl(line.strip()) for line in source.splitlines()]
    while lines and (match := re.fullmatch(r"(\w+): (.+)", lines[0])):
        report.about[match[1]] = match[2]
        del lines[0]
    kinds = {"# ": "title", "## ": "heading", "- ": "bullet", "=== ": "page"}
    for line in lines:
        mark = next((mark for mark in kinds if line.startswith(mark)), None)
        if mark:
            report.items.append(Item(kinds[mark], line[len(mark) :]))
        elif match := re.match(r"\^(\d+) ", line):
            report.footnotes[match[1]] = line[match.end() :]
        elif line:
            kind = "row" if line[0] == "|" else "endnote" if re.match(r"\[\d+\] ", line) else "text"
            kind = "caption" if line.startswith("Table ") else kind
            report.items.append(Item(kind, line))
    return report


def _curl(line: str) -> str:
    line = re.sub(r"(^|[\s(\[])\"", r"\1“", line).replace('"', "”")
    return line.replace("'", "’")


def typeset(folder: Path) -> list[Path]:
    """Write every example PDF into a folder; returns their paths."""
    made = []
    for source in sorted(HERE.glob("*.txt")):
        path = folder / source.with_suffix(".pdf").name
        Press(path, parse(source.read_text("utf-8"))).run()
        made.append(path)
    return made


if __name__ == "__main__":
    for made in typeset(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES):
        print(made)
