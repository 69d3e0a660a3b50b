"""How much one PDF may ask for. Counts, not seconds: the same file ends the same way on every machine."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.errors import InputError

MEGABYTE = 1 << 20
FORM_COST = 1024  # bytes of content that take as long


class TooMuch(InputError):
    """A page or a file asks for more than the limits give. Its code is too_large."""

    def __init__(self, reason: str) -> None:
        super().__init__("too_large", reason)


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """pages: of a file. page_glyphs, glyphs: shown on a page, in a file; the fullest newspaper page seen has 25,000.

    stream: bytes of one stream, unpacked. page_content: bytes of drawing carried out for a page, forms counted each time
    they are drawn; content: the same for a file, and beside it `content_ratio` bytes for each byte of the file.
    """

    pages: int = 5000
    page_glyphs: int = 250_000
    glyphs: int = 30_000_000
    stream: int = 64 * MEGABYTE
    page_content: int = 32 * MEGABYTE
    content: int = 64 * MEGABYTE
    content_ratio: int = 40


LIMITS = PdfLimits()


class Budget:
    """What is left of the limits while a file is read."""

    def __init__(self, size: int, limits: PdfLimits = LIMITS) -> None:
        self.limits = limits
        self._content = limits.content + limits.content_ratio * size
        self._glyphs = limits.glyphs
        self._page_content = self._page_glyphs = 0
        self.begin_page()

    def begin_page(self) -> None:
        self._page_content = min(self.limits.page_content, self._content)
        self._page_glyphs = min(self.limits.page_glyphs, self._glyphs)

    @property
    def spent(self) -> bool:
        """Whether the file, and not just a page, is over its limits."""
        return self._content <= 0 or self._glyphs <= 0

    def spend_content(self, count: int) -> None:
        self._content -= count
        self._page_content -= count
        if self._page_content < 0:
            raise TooMuch(
                f"too much work: its drawing is over {self.limits.page_content // MEGABYTE} MB for a page, or out of all "
                "proportion to the file; print it to a new PDF"
            )

    def spend_form(self) -> None:
        """A form that is drawn costs more than its bytes."""
        self.spend_content(FORM_COST)

    def spend_glyphs(self, count: int) -> None:
        self._glyphs -= count
        self._page_glyphs -= count
        if self._page_glyphs < 0:
            raise TooMuch(
                f"too much work: over {self.limits.page_glyphs:,} letters on a page, or {self.limits.glyphs:,} in all; "
                "no page for people has so many"
            )
