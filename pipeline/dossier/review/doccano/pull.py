"""Fetching what people did in a doccano: all of it is read and checked before anything is changed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dossier.errors import RemoteError, UsageError
from dossier.resources import configs_folders
from dossier.review.doccano.compare import Compared, Finding, Signatures, Signed, compare
from dossier.review.doccano.push import states_of
from dossier.review.doccano.remote import UNCHANGED, Remote, Row
from dossier.review.doccano.rows import Seen, read_row
from dossier.schema import load_schema
from dossier.store.db import Store
from dossier.store.doccano import Example, Item, Place, load_examples, load_items, load_project
from dossier.store.documents import load_document

Say = Callable[[str], None]


@dataclass(slots=True)
class Pulled:
    """What a pull found. `examples`: how those that were looked at stand now; `gone`: documents that are no longer there;
    `changed_here`: documents whose text is another one here than was sent; `missing`: marks that are gone from documents that
    nobody confirmed."""

    place: Place
    findings: dict[str, list[Finding]] = field(default_factory=dict)  # by document
    examples: list[Example] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    changed_here: list[str] = field(default_factory=list)
    missing: int = 0

    def counts(self) -> Counter[str]:
        return Counter(one.ruling for found in self.findings.values() for one in found)


def read(store: Store, remote: Remote, name: str, say: Say) -> Pulled:
    """Read a project and compare it with what was sent to it. Changes nothing.

    Raises UsageError where nothing was sent to a project of that name, RemoteError for anything there that cannot be right.
    """
    number = load_project(store, remote.url, name)
    if number is None:
        raise UsageError(
            f"nothing was sent from here to a project {name!r} at {remote.url}; `dossier doccano status` lists what was"
        )
    place = Place(remote.url, number)
    known, sent = load_items(store, place), load_examples(store, place)
    listed = {row["id"]: row for row in remote.pages(f"/v1/projects/{number}/examples")}
    say(f"{len(listed)} documents there")
    exported = _by_number(remote, number)
    reader = _Reader(store, remote, place)
    for example in sent:
        if example.number not in listed:
            reader.found.gone.append(example.document)
        elif example.number not in exported:
            raise RemoteError(f"{remote.url}: its export lacks example {example.number}; {UNCHANGED}, try again")
        else:
            reader.look(example, listed[example.number], exported[example.number], known.get(example.number, []))
    return reader.found


def _by_number(remote: Remote, project: int) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for row in remote.export(project):
        number = row.get("id")
        if not isinstance(number, int) or number in found:
            raise RemoteError(
                f"{remote.url}: its export gives example {number!r} twice, or without a number; {UNCHANGED}"
            )
        found[number] = row
    return found


class _Reader:
    def __init__(self, store: Store, remote: Remote, place: Place) -> None:
        schema = load_schema(configs_folders(store.folder / "configs"))
        self.store, self.remote = store, remote
        self.path = f"/v1/projects/{place.project}"
        self.labels, self.types = frozenset(schema.labels), frozenset(schema.relations)
        self.found = Pulled(place)
        self._users: dict[int, str] | None = None

    def look(self, example: Example, listed: Row, exported: Row, known: Sequence[Item]) -> None:
        document = load_document(self.store, example.document)
        if document.text_sha256 != example.text_sha256:
            self.found.changed_here.append(example.document)
            return
        where = f"{self.remote.url}: example {example.number} ({example.document})"
        meta = exported.get("doc_id", example.document)
        if meta != example.document:
            raise RemoteError(f"{where} says that it is {meta!r}; {UNCHANGED}")
        seen = read_row(exported, document.text, self.labels, self.types, where)
        states = states_of(seen)
        as_it_was = {(item.kind, item.number): item.state for item in known} == states
        confirmed = listed.get("is_confirmed") is True
        if as_it_was and confirmed <= example.confirmed:
            self.found.unchanged += 1
            return
        signatures = self._signatures(example.number, seen, where, confirmed=confirmed)
        place = f"{self.found.place.url}#{self.found.place.project}"
        compared = compare(document, example, known, seen, signatures, place)
        self._keep(replace(example, confirmed=confirmed), compared)

    def _keep(self, example: Example, compared: Compared) -> None:
        self.found.examples.append(example)
        self.found.items += compared.items
        self.found.missing += compared.missing
        if compared.findings:
            self.found.findings[example.document] = compared.findings
        else:
            self.found.unchanged += 1

    # ------------------------------------------------------------ who and when, which the export does not say

    def _signatures(self, example: int, seen: Seen, where: str, *, confirmed: bool) -> Signatures:
        made: dict[tuple[str, int], Signed] = {}
        for kind, name, wanted in (("mention", "spans", seen.spans), ("relation", "relations", seen.arcs)):
            rows = self.remote.rows(f"{self.path}/examples/{example}/{name}")
            made |= {
                (kind, row["id"]): self._signed(row, "user", "updated_at", where)
                for row in rows
                if isinstance(row.get("id"), int)
            }
            if set(wanted) - {number for of, number in made if of == kind}:
                raise RemoteError(f"{where}: its {name} changed while they were read; {UNCHANGED}, try again")
        states = self._states(example) if confirmed else []
        last = max(states, key=lambda row: str(row.get("confirmed_at")), default=None)
        return Signatures(made, self._signed(last, "confirmed_by", "confirmed_at", where) if last else None)

    def _states(self, example: int) -> list[Row]:
        return list(self.remote.pages(f"{self.path}/examples/{example}/states"))

    def _signed(self, row: Row, by: str, at: str, where: str) -> Signed:
        user, when = row.get(by), row.get(at)
        if not isinstance(user, int) or not isinstance(when, str):
            raise RemoteError(
                f"{where}: who did what there is not said as doccano says it ({by} {user!r}, {at} {when!r}); {UNCHANGED}"
            )
        return Signed(self._user(user), when)

    def _user(self, number: int) -> str:
        if self._users is None:
            rows = self.remote.rows("/v1/users")
            self._users = {row["id"]: str(row.get("username")) for row in rows if isinstance(row.get("id"), int)}
        return self._users.get(number, f"user {number} of doccano")
