"""The bytes of a stream, unpacked within a limit, and what can be saved of a broken one.

pdfminer unpacks without a limit: two packed kilobytes can ask for gigabytes.
"""

from __future__ import annotations

import zlib
from typing import Any

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.lzw import lzwdecode
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_DCT_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_JBIG2_DECODE,
    LITERALS_JPX_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    int_value,
    resolve1,
)
from pdfminer.runlength import rldecode
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor

from dossier.ingest.pdf.limits import LIMITS, MEGABYTE, TooMuch

_PIECE = 1 << 16
_DECODERS: tuple[tuple[tuple[Any, ...], Any], ...] = (
    (LITERALS_LZW_DECODE, lzwdecode),
    (LITERALS_ASCII85_DECODE, ascii85decode),
    (LITERALS_ASCIIHEX_DECODE, asciihexdecode),
    (LITERALS_RUNLENGTH_DECODE, rldecode),
)
_PICTURES = (*LITERALS_DCT_DECODE, *LITERALS_JBIG2_DECODE, *LITERALS_JPX_DECODE)


class Stream(PDFStream):
    """A stream that unpacks within the limits. `damaged`: something of it could not be unpacked, and is missing."""

    damaged = False

    def decode(self) -> None:
        data = self.rawdata or b""
        if self.decipher is not None and self.objid is not None and self.genno is not None:
            data = self.decipher(self.objid, self.genno, data, self.attrs)
        for name, parameters in self.get_filters():
            data = self._unpack(data, name, parameters)
        self.data, self.rawdata = data, None

    def _unpack(self, data: bytes, name: Any, parameters: Any) -> bytes:
        if name in LITERALS_FLATE_DECODE:
            data, whole = inflate(data, LIMITS.stream)
            self.damaged |= not whole
        elif name not in _PICTURES:
            decode = next((decode for names, decode in _DECODERS if name in names), None)
            try:
                data = decode(data) if decode else b""
            except MemoryError:
                raise
            except Exception:
                data, decode = b"", None
            self.damaged |= decode is None
        if len(data) > LIMITS.stream:
            raise _too_large()
        return _undo_prediction(data, parameters) if isinstance(parameters, dict) else data


def inflate(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Unpack zlib data; of broken ones what comes before the fault. Tells whether they were whole.

    Raises TooMuch when more than `limit` bytes come out.
    """
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, limit + 1)
    except zlib.error:
        return _inflate_broken(data, limit), False
    if len(found) > limit:
        raise _too_large()
    return found, unpacker.eof or _lacks_only_its_sum(unpacker)


def _lacks_only_its_sum(unpacker: Any) -> bool:
    """Whether unpacking stopped in the check sum at the end, which many writers cut off, and not before it."""
    try:
        unpacker.decompress(bytes(8), 1)
    except zlib.error as error:
        return "check" in str(error)
    return bool(unpacker.eof)


def _inflate_broken(data: bytes, limit: int) -> bytes:
    """Piece by piece, then byte by byte, up to the fault; where the head is the fault, without it."""
    for skip, bits in ((0, zlib.MAX_WBITS), (2, -zlib.MAX_WBITS)):
        unpacker = zlib.decompressobj(bits)
        found = bytearray()
        at, step = skip, _PIECE
        while at < len(data) and not unpacker.eof:
            before = unpacker.copy()
            try:
                found += unpacker.decompress(data[at : at + step], limit + 1 - len(found))
            except zlib.error:
                if step == 1:
                    break
                unpacker, step = before, max(1, step // 16)
                continue
            at += step
            if len(found) > limit:
                raise _too_large()
        if found:
            return bytes(found)
    return b""


def _undo_prediction(data: bytes, parameters: dict[str, Any]) -> bytes:
    predictor = int_value(parameters.get("Predictor", 1))
    if predictor < 2:
        return data
    colours, columns, bits = (
        int_value(resolve1(parameters.get(key, default)))
        for key, default in (("Colors", 1), ("Columns", 1), ("BitsPerComponent", 8))
    )
    if predictor == 2:
        return apply_tiff_predictor(colours, columns, bits, data)
    return apply_png_predictor(predictor, colours, columns, bits, data)


def _too_large() -> TooMuch:
    return TooMuch(
        f"too large when unpacked: a part of it is over {LIMITS.stream // MEGABYTE} MB; print it to a new PDF if it is honest"
    )
