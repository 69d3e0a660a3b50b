"""2,000 documents to a real doccano and back, against what the server itself takes for bare requests.

    python benchmarks/doccano.py [--documents 2000]

Needs doccano in `.doccano` (`make parts`). The documents are made up from a grammar, read and extracted like any other: about
ten marks and four relations each, as in the published figures of this server (2,000 documents: upload 5 s, export 7 s). The
figures are seconds of one run on one machine; beside them stands what the server takes for its own import and export, or
for as many requests that do nothing.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import orjson  # noqa: E402
from tests.review.doccano_server import running  # noqa: E402

from dossier.review.doccano.apply import apply  # noqa: E402
from dossier.review.doccano.pull import read  # noqa: E402
from dossier.review.doccano.push import _project, make_sheets, push  # noqa: E402
from dossier.review.doccano.remote import Remote  # noqa: E402
from dossier.schema import load_schema  # noqa: E402
from dossier.store.db import open_store  # noqa: E402
from dossier.store.doccano import Place  # noqa: E402
from dossier.store.documents import document_paths  # noqa: E402

FIRST = "Northern Eastern Upper Lower Red Free United Popular National Young".split()
SECOND = "Reach Valley River Harbour Mountain Border Lake Island Plain Forest".split()
KINDS = ("Front", "Army", "League", "Movement", "Party")
PEOPLE = ("Ingrid Solheim", "Marta Lund", "Jonas Vik", "Pál Szabó", "Ana Ruiz", "Li Wei", "Omar Haddad")
TOWNS = ("Oslo", "Narvik", "Bergen", "Lima", "Porto", "Kraków", "Turin", "Ghent")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=2000)
    count = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder) / "desk"
        make_reports(desk / "corpus", count)
        for command in (["init", str(desk)], ["run", "-w", str(desk)]):
            subprocess.run(
                [sys.executable, "-m", "dossier", *command],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        (Path(folder) / "doccano").mkdir()
        with running(Path(folder) / "doccano") as server, open_store(desk) as store:
            remote = Remote(server.url, server.user, server.password)
            alone = bare_server(store, remote)
            bare = timed(lambda: [remote.get("/v1/me") for _ in range(200)])[0] / 200
            sending, done = timed(lambda: push(store, remote, "bench", list(document_paths(store)), lambda words: None))
            quiet, found = timed(lambda: read(store, remote, "bench", lambda words: None))
            assert found.unchanged == count, found.counts()
            change(remote, done.project, count // 20)
            work, found = timed(lambda: pull(store, remote))
            what = f"{done.documents:,} documents, {done.marks:,} marks, {done.arcs:,} relations"
            print("| what | figure | against | ratio |\n|---|---|---|---|")
            print(f"| doccano: a request that does nothing | {bare * 1000:.1f} ms | | 1 |")
            print(f"| doccano: its own import and export of {count:,} documents | {alone:.1f} s | | 1 |")
            name = f"push of {what}, all compared"
            print(f"| doccano: {name} | {sending:.1f} s | its own import and export | {sending / alone:.2f} |")
            for call, seconds in (
                ("pull of them, nothing changed, no mismatch", quiet),
                (f"pull with {count // 20} confirmed, {sum(found.counts().values())} rulings", work),
            ):
                print(
                    f"| doccano: {call} | {seconds:.1f} s | such a request a document | {seconds / bare / count:.1f} |"
                )


def bare_server(store, remote) -> float:
    """Seconds that the server takes to import the same documents into another project and to export them, nothing compared."""
    place = Place(remote.url, _project(store, remote, "bare", load_schema()))
    body = b"\n".join(orjson.dumps(sheet.row("bare")) for sheet in make_sheets(store, document_paths(store)))
    began = time.perf_counter()
    upload = remote.put_file("bare.jsonl", body)
    asked = remote.post(
        f"/v1/projects/{place.project}/upload",
        {"format": "JSONL", "task": "RelationExtraction", "uploadIds": [upload], "encoding": "utf_8"},
    )
    remote.wait(asked["task_id"], "the import")
    remote.wait(remote.begin_export(place.project), "the export")
    return time.perf_counter() - began


def pull(store, remote):
    found = read(store, remote, "bench", lambda words: None)
    apply(store, found)
    return found


def timed(call):
    began = time.perf_counter()
    done = call()
    return time.perf_counter() - began, done


def change(remote: Remote, project: int, count: int) -> None:
    """Confirm some documents, and take a mark away in each."""
    for row in list(remote.pages(f"/v1/projects/{project}/examples"))[:count]:
        path = f"/v1/projects/{project}/examples/{row['id']}"
        spans = remote.rows(f"{path}/spans")
        remote._raw("DELETE", f"{path}/spans/{spans[0]['id']}")
        remote.post(f"{path}/states", {})


def make_reports(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    pick = random.Random(7).choice
    for number in range(count):
        lines = []
        for _ in range(1 if number % 5 else 2):
            name = f"{pick(FIRST)} {pick(SECOND)} {pick(KINDS)}"
            short = "".join(word[0] for word in name.split())
            year = pick(range(1961, 2015))
            lines.append(
                f"The {name} ({short}) was founded by {pick(PEOPLE)} in {pick(TOWNS)} in {year}. It is based in {pick(TOWNS)} "
                f"\U0001f600 and had {pick(range(20, 900))} fighters in {year + 3}."
            )
        (folder / f"report-{number:05}.txt").write_text("\n\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
