"""Small DOCX files for tests: only what a case is about is said, the rest is what every package has."""

import io
import zipfile

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Chapter"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Inhalt1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Punkt"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
    "</w:pPr></w:style>"
    '<w:style w:type="character" w:styleId="Geheim"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt '
    'w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def p(*inner, style=None, props="", mark=""):
    """A paragraph of runs, or of plain words."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    marked = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    runs = "".join(each if each.startswith("<") else r(each) for each in inner)
    return f"<w:p><w:pPr>{named}{props}{marked}</w:pPr>{runs}</w:p>"


def r(words="", props="", inner=""):
    return f'<w:r><w:rPr>{props}</w:rPr>{inner}<w:t xml:space="preserve">{words}</w:t></w:r>'


def item(words, *, numbered=False, level=0):
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{2 if numbered else 1}"/></w:numPr>'
    return p(words, props=place)


def ins(*runs):
    return f'<w:ins w:id="1" w:author="A">{"".join(runs)}</w:ins>'


def dele(words):
    return f'<w:del w:id="2" w:author="A"><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>'


def table(*rows):
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def ref(number, kind="footnote"):
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def note(number, *words, kind="footnote"):
    """A note of paragraphs, as word processors write it."""
    label = f"<w:r><w:{kind}Ref/></w:r>"
    first, *others = words
    return f'<w:{kind} w:id="{number}">{p(label, " " + first)}{"".join(map(p, others))}</w:{kind}>'


def box(*paragraphs, fallback=None):
    """A text box, in the form for newer programs and in that for older ones."""
    inner = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    other = inner if fallback is None else fallback
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{other}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def field(instruction, *result):
    turns = {turn: f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>' for turn in ("begin", "separate", "end")}
    said = f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
    return f"{turns['begin']}{said}{turns['separate']}{''.join(result)}{turns['end']}"


def root(name, inner):
    return f"{HEAD}<w:{name} {NAMESPACES}>{inner}</w:{name}>"


def docx(
    *body, notes=(), endnotes=(), headers=(), footers=(), core="", app="", extra=(), styles=STYLES, main_type=MAIN_TYPE
):
    """The bytes of a package. extra: further members, name and content, which may stand for those that are made here."""
    parts = {"word/document.xml": root("document", f"<w:body>{''.join(body)}</w:body>")}
    related = []

    def relate(kind, name, content):
        parts[f"word/{name}"] = content
        related.append((kind, name))

    relate("styles", "styles.xml", root("styles", styles))
    relate("numbering", "numbering.xml", root("numbering", NUMBERING))
    for kind, those in (("footnote", notes), ("endnote", endnotes)):
        if those:
            line = f'<w:{kind} w:type="separator" w:id="-1">{p("<w:r><w:separator/></w:r>")}</w:{kind}>'
            relate(f"{kind}s", f"{kind}s.xml", root(f"{kind}s", line + "".join(those)))
    for kind, those in (("header", headers), ("footer", footers)):
        for i, words in enumerate(those, 1):
            relate(kind, f"{kind}{i}.xml", root("hdr" if kind == "header" else "ftr", p(words)))
    package = [("officeDocument", "word/document.xml")]
    if core:
        parts["docProps/core.xml"] = core_properties(core)
        package.append(("core-properties", "docProps/core.xml"))
    if app:
        parts["docProps/app.xml"] = (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">{app}</Properties>'
        )
        package.append(("extended-properties", "docProps/app.xml"))
    parts["word/_rels/document.xml.rels"] = relations(related)
    made = {"[Content_Types].xml": content_types(main_type), "_rels/.rels": relations(package), **parts}
    return pack([*(made | dict(extra)).items()])


def relations(related):
    those = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(related)
    )
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{those}</Relationships>'


def content_types(main):
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def core_properties(inner):
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"{inner}</cp:coreProperties>"
    )


def pack(members):
    """An archive of members: pairs of name and content. Content that is None is left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            if content is not None:
                archive.writestr(name, content)
    return file.getvalue()
