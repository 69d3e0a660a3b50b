"""Fonts of signs: their codes name no letters, and what a code shows is in no file that uses it."""

from __future__ import annotations

Codes = dict[int, str]

# PDF 32000-1, annex D.5 and D.6: code 32 up, and 161 up
_SYMBOL_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_DINGBATS = {
    0x20: " ", 0x25: "☎", 0x2A: "☛", 0x2B: "☞", 0x48: "★", 0x6C: "●", 0x6E: "■", 0x73: "▲", 0x74: "▼", 0x75: "◆", 0x77: "◗",
    0xA8: "♣", 0xA9: "♦", 0xAA: "♥", 0xAB: "♠", 0xD5: "→", 0xD6: "↔", 0xD7: "↕",
}  # fmt: skip
# of Wingdings, the signs that word processors set by themselves: bullets, ticks, arrows
_WINGDINGS = {
    0x20: " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "◻",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip


def symbol() -> Codes:
    low = {32 + i: text for i, text in enumerate(_SYMBOL_LOW)}
    high = {161 + i: text for i, text in enumerate(_SYMBOL_HIGH) if text != " "}
    return low | high | {160: "€"}


def dingbats() -> Codes:
    """The block of dingbats in its order, but for the characters that Unicode had elsewhere."""
    low = {code: chr(0x2701 + code - 0x21) for code in range(0x21, 0x7F)}
    high = {code: chr(0x2761 + code - 0xA1) for code in range(0xA1, 0xFF) if code != 0xF0}
    circled = {0xAC + i: chr(0x2460 + i) for i in range(10)}
    brackets = {0x80 + i: chr(0x2768 + i) for i in range(14)}
    return low | high | circled | brackets | _DINGBATS


def sign(code: int, font: str) -> str:
    """The character that a code of a font shows. Word adds 0xF000 to the codes of such fonts; what is not known stays as it is.

    code: as `w:sym` of a DOCX has it, of the Basic Multilingual Plane.
    """
    name = font.lower()
    tables = (
        ("symbol", symbol),
        ("zapfdingbats", dingbats),
        ("zapf dingbats", dingbats),
        ("wingdings", _WINGDINGS.copy),
    )
    table = next((make() for start, make in tables if name == start), {})
    return table.get(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code, chr(code))
