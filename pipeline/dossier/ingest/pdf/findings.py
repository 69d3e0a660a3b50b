"""What is to be told about a PDF when it has been read: repairs, gaps, pages that are pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dossier.errors import InputError
from dossier.ingest.pdf.reading import Reading
from dossier.records import Warned

FEW_LETTERS = 150  # a stamp or a running head over a scan; less than any page of text
MOST_OF_PAGE = 0.7  # that a picture takes, where it is the page
DRAWN = 20  # times that something is painted: letters drawn as lines, not a rule or a background
OUTSIDE = 0.2  # of a page's letters beyond its edges: printer's marks are fewer
FONTS_NAMED = 5


class Findings:
    """Collects page by page; the lists hold page numbers, from 1. rebuilt: why the whole file was, or None."""

    def __init__(self) -> None:
        self.rebuilt: str | None = None
        self.repaired: list[int] = []
        self.recognised: list[int] = []
        self.unrecognised: list[tuple[int, str]] = []
        self._failed: list[tuple[int, InputError]] = []
        self._damaged: list[int] = []
        self._pictures: list[int] = []
        self._stamped: list[int] = []  # pictures with a few letters of text
        self._outside: list[int] = []
        self._unreadable: Counter[str] = Counter()
        self._unreadable_pages: list[int] = []
        self._letters = self._beyond = 0
        self._pages = 0

    def fail(self, number: int, error: InputError) -> None:
        """Note a page that cannot be read at all."""
        self._failed.append((number, error))

    def take(self, reading: Reading) -> None:
        """Note what is to be told about a page."""
        number = reading.page.number
        self._letters += reading.letters
        if reading.damaged:
            self._damaged.append(number)
        if reading.outside > OUTSIDE * (reading.outside + reading.letters):
            self._outside.append(number)
            self._beyond += reading.outside
        if reading.unreadable:
            self._unreadable += reading.unreadable
            self._unreadable_pages.append(number)
        if number not in self.recognised[-1:] and self.is_picture(reading):
            (self._stamped if reading.letters else self._pictures).append(number)

    def is_picture(self, reading: Reading) -> bool:
        """Whether a page shows something but (nearly) no text: a scan, or letters drawn as lines."""
        if not reading.letters:
            return bool(reading.page.images) or reading.painted >= DRAWN
        return reading.letters < FEW_LETTERS and _pictured(reading) >= MOST_OF_PAGE

    def check(self, total: int) -> None:
        """Raise InputError where nothing of a file could be read."""
        if len(self._failed) == total or (self._failed and not self._letters):
            number, error = self._failed[0]
            where = f"page {number}: " if total > 1 else ""
            raise InputError(error.code, where + error.reason)
        if (self._damaged or self.rebuilt) and not (self._letters or self._pictures):
            raise InputError("malformed", "malformed: nothing is left of the text of its pages; look for a better copy")
        if not self._letters and not self._outside:
            self._pictures = list(range(1, total + 1))
        self._pages = total

    def warnings(self) -> list[Warned]:
        """All there is to tell, the gravest first."""
        found = [
            Warned("page_unreadable", f"page {number} is missing from the text: {error.reason}")
            for number, error in self._failed
        ]
        if self.rebuilt:
            found.append(
                Warned(
                    "pdf_repaired",
                    f"repaired: the file is malformed ({self.rebuilt}) and was read from what is whole of it",
                )
            )
        if self.repaired:
            found.append(
                Warned("page_repaired", f"repaired: {name_pages(self.repaired)} could only be read from a rebuilt copy")
            )
        if self._damaged:
            found.append(Warned("page_damaged", f"damaged: a part of {name_pages(self._damaged)} cannot be read"))
        found += self._warn_of_pictures()
        if self._unreadable:
            found.append(self._warn_of_fonts())
        if self._outside:
            found.append(
                Warned(
                    "text_outside_page",
                    f"text outside the page: {self._beyond:,} letters beyond the edges of {name_pages(self._outside)} "
                    "were left out",
                )
            )
        return found

    def _warn_of_pictures(self) -> list[Warned]:
        found: list[Warned] = []
        stamped = self._stamped if len(self._stamped) > 1 and 2 * len(self._stamped) >= self._pages else []
        if pictures := self._pictures + stamped:
            found.append(
                Warned(
                    "no_text_layer",
                    f"no text layer: no text, or next to none, on {name_pages(pictures)} of {self._pages}; where they are "
                    "pictures of text, the words can be recognised: --ocr",
                )
            )
        if self.recognised:
            found.append(
                Warned(
                    "ocr",
                    f"the words of {name_pages(self.recognised)} were recognised in a picture (OCR); trust them less",
                )
            )
        for number, reason in self.unrecognised:
            found.append(
                Warned("ocr_failed", f"page {number} is a picture, and no words were recognised in it: {reason}")
            )
        return found

    def _warn_of_fonts(self) -> Warned:
        fonts = [name for name, _ in self._unreadable.most_common(FONTS_NAMED)]
        more = f" and {len(self._unreadable) - FONTS_NAMED} more" if len(self._unreadable) > FONTS_NAMED else ""
        return Warned(
            "text_unreadable",
            f"text cannot be read: {self._unreadable.total():,} letters on {name_pages(self._unreadable_pages)} have no "
            f"Unicode in their fonts ({', '.join(fonts)}{more}) and stand as U+FFFD",
        )


def _pictured(reading: Reading) -> float:
    """The share of the page that its largest picture takes."""
    page = reading.page
    return max(((b.x1 - b.x0) * (b.bottom - b.top) for b in page.images), default=0.0) / (page.width * page.height)


def name_pages(numbers: Sequence[int]) -> str:
    """`page 3`, or `pages 1-4, 7`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    return f"page {words}" if len(runs) == 1 and runs[0][0] == runs[0][1] else f"pages {words}"
