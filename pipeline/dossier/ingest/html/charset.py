"""The encoding that a page names, and its characters."""

from __future__ import annotations

import re

from dossier.ingest.decode import Decoded, decode

HEAD = 8192  # bytes; browsers look at 1024, saved pages begin with long comments
_META = re.compile(rb"<meta\s[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.I)
# pages and mails name the smaller set and use the larger one
_MEANT = {
    **dict.fromkeys(["ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "cp819"], "cp1252"),
    **dict.fromkeys(["iso-8859-9", "latin5"], "cp1254"),
    **dict.fromkeys(["gb2312", "gbk", "x-gbk", "csgb2312", "chinese"], "gb18030"),
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji"], "cp932"),
    **dict.fromkeys(["euc-kr", "ks_c_5601-1987", "korean", "ksc5601"], "cp949"),
    **dict.fromkeys(["big5", "x-x-big5"], "big5hkscs"),
    **dict.fromkeys(["tis-620", "iso-8859-11"], "cp874"),
    **dict.fromkeys(["utf-16", "utf-16le", "utf-16be", "unicode"], "utf-8"),  # it was read as bytes of ASCII
}


def decode_page(data: bytes, *, declared: str | None, named: str | None = None) -> Decoded:
    """Decode a page: a byte order mark, what its bytes can only be, then what is declared, then a guess.

    declared: in its NAME.meta.toml; named: by what it came in, a mail or a saved page. Raises InputError as `decode` does.
    """
    if declared:
        return decode(data, declared=declared)
    named = named or find_charset(data)
    if named is None:
        return decode(data)
    return decode(data, declared=meant(named), where="the page")


def meant(named: str) -> str:
    """What browsers and mail programs take the name of an encoding for."""
    return _MEANT.get(named.lower(), named)


def find_charset(data: bytes) -> str | None:
    """The encoding that a page names in its own head."""
    head = data[:HEAD]
    match = _XML.match(head) or _META.search(head)
    return match[1].decode("ascii") if match else None
