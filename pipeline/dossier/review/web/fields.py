"""The fields of requests, checked for their form."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from starlette.requests import Request

from dossier.review.web.replies import Refusal

REQUEST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_CHANGES = 20_000
MOST_QUERY = 400  # characters of one value in the address
KINDS = frozenset({"mention", "entity", "relation", "event", "conflict", "absence", "document", "same"})
RULINGS = frozenset({"accept", "reject", "edit", "add", "comment", "finish", "reopen", "merge", "split"})
MOST_NAME = 80
FIELDS: dict[str, tuple[type, str]] = {  # of the record of a change, where they are there
    **dict.fromkeys(("label", "type", "status", "name", "text", "role", "entity", "holder"), (str, "a string")),
    **dict.fromkeys(("entities", "mentions", "labels"), (list, "a list of strings")),
    **dict.fromkeys(("trigger", "anchor"), (dict, "an object")),
    "adjudicates": (bool, "true or false"),
}


def bad(name: str, value: Any, wanted: str) -> Refusal:
    return Refusal(400, "bad_field", f"{name} is {shown(value)}; {wanted}", field=name)


def shown(value: Any) -> str:
    """A value as an error shows it: on one line, and not too long."""
    words = repr(value)
    return words if len(words) <= 100 else words[:100] + "…"


def query(request: Request, name: str) -> str | None:
    """One value of the address; None where it is missing or empty."""
    value = request.query_params.get(name) or None
    if value is not None and (len(value) > MOST_QUERY or "\0" in value):
        raise bad(name, value, f"give at most {MOST_QUERY} characters, none of them NUL")
    return value


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    value = query(request, name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,16}", value) or not least <= int(value) <= most:
        raise bad(name, value, f"give a whole number from {least} to {most}")
    return int(value)


def words(body: dict[str, Any], name: str, most: int) -> str | None:
    """A string of the body; None where it is missing."""
    return None if body.get(name) is None else needed(body, name, most)


def needed(body: dict[str, Any], name: str, most: int = 200) -> str:
    """A string of the body."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most:
        raise bad(name, value, f"give a string of 1 to {most:,} characters")
    return value


def check_request(body: dict[str, Any]) -> str:
    """The name that the page gave to what it asks, so that asking twice does it once."""
    value = body.get("request")
    if not isinstance(value, str) or not REQUEST.fullmatch(value):
        raise bad("request", value, "give a UUID in lower case, a new one for each group of changes")
    return value


def check_name(value: Any) -> str:
    """The name of a reviewer, as it signs rulings."""
    name = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    if not 0 < len(name) <= MOST_NAME or not name.isprintable():
        raise bad("user", value, f"give a name of 1 to {MOST_NAME} printable characters")
    return name


def check_changes(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The changes of one group, whole in their form."""
    changes = body.get("changes")
    if not isinstance(changes, list) or not 0 < len(changes) <= MOST_CHANGES:
        raise bad("changes", changes, f"give a list of 1 to {MOST_CHANGES:,} changes")
    return [_check_change(f"changes[{number}]", change) for number, change in enumerate(changes)]


def _check_change(where: str, change: Any) -> dict[str, Any]:
    if not isinstance(change, dict):
        raise bad(where, change, "give an object")
    checks = {
        "kind": (_is_one_of(change.get("kind"), KINDS), f"give one of {', '.join(sorted(KINDS))}"),
        "ruling": (_is_one_of(change.get("ruling"), RULINGS), f"give one of {', '.join(sorted(RULINGS))}"),
        "target": (_is_words(change.get("target"), optional=True), "give the target's id, or null for an addition"),
        "document": (_is_words(change.get("document"), optional=True), "give a document's id"),
        "record": (isinstance(change.get("record", {}), dict | None), "give an object"),
        "revision": (_is_count(change.get("revision", 0)), "give the revision that you saw"),
    }
    for name, (fits, wanted) in checks.items():
        if not fits:
            raise bad(f"{where}.{name}", change.get(name), wanted)
    _check_record(f"{where}.record", change.get("record") or {})
    return change


def _check_record(where: str, record: dict[str, Any]) -> None:
    """The fields that a ruling names things by; what else a record may hold, the desk checks by its kind."""
    for name, (kind, wanted) in FIELDS.items():
        value = record.get(name)
        if value is None:
            continue
        whole = isinstance(value, list) and all(isinstance(each, str) for each in value) if kind is list else True
        if not isinstance(value, kind) or not whole:
            raise bad(f"{where}.{name}", value, f"give {wanted}")


def _is_one_of(value: Any, known: frozenset[str]) -> bool:
    return isinstance(value, str) and value in known


def _is_words(value: Any, *, optional: bool) -> bool:
    return (value is None and optional) or (isinstance(value, str) and 0 < len(value) <= 200)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53
