"""Forty malformed PDFs between good reports, in one batch of the real command. What each must end as stands in the README
of their folder. The hostile ones are in `tests/ingest/test_bad_inputs.py`, with those of the other formats."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from dossier.store.db import create_workspace, open_store
from dossier.store.documents import load_inputs

GOOD = sorted((Path(__file__).parents[3] / "corpus" / "examples").glob("*.pdf"))
SECONDS, MEMORY_MB = 30, 1000


class Ended(NamedTuple):
    """How a file ended: done, warned or quarantined; the code and what was said; the text and the letters in it."""

    state: str
    code: str | None
    said: str
    text: str

    @property
    def letters(self):
        return sum(c.isalnum() for c in self.text)


class Batch(NamedTuple):
    files: dict[str, Ended]
    good: dict[str, tuple]
    code: int
    err: str
    peak_mb: int
    slowest: float


def run_batch(folder: Path, files: list[Path]) -> Batch:
    """Ingest files with two workers, good reports before and after each ten of them."""
    create_workspace(folder)
    for path in files:
        shutil.copy(path, folder / "corpus" / f"m-{path.name}")
    for number, path in enumerate(GOOD):
        shutil.copy(path, folder / "corpus" / f"{'amz'[number % 3]}-good-{path.name}")
    code = (
        "import resource, sys; from dossier.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as stop: ended = stop.code\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10); sys.exit(ended)"
    )
    command = [sys.executable, "-c", code, "ingest", "--workspace", str(folder), "--workers", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert process.stderr
    assert process.stdout
    lines, slowest, before = [], 0.0, time.monotonic()
    for line in process.stderr:
        slowest, before = max(slowest, time.monotonic() - before), time.monotonic()
        lines.append(line)
    printed = process.stdout.read()
    process.wait()
    ended, good = {}, {}
    with open_store(folder) as store:
        rows = {row[0]: row[1:] for row in store.rows("SELECT id, text, offsets, layout FROM document")}
        for found in load_inputs(store):
            text, *rest = rows.get(found.document, ("",))
            ended[found.path] = Ended(found.state, found.code, found.reason or "", text)
            if "-good-" in found.path:
                good[found.path] = (text, *rest)
    peak = int(printed.split()[-1])
    return Batch(ended, good, process.returncode, "".join(lines), peak, slowest)


@pytest.fixture(scope="module")
def malformed(shared, tmp_path_factory):
    return run_batch(
        tmp_path_factory.mktemp("malformed") / "desk", sorted((shared / "pdfs" / "malformed").glob("*.pdf"))
    )


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    return run_batch(tmp_path_factory.mktemp("alone") / "desk", [])


def required(shared) -> dict[str, str]:
    """What each malformed file must end as, from the table beside them."""
    table = (shared / "pdfs" / "README.md").read_text("utf-8").split("## malformed/")[1]
    return dict(re.findall(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|", table, re.MULTILINE))


def fits(ended: Ended, must: str) -> bool:
    """Whether a file ended as it must, or better: with its text where an error was allowed."""
    refused = ended.state == "quarantined" and bool(ended.code) and len(ended.said) > 20
    read = ended.state in ("done", "warned") and ended.letters > 0
    if "needs a password" in must:
        return refused and ended.code == "password_needed"
    if must == "text":
        return read
    if must.startswith('stored with a "no text" warning'):
        return refused or ended.state == "warned"
    return refused or read  # a named error, or text by repair


def test_every_malformed_file_ends_as_it_must(malformed, shared):
    must = required(shared)
    assert len(must) == 40
    wrong = {
        name: malformed.files[f"m-{name}"] for name, how in must.items() if not fits(malformed.files[f"m-{name}"], how)
    }
    assert wrong == {}


def test_more_malformed_files_are_read_than_must(malformed, shared):
    """These are errors elsewhere, and text here."""
    for name in ("pdf-bad-color-space", "append-xref-loop", "leading-junk", "69969.fuzz", "issue7665", "issue6108", "franz_2",
                 "T02-01_005_document-catalog-type-key-missing", "T02-03_001_page-object-no-type",
                 "T02-05-01_014_endstream-keyword-missing", "UnknownFilter-FormXObject",
                 "T02-03_009_page-object-mediabox-not-rectangle"):  # fmt: skip
        assert malformed.files[f"m-{name}.pdf"].letters > 0, name


def test_no_file_takes_long_or_much(malformed):
    assert malformed.slowest < SECONDS
    assert malformed.peak_mb < MEMORY_MB


def test_no_traceback_and_the_sum_of_the_inputs(malformed):
    ended = malformed.files.values()
    assert "Traceback" not in malformed.err
    assert malformed.code == 3  # some were quarantined
    assert {each.state for each in ended} == {"done", "warned", "quarantined"}
    assert all(each.code and each.said for each in ended if each.state == "quarantined")
    assert not {"internal_error", "crashed", "timeout", "memory"} & {each.code for each in ended}
    assert len(malformed.files) == 40 + len(GOOD)


def test_the_reports_beside_them_are_the_same_to_the_byte(malformed, alone):
    assert len(alone.good) == len(GOOD) > 0
    assert malformed.good == alone.good
