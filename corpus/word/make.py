"""Writes the example Word documents of `corpus/examples/` from the texts beside this file.

    python corpus/word/make.py [FOLDER]

Equal texts give equal bytes: no clock, no compression, and nothing but the standard library.

A text begins with `key: value` lines: `title`, `company`, `created` (a day) for the properties of the file, `head` and `foot`
(left | right) for running heads, `comment` for a remark in the margin of the first tracked change. Then, a paragraph a line:
`# title`, `## heading`, `- bullet`, `| cell | cell |`, `^1 footnote`. In a paragraph `^1` points to a footnote, and
`{+words+}` and `{-words-}` are words that were put in and taken out while changes were tracked.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SCHEMAS = "http://schemas.openxmlformats.org"
WORD = f"{SCHEMAS}/wordprocessingml/2006/main"
OFFICE = f"{SCHEMAS}/officeDocument/2006/relationships"
PACKAGE = f"{SCHEMAS}/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BY = 'w:author="examples desk" w:date="2020-02-12T09:00:00Z"'
STYLES = {
    "Title": ("Title", "", '<w:sz w:val="40"/>'),
    "Heading1": ("heading 1", '<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="28"/>'),
    "ListBullet": ("List Bullet", '<w:numPr><w:numId w:val="1"/></w:numPr>', ""),
    "Caption": ("caption", "", "<w:i/>"),
    "FootnoteText": ("footnote text", "", '<w:sz w:val="18"/>'),
}
MARK = re.compile(r"\{\+(?P<put>.*?)\+\}|\{-(?P<taken>.*?)-\}|\^(?P<note>\d+)")


class Writer:
    """Makes the XML of paragraphs; tracked changes are numbered as they come."""

    def __init__(self, about: dict[str, str]) -> None:
        self.about = about
        self.changes = 0
        self.notes: dict[str, str] = {}

    def paragraph(self, words: str, style: str = "") -> str:
        named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        runs, at = [], 0
        for match in MARK.finditer(words):
            runs += [self.run(words[at : match.start()]), self._marked(match)]
            at = match.end()
        return f"<w:p>{named}{''.join(runs)}{self.run(words[at:])}</w:p>"

    def run(self, words: str, tag: str = "t") -> str:
        return f'<w:r><w:{tag} xml:space="preserve">{escape(words)}</w:{tag}></w:r>' if words else ""

    def _marked(self, match: re.Match[str]) -> str:
        if match["note"]:
            return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{match["note"]}"/></w:r>'
        self.changes += 1
        number = f'w:id="{100 + self.changes}" {BY}'
        remark = '<w:r><w:commentReference w:id="0"/></w:r>' if self.changes == 1 and "comment" in self.about else ""
        if match["taken"] is not None:
            return f"<w:del {number}>{self.run(match['taken'], 'delText')}</w:del>{remark}"
        return f"<w:ins {number}>{self.run(match['put'])}</w:ins>{remark}"

    def table(self, rows: list[str]) -> str:
        cells = [
            [f"<w:tc>{self.paragraph(cell.strip())}</w:tc>" for cell in row.strip("| ").split("|")] for row in rows
        ]
        inner = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
        return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{inner}</w:tbl>'

    def footnotes(self) -> str:
        made = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        for number, words in self.notes.items():
            label = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
            made += (
                f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>{label}'
                f"{self.run(' ' + words)}</w:p></w:footnote>"
            )
        return made

    def edge(self, words: str) -> str:
        """A running head or foot: left, a tab, right; `{page}` is a field."""
        left, _, right = (part.strip() for part in words.partition("|"))
        field = "".join(
            f"<w:r>{inner}</w:r>"
            for inner in (
                '<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
                '<w:fldChar w:fldCharType="separate"/>', "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>',
            )
        )  # fmt: skip
        return f"<w:p>{self.run(left)}<w:r><w:tab/></w:r>{field if right == '{page}' else self.run(right)}</w:p>"


def parse(source: str) -> tuple[dict[str, str], list[str]]:
    """The `key: value` lines of a text, and the lines after them."""
    lines = [_curl(line.strip()) for line in source.splitlines()]
    about = {}
    while lines and (match := re.fullmatch(r"(\w+): (.+)", lines[0])):
        about[match[1]] = match[2]
        del lines[0]
    return about, [line for line in lines if line]


def _curl(line: str) -> str:
    line = re.sub(r"(^|[\s(\[])\"", r"\1“", line).replace('"', "”")
    return line.replace("'", "’")


def write_body(writer: Writer, lines: list[str]) -> str:
    made: list[str] = []
    rows: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            made.append(writer.table(rows))
            rows = []
        if match := re.match(r"\^(\d+) ", line):
            writer.notes[match[1]] = line[match.end() :]
        elif line.startswith("# "):
            made.append(writer.paragraph(line[2:], "Title"))
        elif line.startswith("## "):
            made.append(writer.paragraph(line[3:], "Heading1"))
        elif line.startswith("- "):
            made.append(writer.paragraph(line[2:], "ListBullet"))
        elif line:
            made.append(writer.paragraph(line, "Caption" if line.startswith("Table ") else ""))
    edges = '<w:sectPr><w:headerReference w:type="default" r:id="r4"/><w:footerReference w:type="default" r:id="r5"/></w:sectPr>'
    return "".join(made) + edges


def make_parts(source: str) -> dict[str, str]:
    """The parts of a package, by name."""
    about, lines = parse(source)
    writer = Writer(about)
    body = write_body(writer, lines)
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{run}</w:rPr></w:style>"
        for key, (name, paragraph, run) in STYLES.items()
    )
    bullet = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>'
    use = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{bullet}</w:abstractNum>{use}'
    remark = f'<w:comment w:id="0" {BY}>{writer.paragraph(about.get("comment", ""))}</w:comment>'
    word = {
        "styles": _root("styles", styles), "numbering": _root("numbering", numbering),
        "footnotes": _root("footnotes", writer.footnotes()), "header": _root("hdr", writer.edge(about.get("head", ""))),
        "footer": _root("ftr", writer.edge(about.get("foot", ""))), "comments": _root("comments", remark),
    }  # fmt: skip
    main = _root("document", f"<w:body>{body}</w:body>")
    kinds = {"core-properties": "docProps/core.xml", "extended-properties": "docProps/app.xml"}
    return {
        "[Content_Types].xml": _types(["document", *word]),
        "_rels/.rels": _relations({f"{OFFICE}/officeDocument": "word/document.xml"} | {
            f"{PACKAGE}/relationships/metadata/{kind}" if kind[0] == "c" else f"{OFFICE}/{kind}": target
            for kind, target in kinds.items()
        }),
        "docProps/core.xml": _core(about),
        "docProps/app.xml": f'{HEAD}<Properties xmlns="{SCHEMAS}/officeDocument/2006/extended-properties"><Company>'
                            f"{escape(about.get('company', ''))}</Company></Properties>",
        "word/_rels/document.xml.rels": _relations({f"{OFFICE}/{kind}": f"{kind}.xml" for kind in word}),
        "word/document.xml": main,
        **{f"word/{kind}.xml": xml for kind, xml in word.items()},
    }  # fmt: skip


def _root(name: str, inner: str) -> str:
    return f'{HEAD}<w:{name} xmlns:w="{WORD}" xmlns:r="{OFFICE}">{inner}</w:{name}>'


def _types(kinds: list[str]) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="{TYPE}.{kind + ".main" if kind == "document" else kind}+xml"/>'
        for kind in kinds
    )
    core = (
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties'
        '+xml"/>'
    )
    default = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{default}{xml}{overrides}{core}</Types>'


def _relations(targets: dict[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="r{i}" Type="{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _core(about: dict[str, str]) -> str:
    created = f"{about.get('created', '2020-01-01')}T09:00:00Z"
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(about.get('title', ''))}</dc:title><dc:creator>examples desk</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>'
    )


def pack(parts: dict[str, str], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, xml in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), xml.encode())


def write(folder: Path) -> list[Path]:
    """Write every example document into a folder; returns their paths."""
    made = []
    for source in sorted(HERE.glob("*.txt")):
        path = folder / source.with_suffix(".docx").name
        pack(make_parts(source.read_text("utf-8")), path)
        made.append(path)
    return made


if __name__ == "__main__":
    for made in write(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES):
        print(made)
