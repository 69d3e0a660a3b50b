"""Files in the container of old Office programs, OLE: old Word documents, and new ones with a password. Neither is read."""

from __future__ import annotations

from dossier.errors import InputError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# names of streams, as the directory of the container holds them
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD = {
    "an old Word document (DOC)": "WordDocument".encode("utf-16-le"),
    "an old Excel workbook (XLS)": "Workbook".encode("utf-16-le"),
    "old PowerPoint slides (PPT)": "PowerPoint Document".encode("utf-16-le"),
    "an Outlook mail (MSG)": "__properties_version1.0".encode("utf-16-le"),
}


def refuse_ole(data: bytes) -> None:
    """Say what an OLE file is and what to do with it. Raises InputError: password_needed, format_not_supported."""
    if not data.startswith(MAGIC):
        return
    if _ENCRYPTED in data:
        raise InputError(
            "password_needed",
            "password needed: it is an Office document that is encrypted; open it with its password, save it without one, "
            "and put that copy in its place",
        )
    for what, stream in _OLD.items():
        if stream in data:
            raise InputError(
                "format_not_supported",
                f"format not supported: it is {what}; open it in Word or LibreOffice and save it as DOCX or PDF "
                "(soffice --convert-to docx FILE)",
            )
