"""Pages of HTML that need nothing else: no request, nothing in a text obeyed."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

# what a text may hold that moves the cursor or turns the reading direction
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text(words: str) -> str:
    """Words as HTML shows them, between tags and in quoted attributes; what would move or turn the text as its number."""
    return escape(UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", words))


def make_page(title: str, body: str, *, style: str, script: str = "") -> str:
    """A whole page. `title` is plain words, `body` HTML; only this `style` and this `script` are allowed to act."""
    scripts = (
        f"script-src {_digest(script)}; require-trusted-types-for 'script'; trusted-types 'none'; " if script else ""
    )
    policy = f"default-src 'none'; style-src {_digest(style)}; {scripts}base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}"
        + (f"<script>{script}</script>\n" if script else "")
        + "</body>\n</html>\n"
    )


def _digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
