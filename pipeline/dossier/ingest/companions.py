"""What a browser puts beside a page that it saves: `report.html` and, with its pictures and scripts, `report_files/`."""

from __future__ import annotations

from dossier.ingest.sniff import DOCX, EXTENSIONS, MAIL, MHTML, PDF, ZIP, extension

# of browsers in the languages that reports come in
_SUFFIXES = (
    "_files", "-files", ".files", "_fichiers", "-dateien", "_archivos", "_ficheiros", "_arquivos", "_file", "_bestanden",
    "-filer", "_pliki", "_soubory", "_tiedostot", "_dosyalar", "_elemei", "_kartos", "_datoteke", "_fitxers",
)  # fmt: skip
_PAGES = (".html", ".htm", ".xhtml")
_REPORTS = frozenset([PDF, DOCX, MAIL, MHTML, ZIP])  # no part of any page


def pages_of(folder: str) -> list[str]:
    """The names that the page of a folder may have, which lies beside it; none where it is no folder of a page."""
    small = folder.lower()
    return [
        folder[: -len(suffix)] + ending
        for suffix in _SUFFIXES
        if small.endswith(suffix) and len(folder) > len(suffix)
        for ending in _PAGES
    ]


def may_belong(name: str) -> bool:
    """Whether a file in such a folder is a part of the page; reports in other formats may lie there too."""
    return EXTENSIONS.get(extension(name)) not in _REPORTS
