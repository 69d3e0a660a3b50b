"""Encodings of simple fonts that pdfminer does not know, or reads as letters: `n` in ZapfDingbats is a black square."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pdfminer.encodingdb import EncodingDB, name2unicode
from pdfminer.pdffont import CFFFont, PDFSimpleFont
from pdfminer.pdftypes import PDFStream, list_value, resolve1

from dossier.ingest.symbol_fonts import Codes, dingbats, symbol

# codes that the format shows as a bullet, and two that it names twice
_WIN_ANSI_REST = dict.fromkeys((0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D), "•") | {0xA0: "\u00a0", 0xAD: "-"}


def mend_encoding(font: PDFSimpleFont, spec: Mapping[str, Any], name: str) -> None:
    """Complete what pdfminer knows of a simple font's encoding. A map to Unicode of the font's own always counts first."""
    encoding = resolve1(spec.get("Encoding"))
    if own := _of_its_own(font, encoding, name):
        named = _renamed(encoding)
        font.cid2unicode = own | {code: text for code, text in font.cid2unicode.items() if code in named}
    elif not font.cid2unicode:
        font.cid2unicode = EncodingDB.get_encoding("StandardEncoding")
    base = encoding.get("BaseEncoding") if isinstance(encoding, dict) else encoding
    if getattr(resolve1(base), "name", None) == "WinAnsiEncoding":
        font.cid2unicode = _WIN_ANSI_REST | font.cid2unicode


def _of_its_own(font: PDFSimpleFont, encoding: Any, name: str) -> Codes:
    """The encoding that is built into a font, where that is none of the usual ones."""
    plain = name.lower().replace(" ", "")
    if "dingbats" in plain:
        return dingbats()
    if plain.startswith("symbol"):
        return symbol()
    if plain.startswith(("wingdings", "webdings")):
        return {code: chr(0xF000 + code) for code in range(33, 256)}  # where Windows keeps them: no letters
    program = resolve1(font.descriptor.get("FontFile3"))
    if encoding is None and isinstance(program, PDFStream):
        return font.cid2unicode | _of_program(program)
    return {}


def _of_program(program: PDFStream) -> Codes:
    """The encoding in a compact font program (CFF)."""
    found: Codes = {}
    try:
        font = CFFFont("", BytesIO(program.get_data()))
        for code, glyph in font.code2gid.items():
            glyph_name = font.gid2name.get(glyph)
            try:
                found[code] = name2unicode(
                    glyph_name.decode("latin-1") if isinstance(glyph_name, bytes) else str(glyph_name)
                )
            except KeyError:
                continue
    except MemoryError:
        raise
    except Exception:  # the program is broken, or of a kind that pdfminer does not read
        return {}
    return found


def _renamed(encoding: Any) -> set[int]:
    """The codes that an encoding dictionary gives a name."""
    found: set[int] = set()
    code = 0
    for entry in list_value(encoding.get("Differences")) if isinstance(encoding, dict) else ():
        entry = resolve1(entry)
        if isinstance(entry, int):
            code = entry
        else:
            found.add(code)
            code += 1
    return found
