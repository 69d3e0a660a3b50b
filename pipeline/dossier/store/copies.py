"""Copies and newer issues of reports, as they were found last; and the sketches of texts that they were found by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dossier.store.db import Store
from dossier.store.documents import document_paths

NAME = "copies"  # in `derived`


@dataclass(frozen=True, slots=True)
class Issue:
    """What is known of a document before its text is read. `date` is EDTF."""

    document: str
    text_sha256: str
    title: str | None
    date: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Kin:
    """The documents that count as one source with a document: copies of it, and older issues that it replaces; sorted ids."""

    same_as: list[str] = field(default_factory=list)
    supersedes: list[str] = field(default_factory=list)


def load_issues(store: Store) -> list[Issue]:
    """The documents that stand, in the order of their ids."""
    rows = store.rows(
        "SELECT id, text_sha256, json_extract(layout, '$.title'), json_extract(layout, '$.date'), "
        "json_extract(layout, '$.publisher') FROM document WHERE id IN (SELECT document FROM input) ORDER BY id"
    )
    return [Issue(*row) for row in rows]


def load_sketches(store: Store, version: int) -> dict[str, bytes]:
    """The sketches that are of the texts as they stand, by document."""
    rows = store.rows(
        "SELECT s.document, s.numbers FROM sketch s JOIN document d ON d.id = s.document WHERE s.of = ? || d.text_sha256",
        (f"{version}:",),
    )
    return dict(rows)


def save_sketches(store: Store, version: int, found: Iterable[tuple[Issue, bytes]]) -> None:
    with store.transaction():
        store.db.executemany(
            "INSERT OR REPLACE INTO sketch (document, of, numbers) VALUES (?, ?, ?)",
            ((issue.document, f"{version}:{issue.text_sha256}", numbers) for issue, numbers in found),
        )


def are_current(store: Store, digest: str) -> bool:
    """Whether what is stored was found in these very documents."""
    return bool(store.one("SELECT digest FROM derived WHERE name = ?", (NAME,)) == digest)


def save_copies(store: Store, groups: Mapping[str, str], newer: Iterable[tuple[str, str]], digest: str) -> None:
    """Replace all. groups: the group of each document that is in one of several or has another issue; newer: pairs of groups."""
    with store.transaction():
        store.db.execute("DELETE FROM copy")
        store.db.execute("DELETE FROM issue")
        store.db.executemany("INSERT INTO copy (document, same) VALUES (?, ?)", sorted(groups.items()))
        store.db.executemany("INSERT INTO issue (newer, older) VALUES (?, ?)", sorted(newer))
        store.db.execute("INSERT OR REPLACE INTO derived (name, digest) VALUES (?, ?)", (NAME, digest))


def load_kin(store: Store) -> dict[str, Kin]:
    """The kin of every standing document that has any."""
    standing = document_paths(store)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for document, same in store.rows("SELECT document, same FROM copy ORDER BY document"):
        if document in standing:
            groups[same].append(document)
    older: defaultdict[str, list[str]] = defaultdict(list)
    for newer, same in store.rows("SELECT newer, older FROM issue"):
        older[newer] += groups[same]
    return {
        document: Kin([other for other in group if other != document], sorted(older[same]))
        for same, group in groups.items()
        for document in group
        if len(group) > 1 or older[same]
    }


def describe_copies(store: Store) -> dict[str, list[list[str]]]:
    """By path, in order: the groups of copies, and pairs of a newer and an older issue."""
    paths = document_paths(store)
    order = {document: at for at, document in enumerate(paths)}
    kin = load_kin(store)

    def named(documents: Iterable[str]) -> list[str]:
        return [paths[document] for document in sorted(documents, key=order.__getitem__)]

    groups = {tuple(named([document, *found.same_as])): named(found.supersedes) for document, found in kin.items()}
    return {
        "copies": sorted(list(group) for group in groups if len(group) > 1),
        "superseded": sorted([group[0], older] for group, those in groups.items() for older in those),
    }
