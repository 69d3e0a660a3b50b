"""From the bytes of a PDF to its pages, whatever state they are in.

Three ways lead to a page, tried in turn: as it stands; from a copy that PDFium has rebuilt; by PDFium's own letters. What was
not read in the first way is told by a warning, and so is what could not be read at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dossier.errors import InputError
from dossier.ingest.pdf.findings import Findings
from dossier.ingest.pdf.limits import LIMITS, Budget, PdfLimits, TooMuch
from dossier.ingest.pdf.page import Page
from dossier.ingest.pdf.reading import MORE, Reading
from dossier.ingest.pdf.salvage import salvage
from dossier.records import Warned

if TYPE_CHECKING:
    from dossier.ingest.pdf.document import PlumbedPdf
    from dossier.ingest.pdf.ocr import Recogniser
    from dossier.ingest.pdf.pdfium import PdfiumPdf

_FAULTS = {
    "RecursionError": "its objects refer to each other without end",
    "PSEOF": "it ends too early",
    "PSSyntaxError": "an object in it is broken",
    "PDFSyntaxError": "the list of its objects is broken",
    "PDFNoValidXRef": "the list of its objects is broken",
    "PDFEncryptionError": "what it says about its encryption is broken",
    "PDFObjectNotFound": "an object is missing from it",
}


def open_pages(
    data: bytes,
    *,
    warnings: list[Warned] | None = None,
    recogniser: Recogniser | None = None,
    limits: PdfLimits = LIMITS,
) -> Iterator[Page]:
    """Yield the pages of a PDF in order; each is forgotten before the next is read. A page that cannot be read is empty.

    warnings: what was repaired or is missing is put here, by the time the last page is out. recogniser: reads the words of
    pages that are pictures. Raises InputError: password_needed, malformed, too_large.
    """
    opener = _Opener(data, recogniser, limits)
    try:
        yield from opener.pages()
    finally:
        opener.close()
    if warnings is not None:
        warnings += opener.findings.warnings()


class _Opener:
    def __init__(self, data: bytes, recogniser: Recogniser | None, limits: PdfLimits) -> None:
        from dossier.ingest.pdf.fonts import FontNames

        self._data = data
        self._recogniser = recogniser
        self._names = FontNames()
        self._budget = Budget(len(data), limits)
        self._pdfium: PdfiumPdf | None = None
        self._pdfium_tried = False
        self._rebuilt: PlumbedPdf | None = None
        self._rebuilt_tried = False
        self.findings = Findings()

    def pages(self) -> Iterator[Page]:
        plumbed = self._open()
        total = self._count(plumbed)
        for index in range(total):
            reading = self._read(plumbed, index)
            if reading is None:
                yield Page(index + 1, 612.0, 792.0, self._names.names)
                continue
            if self._recogniser is not None and self.findings.is_picture(reading):
                reading = self._recognise(reading, index)
            self.findings.take(reading)
            yield reading.page
        self.findings.check(total)

    def close(self) -> None:
        if self._pdfium is not None:
            self._pdfium.close()

    # ------------------------------------------------------------ the document

    def _open(self) -> PlumbedPdf | None:
        """The document as pdfminer opens it, or a rebuilt copy; None where only PDFium reads it."""
        try:
            plumbed = self._plumb(self._data)
        except Exception as error:
            _let_through(error)
            reason = _words(error)
        else:
            tree = plumbed.tree
            doubtful = tree.fault is not None or tree.promised > len(plumbed)
            if len(plumbed) and not (doubtful and self._has_more_pages(plumbed)):
                self.findings.rebuilt = tree.fault
                return plumbed
            reason = "pages are missing from its page tree" if len(plumbed) else "its page tree leads to no pages"
        self.findings.rebuilt = reason
        if self._ask_pdfium() is not None:
            return self._ask_rebuilt()
        salvaged = self._salvage()
        if salvaged is None:
            raise InputError("malformed", f"malformed: {reason}; look for a better copy")
        return salvaged

    def _salvage(self) -> PlumbedPdf | None:
        """What is left of a file that breaks off; None where nothing is."""
        mended = salvage(self._data)
        if mended is None:
            return None
        self._data, self._pdfium_tried, self._rebuilt_tried = mended, False, False
        try:
            plumbed = self._plumb(mended)
        except Exception as error:
            _let_through(error)
            return self._ask_rebuilt()
        return plumbed if len(plumbed) else self._ask_rebuilt()

    def _plumb(self, data: bytes) -> PlumbedPdf:
        from dossier.ingest.pdf.document import PlumbedPdf

        return PlumbedPdf(data, self._budget, self._names)

    def _has_more_pages(self, plumbed: PlumbedPdf) -> bool:
        rebuilt = self._ask_rebuilt()
        return rebuilt is not None and len(rebuilt) > len(plumbed)

    def _count(self, plumbed: PlumbedPdf | None) -> int:
        total = len(plumbed) if plumbed is not None else len(self._pdfium or ())
        if total > self._budget.limits.pages:
            raise InputError(
                "too_large", f"too many pages: over {self._budget.limits.pages:,}; split it, and read the parts"
            )
        if total == 0:
            raise InputError("malformed", "malformed: it has no pages; look for a better copy")
        return total

    def _ask_pdfium(self) -> PdfiumPdf | None:
        """PDFium's view of the document, opened when it is first asked for; None where PDFium cannot open it either."""
        if not self._pdfium_tried:
            from dossier.ingest.pdf.pdfium import NeedsPassword, PdfiumPdf

            self._pdfium_tried = True
            try:
                self._pdfium = PdfiumPdf(self._data, self._budget, self._names)
            except NeedsPassword as error:
                raise password_needed() from error
            except Exception as error:
                _let_through(error)
        return self._pdfium

    def _ask_rebuilt(self) -> PlumbedPdf | None:
        if not self._rebuilt_tried:
            self._rebuilt_tried = True
            pdfium = self._ask_pdfium()
            if pdfium is not None:
                try:
                    rebuilt = self._plumb(pdfium.rebuilt())
                    self._rebuilt = rebuilt if len(rebuilt) else None
                except Exception as error:
                    _let_through(error)
        return self._rebuilt

    # ------------------------------------------------------------ a page

    def _read(self, plumbed: PlumbedPdf | None, index: int) -> Reading | None:
        """The best reading of a page; None, noted, where there is none."""
        reading: Reading | None = None
        fault = InputError("malformed", "malformed: its content cannot be read")
        try:
            reading = plumbed.read(index) if plumbed is not None else None
        except TooMuch as error:
            self.findings.fail(index + 1, error)
            return None
        except Exception as error:
            _let_through(error)
            fault = InputError("malformed", f"malformed: {_words(error)}")
        if reading is None or reading.doubtful:
            for better in self._other_readings(index, reading.known if reading else 0):
                if reading is None or better.says_more_than(reading):
                    if plumbed is not None:
                        self.findings.repaired.append(index + 1)
                    return better
        if reading is None:
            self.findings.fail(index + 1, fault)
        return reading

    def _other_readings(self, index: int, known: int) -> Iterator[Reading]:
        """What PDFium helps to read of a page, where it sees more than the letters that are known."""
        pdfium = self._ask_pdfium()
        if pdfium is None or pdfium.count_letters(index) <= MORE * known:
            return
        for read in (self._read_rebuilt, pdfium.read):
            try:
                reading = read(index)
            except TooMuch:
                return
            except Exception as error:
                _let_through(error)
            else:
                if reading is not None:
                    yield reading

    def _read_rebuilt(self, index: int) -> Reading | None:
        rebuilt = self._ask_rebuilt()
        return rebuilt.read(index) if rebuilt is not None and index < len(rebuilt) else None

    def _recognise(self, reading: Reading, index: int) -> Reading:
        pdfium = self._ask_pdfium()
        if self._recogniser is None or pdfium is None:
            return reading
        try:
            self._recogniser.read(pdfium, index, reading.page, self._names)
        except InputError as error:
            self.findings.unrecognised.append((index + 1, error.reason))
        else:
            self.findings.recognised.append(index + 1)
        return replace(reading)  # its letters are counted anew


def password_needed() -> InputError:
    return InputError(
        "password_needed",
        "encrypted: a password is needed to open it; save a copy without one (open it with the password, and print it to PDF)",
    )


def _let_through(error: Exception) -> None:
    """Raise what is no fault of the file's form: a limit, and a password."""
    if isinstance(error, (MemoryError, InputError)):
        raise error
    if any(type(cause).__name__ == "PDFPasswordIncorrect" for cause in (error, *error.args)):
        raise password_needed() from error


def _words(error: Exception) -> str:
    """What is wrong with the file, for people, by the exception of a library."""
    inner = next((cause for cause in error.args if isinstance(cause, Exception)), error)  # pdfplumber wraps some
    return _FAULTS.get(type(inner).__name__, f"it does not parse ({type(inner).__name__})")
