"""Whatever bytes a content stream holds, it ends, and what is well formed is read."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingest.pdf.raw import pdf

from dossier.errors import InputError
from dossier.ingest.pdf import tokens
from dossier.ingest.pdf.opening import open_pages

PIECES = st.sampled_from(
    [*b"BT ET q Q ( ) < > << >> [ ] /F1 12 Tf Tj TJ Td Tm cm re f S m l c Do BI ID EI BDC EMC /ActualText - . \\ %".split(),
     *b"<0041> (text) ' \" 9999999999 gs scn cs \x80".split(), b"\n", b"\0", b"1 0 0 1 50 50", b"BT /F1 9 Tf 72 700 Td (x) Tj"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60).map(b" ".join))
def test_any_content_leaves_a_page_in_order(content):
    try:
        (page,) = open_pages(pdf(content))
    except InputError:
        return
    sides = (page.x0, page.top, page.x1, page.bottom, page.size, page.font, page.turn)
    assert {len(side) for side in sides} == {len(page.text)}
    assert all(page.text)
    assert all(-1e5 < edge < 1e5 for side in sides[:4] for edge in side)


@given(st.binary(max_size=400))
def test_tokens_never_fail(data):
    for match in tokens.TOKEN.finditer(data):
        assert match.lastindex is None or 1 <= match.lastindex <= tokens.OPEN
    tokens.unescape(data)
    list(tokens.items(data))
    assert tokens.after_inline_image(data, 0) <= len(data)
    assert tokens.long_string(data, 0)[1] <= len(data)


@given(st.binary(max_size=60))
def test_a_string_that_is_escaped_comes_back(raw):
    escaped = b"".join(b"\\%03o" % byte for byte in raw)
    assert tokens.unescape(escaped) == raw
    assert tokens.unhex(raw.hex().encode()) == raw


@pytest.mark.parametrize(
    "data", [b"(" * 300_000, b"[" * 300_000, b"(a" * 150_000, b"[(a) 1 " * 60_000, b"<" * 300_000, b"1 " * 300_000,
             b"\\(" * 150_000, b"[" + b"(a)" * 100_000, b"(" + b"a" * 500_000, b"BI ID " * 50_000, b"-" * 300_000],
    ids=range(11),
)  # fmt: skip
def test_hostile_content_costs_no_more_than_its_length(data):
    began = time.process_time()
    with suppress(InputError):
        list(open_pages(pdf(data)))
    assert time.process_time() - began < 3
