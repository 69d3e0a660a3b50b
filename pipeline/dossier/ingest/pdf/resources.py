"""What the names in a content stream stand for: fonts, forms and images, colour spaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import LIT

from dossier.ingest.pdf.fonts import Font, FontNames, make_font
from dossier.ingest.pdf.graphics import IDENTITY, Matrix
from dossier.ingest.pdf.limits import TooMuch

MAX_FONTS = 64  # kept ready; reports with a font of its own for every page have thousands
_PLAIN = {
    "Type": LIT("Font"),
    "Subtype": LIT("Type1"),
    "BaseFont": LIT("Helvetica"),
    "Encoding": LIT("WinAnsiEncoding"),
}
_FAMILY = {
    "DeviceGray": "additive", "DeviceRGB": "additive", "CalGray": "additive", "CalRGB": "additive", "G": "additive",
    "RGB": "additive", "ICCBased": "additive", "DeviceCMYK": "ink", "CMYK": "ink", "Separation": "ink", "DeviceN": "ink",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form, or an image, whose `content` is None. `content` returns its bytes and whether they are all there."""

    key: int
    matrix: Matrix = IDENTITY
    resources: Resources | None = None
    content: Callable[[], tuple[bytes, bool]] | None = None


class FontShelf:
    """The fonts of a document that are ready."""

    def __init__(self, names: FontNames) -> None:
        self._names = names
        self._ready: dict[int, Font] = {}

    def font(self, spec: Any) -> Font:
        """The font of a dictionary, or of a reference to one; a plain one where there is none."""
        key = spec.objid if isinstance(spec, PDFObjRef) else None
        if key is not None and key in self._ready:
            self._ready[key] = font = self._ready.pop(key)  # the last used is the last to go
            return font
        font = make_font(dict_value(spec) or _PLAIN, self._names)
        if key is not None:
            self._ready[key] = font
            if len(self._ready) > MAX_FONTS:
                del self._ready[next(iter(self._ready))]
        return font


class Resources:
    """The resource dictionary of a page or form."""

    def __init__(self, attributes: Any, shelf: FontShelf) -> None:
        self._attributes = dict_value(attributes)
        self._shelf = shelf
        self._fonts: dict[str, Font] = {}
        self._spaces: dict[str, str] = {}

    def font(self, name: str) -> Font:
        found = self._fonts.get(name)
        if found is None:
            found = self._fonts[name] = self._shelf.font(self._look_up("Font", name))
        return found

    def drawn(self, name: str) -> Drawn | None:
        """The form or image of a name; None where there is none."""
        stream = resolve1(self._look_up("XObject", name))
        if not isinstance(stream, PDFStream):
            return None
        key = stream.objid if stream.objid is not None else id(stream)
        kind = getattr(resolve1(stream.get("Subtype")), "name", None)
        if kind == "Image":
            return Drawn(key)
        if kind != "Form":
            return None
        own = resolve1(stream.get("Resources"))
        return Drawn(key, _matrix(stream), Resources(own, self._shelf) if own else None, lambda: content_of(stream))

    def colour_space(self, name: str) -> str:
        """How the numbers of a colour are read: additive, ink (0 is none), or unknown."""
        found = self._spaces.get(name)
        if found is None:
            spec = resolve1(self._look_up("ColorSpace", name))
            if isinstance(spec, list) and spec:
                spec = resolve1(spec[0])
            found = self._spaces[name] = _FAMILY.get(getattr(spec, "name", name), "unknown")
        return found

    def _look_up(self, kind: str, name: str) -> Any:
        return dict_value(self._attributes.get(kind)).get(name)


def content_of(value: Any) -> tuple[bytes, bool]:
    """The bytes of a content stream, and whether they are all there."""
    stream = resolve1(value)
    if not isinstance(stream, PDFStream):
        return b"", False
    try:
        data = stream.get_data()
    except (MemoryError, TooMuch):
        raise
    except Exception:  # a broken dictionary raises anything
        return b"", False
    return data, not getattr(stream, "damaged", False)


def _matrix(stream: PDFStream) -> Matrix:
    numbers = [resolve1(number) for number in list_value(stream.get("Matrix"))]
    if len(numbers) != 6 or not all(isinstance(number, (int, float)) for number in numbers):
        return IDENTITY
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f
