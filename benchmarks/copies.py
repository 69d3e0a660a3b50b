"""How long it takes to find copies among many documents, and how many of those that were put there are found.

    python benchmarks/copies.py [DOCUMENTS] [WORDS]

Makes a workspace of invented texts in a temporary folder: a tenth of them are copies, newer issues or shortened copies of others,
and all share a notice of 60 words, as reports of one publisher do. Prints CPU seconds and what was found.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from dossier.curate.copies import find_copies
from dossier.offsets import TextBuilder
from dossier.records import Block, Document, make_id
from dossier.store.copies import Kin, load_kin
from dossier.store.db import Store, create_workspace, open_store
from dossier.store.documents import InputState, save_input

VOCABULARY = 30_000  # words; taken as often as those of a language, by their rank
NOTICE = [f"notice{i}" for i in range(60)]


def main() -> None:
    count, words = map(int, (*sys.argv[1:3], "10000", "1000")[:2] if len(sys.argv) != 2 else (sys.argv[1], "1000"))
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        create_workspace(Path(folder))
        with open_store(Path(folder)) as store:
            store.db.execute("PRAGMA synchronous=OFF")  # of making the texts, not of what is measured
            wanted = fill(store, chance, count, words)
            store.db.execute("PRAGMA synchronous=FULL")
            for what in ("first time", "one new document", "nothing new"):
                if what == "one new document":
                    save(store, count, text_of(chance, words), "2020")
                began = time.process_time()
                find_copies(store)
                print(f"{what:18} {time.process_time() - began:7.2f} CPU s")
            report(load_kin(store), wanted)
    print(f"memory             {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:7,} MB")


def fill(store: Store, chance: random.Random, count: int, words: int) -> dict[str, tuple[str, str]]:
    """Save the documents. Returns what is to be found: the id of each that was made from another, how, and from which."""
    wanted: dict[str, tuple[str, str]] = {}
    first: list[tuple[str, list[str]]] = []  # the reports that are no copies
    for number in range(count):
        if number % 10 or not first:
            text = text_of(chance, words)
            first.append((save(store, number, text, "2019"), text))
            continue
        of, text = chance.choice(first)
        how = ("same", "newer", "shortened")[number // 10 % 3]
        id = save(store, number, vary(chance, text, how), "2020" if how == "newer" else "2019")
        wanted[id] = (how, of)
    return wanted


def text_of(chance: random.Random, words: int) -> list[str]:
    body = [f"w{int(VOCABULARY ** chance.random())}" for _ in range(max(60, int(chance.gauss(words, words / 3))))]
    return body + NOTICE


def vary(chance: random.Random, text: list[str], how: str) -> list[str]:
    if how == "shortened":
        return text[: int(len(text) * 0.7)]
    share = 0.01 if how == "same" else 0.04
    return [f"x{chance.random()}" if chance.random() < share else word for word in text]


def save(store: Store, number: int, words: list[str], date: str) -> str:
    text = " ".join(words)
    id = make_id("d", number)
    _, offsets = TextBuilder(text).finish()
    document = Document(
        id, f"{number:064x}", "text/plain", "utf-8", text, offsets.to_bytes(), "1", title="Report", date=date,
        blocks=[Block("paragraph", 0, len(text))],
    )  # fmt: skip
    save_input(
        store, InputState("corpus", f"{number:06}.txt", 1, 1, document.sha256, None, "r", "done", document=id), document
    )
    return id


def report(kin: dict[str, Kin], wanted: dict[str, tuple[str, str]]) -> None:
    for how in ("same", "newer", "shortened"):
        those = [(id, of) for id, (kind, of) in wanted.items() if kind == how]
        right = sum(id in kin and of in (kin[id].supersedes if how == "newer" else kin[id].same_as) for id, of in those)
        print(f"{how:18} {right:,} of {len(those):,} found")
    made = {*wanted, *(of for _, of in wanted.values())}
    print(f"{'wrong':18} {len(kin.keys() - made):,} documents that are kin of none")


if __name__ == "__main__":
    main()
