"""What PDFium makes of a PDF that pdfminer cannot read: a rebuilt copy, its own letters, or a picture.

PDFium forgives more. It is asked only where it is needed.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw as c_api

from dossier.ingest.pdf.fonts import UNKNOWN, FontNames, readable
from dossier.ingest.pdf.geometry import Frame, frame_of
from dossier.ingest.pdf.graphics import bounds, quarter
from dossier.ingest.pdf.limits import Budget
from dossier.ingest.pdf.page import Page
from dossier.ingest.pdf.reading import Reading
from dossier.ingest.pdf.tidy import tidy

_NAME_BYTES = 256


class NeedsPassword(Exception):
    """The file is encrypted, and not with the empty password."""


class PdfiumPdf:
    """A PDF opened by PDFium. Raises NeedsPassword, or pypdfium2's PdfiumError when it does not open."""

    def __init__(self, data: bytes, budget: Budget, names: FontNames) -> None:
        self._budget = budget
        self._names = names
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in (c_api.FPDF_ERR_PASSWORD, c_api.FPDF_ERR_SECURITY):
                raise NeedsPassword(str(error)) from error
            raise

    def __len__(self) -> int:
        return len(self._document)

    def rebuilt(self) -> bytes:
        """The same document, written anew: what PDFium understood of it, without its encryption."""
        for index in range(min(len(self), self._budget.limits.pages)):
            try:
                page = self._document[index]
            except pypdfium2.PdfiumError:
                continue
            page.set_mediabox(*page.get_mediabox())  # makes the page's own dictionary whole
            page.close()
        copy = BytesIO()
        self._document.save(copy, flags=c_api.FPDF_REMOVE_SECURITY)
        return copy.getvalue()

    def count_letters(self, index: int) -> int:
        """How many characters other than white space PDFium sees on a page; 0 where it cannot open it."""
        try:
            text = self._document[index].get_textpage()
        except (pypdfium2.PdfiumError, IndexError):
            return 0
        return len("".join(text.get_text_range().split())) if text.count_chars() > 0 else 0

    def read(self, index: int) -> Reading:
        """A page by PDFium's own letters. It has no rules and no pictures. Raises PdfiumError."""
        raw = self._document[index]
        frame = _frame(raw)
        page = Page(index + 1, frame.width, frame.height, self._names.names)
        text = raw.get_textpage()
        count = text.count_chars()
        self._budget.begin_page()
        self._budget.spend_glyphs(count)
        letter = _Letter(text.raw, self._names, frame)
        for i in range(count):
            letter.put(i, page)
        return Reading(page, painted=1, unreadable=tidy(page) or Counter())

    def picture(self, index: int, scale: float) -> bytes:
        """A page as a person sees it, in grey, `scale` pixels a point (a PGM file)."""
        bitmap = self._document[index].render(scale=scale, grayscale=True)
        try:
            stride, rows = bitmap.stride, bytes(bitmap.buffer)
            lines = (rows[at : at + bitmap.width] for at in range(0, stride * bitmap.height, stride))
            return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
        finally:
            bitmap.close()

    def close(self) -> None:
        self._document.close()


def _frame(raw: Any) -> Frame:
    boxes = {"MediaBox": list(raw.get_mediabox()), "CropBox": list(raw.get_cropbox()), "Rotate": raw.get_rotation()}
    return frame_of(boxes)


class _Letter:
    """Reads one character of a text page after the other."""

    def __init__(self, text: Any, names: FontNames, frame: Frame) -> None:
        self._text, self._names, self._frame = text, names, frame
        self._box, self._matrix = c_api.FS_RECTF(), c_api.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()

    def put(self, index: int, page: Page) -> None:
        """Put a character on the page, unless PDFium made it up or it lies outside."""
        if c_api.FPDFText_IsGenerated(self._text, index) == 1:
            return
        if not c_api.FPDFText_GetLooseCharBox(self._text, index, self._box):
            return
        box = self._box
        x0, top, x1, bottom = bounds(self._frame.ctm, box.left, box.bottom, box.right, box.top)
        if not (0 <= x0 + x1 <= 2 * page.width and 0 <= top + bottom <= 2 * page.height and bottom > top):
            return
        page.text.append(self._characters(index))
        page.x0.append(x0)
        page.top.append(top)
        page.x1.append(x1)
        page.bottom.append(bottom)
        page.size.append(self._size(index, bottom - top))
        page.font.append(self._font(index))
        page.turn.append(self._turn())

    def _characters(self, index: int) -> str:
        if c_api.FPDFText_IsHyphen(self._text, index) == 1:
            return "-"
        code = c_api.FPDFText_GetUnicode(self._text, index)
        if code == 0 or c_api.FPDFText_HasUnicodeMapError(self._text, index) == 1:
            return UNKNOWN
        return readable(chr(code)) if code < 0x110000 else UNKNOWN

    def _size(self, index: int, height: float) -> float:
        size = float(c_api.FPDFText_GetFontSize(self._text, index))
        if c_api.FPDFText_GetMatrix(self._text, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return size if 0 < size < 10_000 else height

    def _font(self, index: int) -> int:
        length = c_api.FPDFText_GetFontInfo(self._text, index, self._name, _NAME_BYTES, self._flags)
        name = self._name.value.decode("utf-8", "replace") if 1 < length <= _NAME_BYTES else "unknown"
        return self._names.index(name)

    def _turn(self) -> int:
        """By the matrix of the letter that `_size` has looked at."""
        a, b, c, d, _, _ = self._frame.ctm
        return quarter(self._matrix.a * a + self._matrix.b * c, self._matrix.a * b + self._matrix.b * d)
