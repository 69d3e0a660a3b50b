"""A font as the page needs it: the characters and the width of each code.

The fonts themselves are pdfminer's. What it cannot build is replaced by a stand-in of unknown characters, so that a broken
font costs its own words and nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from pdfminer.cmapdb import CMap, IdentityCMap, IdentityCMapByte
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdffont import PDFFont, PDFSimpleFont, PDFType3Font
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1

from dossier.ingest.pdf.encodings import mend_encoding
from dossier.ingest.pdf.limits import TooMuch

UNKNOWN = "\ufffd"
USUAL_DESCENT = -0.21  # of the em, where a font says nothing: the median of text fonts
MAX_NAMES = 0xFFFF  # what an index of two bytes can tell apart
MAX_SPELLED = 32  # characters of one glyph; the longest ligature, a greeting in Arabic, has 18
DEEPEST_DESCENT = -0.6  # beyond it the font's figure is wrong, and the box would leave the line

# letters in the shape they take in a word, and ligatures: FB00 Latin, FB1D Hebrew, FB50 and FE70 Arabic
_SHAPED = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85]")
_NO_CHARACTER = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_CODE_SPACE = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")
_SUBSET = re.compile(r"[A-Z]{6}\+")


def readable(text: str) -> str:
    """The characters of one glyph: ligatures and shaped letters spelled out in logical order, U+FFFD for what is none.

    Only letters are spelled out: `½`, `²` and `…` stay what they are. Private-use characters stay too.
    """
    if not text.isascii() and _SHAPED.search(text):
        text = unicodedata.normalize("NFKC", text).strip() or text
    if not text.isprintable():
        text = _NO_CHARACTER.sub(UNKNOWN, _SPACES.sub(" ", text))
    return text[:MAX_SPELLED] or UNKNOWN


class Font:
    """`codes[c]`: the characters of a code and its width in ems; filled as codes come.

    index: in `Page.fonts`. ascent, descent: of the box of every glyph, in ems, from the baseline.
    """

    __slots__ = ("_font", "ascent", "codes", "descent", "index", "multibyte", "vertical")

    def __init__(self, font: PDFFont | None, index: int) -> None:
        self._font = font
        self.index = index
        self.codes: dict[int, tuple[str, float]] = {}
        self.vertical = font is not None and font.is_vertical()
        self.multibyte = font is not None and font.is_multibyte()
        self.descent, self.ascent = _extent(font)

    def decode(self, raw: bytes) -> Iterable[int]:
        return self._font.decode(raw) if self.multibyte and self._font else raw

    def look_up(self, code: int) -> tuple[str, float]:
        """The characters and the width of a code that is not in `codes` yet."""
        text, width = UNKNOWN, 0.5
        if self._font is not None:
            try:
                text = readable(self._font.to_unichr(code))
            except Exception:  # pdfminer raises whatever a broken map makes it raise
                text = UNKNOWN
            try:
                width = float(self._font.char_width(code))
                width = width if self.vertical else max(0.0, width)
            except Exception:
                width = 0.5
        self.codes[code] = found = (text, width)
        return found

    def hangs(self, code: int) -> float:
        """How far left of the line of vertical writing a glyph begins, in ems."""
        try:
            across, _ = self._font.char_disp(code)  # type: ignore[union-attr, misc]
            return 0.5 if across is None else float(across) * 0.001
        except Exception:
            return 0.5


class FontNames:
    """The names of a document's fonts, numbered as they come, without the prefix of a subset."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._index_of: dict[str, int] = {}

    def index(self, name: str) -> int:
        name = _SUBSET.sub("", name, count=1)
        if name not in self._index_of and len(self.names) < MAX_NAMES:
            self._index_of[name] = len(self.names)
            self.names.append(name)
        return self._index_of.get(name, 0)


def make_font(spec: Mapping[str, Any], names: FontNames) -> Font:
    """Build a font from its dictionary."""
    font: PDFFont | None
    try:
        font = PDFResourceManager(caching=False).get_font(None, spec)
        _mend(font, spec, _name(spec, font))
    except (MemoryError, TooMuch):
        raise
    except Exception:  # any fault of a font is the font's alone
        font = None
    return Font(font, names.index(_name(spec, font)))


def _mend(font: PDFFont, spec: Mapping[str, Any], name: str) -> None:
    """Give a font what pdfminer leaves out: its own encoding map, and widths where it has none."""
    if isinstance(font, PDFSimpleFont) and not isinstance(font, PDFType3Font):
        mend_encoding(font, spec, _SUBSET.sub("", name, count=1))
    cmap = getattr(font, "cmap", None)
    if type(cmap) is CMap and not cmap.code2cid:
        font.cmap = _own_map(resolve1(spec.get("Encoding")))  # type: ignore[attr-defined]
    if not any(font.widths.values()) and not font.default_width and not isinstance(font, PDFType3Font):
        font.widths.update(FONT_METRICS["Helvetica"][1])  # by character
    if hasattr(font, "fontfile"):
        del font.fontfile  # the unpacked font program, which nobody needs again


def _own_map(encoding: Any) -> IdentityCMap:
    """The way from bytes to codes of a font whose map is its own: as many bytes a code as the map says, mostly two.

    The codes stay what they are: the characters are looked up by them.
    """
    if isinstance(encoding, PDFStream):
        space = _CODE_SPACE.search(encoding.get_data())
        if space is not None and len(space[1]) == 2:
            return IdentityCMapByte(WMode=0)
    return IdentityCMap(WMode=0)


def _name(spec: Mapping[str, Any], font: PDFFont | None) -> str:
    raw = resolve1(spec.get("BaseFont")) or getattr(font, "fontname", None) or "unknown"
    name = getattr(raw, "name", raw)
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    return str(name)


def _extent(font: PDFFont | None) -> tuple[float, float]:
    """Where the boxes of a font's glyphs begin below the baseline and end above it, in ems.

    As in pdfplumber: an em high, from the font's descent up. A Type 3 font draws in units of its own; its box is the em.
    """
    if font is None:
        return USUAL_DESCENT, 1 + USUAL_DESCENT
    if isinstance(font, PDFType3Font):
        low, high = sorted((font.bbox[1] * font.vscale, font.bbox[3] * font.vscale))
        return (low, high) if 0 < high - low < 1000 else (0.0, 1.0)
    descent = float(font.get_descent())
    if not DEEPEST_DESCENT <= descent < 0:
        descent = USUAL_DESCENT
    return descent, 1 + descent
