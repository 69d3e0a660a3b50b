"""The whole way of corrections, with the shipped model, as a desk walks it: run, rule, export, train, evaluate, activate, run."""

import json
import random
from pathlib import Path

import pytest
from tests.conftest import need

from dossier.models import RULES, default_model
from dossier.schema import load_schema
from dossier.store.db import open_store
from dossier.store.decisions import append, load_rulings
from dossier.store.documents import document_paths
from dossier.store.proposals import iter_proposals

SCHEMA = """\
[labels.VESSEL]
meaning = "a named ship or boat"
"""
REPORTS = 45
CAPTAINS = ("Ada Berg", "Bo Dahl", "Carl Ek", "Dina Falk", "Emil Holm", "Frida Lind", "Georg Moe")
SHIPS = (
    "Nordlys",
    "Havbris",
    "Polar Fox",
    "Solveig",
    "Grey Heron",
    "Tordenskjold",
    "Aurora",
    "Snow Petrel",
    "Vesterhav",
)
TOWNS = ("Narvik", "Bergen", "Oslo", "Rotterdam", "Hamburg", "Gdansk")
NEW = "The MV Sunniva was boarded near Bergen. Carl Ek had sold the MV Sunniva in Hamburg.\n"


def make_report(number: int) -> tuple[str, dict[str, str]]:
    """A report, and the labels of the words that a reviewer marks in it."""
    rng = random.Random(number)
    ship, town, other = f"MV {rng.choice(SHIPS)}", *rng.sample(TOWNS, 2)
    captain, month = rng.choice(CAPTAINS), rng.choice(("March", "May", "June"))
    text = (
        f"In {month} {1950 + number} {captain} took the {ship} from {town} to {other}. Nobody saw the {ship} again.\n"
    )
    return text, {ship: "VESSEL", town: "PLACE", other: "PLACE", captain: "PERSON", f"{month} {1950 + number}": "DATE"}


def review(desk: Path) -> None:
    """Accept what is right, reject what is not, add what is missing, and declare every report finished."""
    labels = sorted(load_schema([desk / "configs"]).labels)
    with open_store(desk) as store:
        for document, path in document_paths(store).items():
            if not path[:2].isdigit():
                continue
            text, marks = make_report(int(path[:2]))
            wanted = {
                (at, at + len(words), label)
                for words, label in marks.items()
                for at in range(len(text))
                if text.startswith(words, at)
            }
            for each in iter_proposals(store, "mention", document):
                where = each["start"], each["end"], each["label"]
                ruling = "accept" if where in wanted else "reject"
                wanted.discard(where)
                append(
                    store, kind="mention", key=each["id"], proposal=each["id"], ruling=ruling, record="{}", user="ada"
                )
            for start, end, label in sorted(wanted):
                said = {"document": document, "start": start, "end": end, "text": text[start:end], "label": label}
                append(
                    store, kind="mention", key=f"{document} {start}", ruling="add", record=json.dumps(said), user="ada"
                )
            said = {"labels": ["DATE", "PERSON", "PLACE", *labels]}
            append(store, kind="document", key=document, ruling="finish", record=json.dumps(said), user="ada")


def vessels(desk: Path, path: str) -> list[str]:
    with open_store(desk) as store:
        (document,) = [d for d, p in document_paths(store).items() if p == path]
        return [m["text"] for m in iter_proposals(store, "mention", document) if m["label"] == "VESSEL"]


@pytest.mark.timeout(180)
def test_corrections_come_back_as_better_proposals(dossier, tmp_path, monkeypatch):
    need(default_model(tmp_path) != RULES, "a shipped model")
    dossier("init", "desk")
    desk = tmp_path / "desk"
    monkeypatch.chdir(desk)
    (desk / "configs" / "schema.toml").write_text(SCHEMA)
    for number in range(REPORTS):
        (desk / "corpus" / f"{number:02}.txt").write_text(make_report(number)[0])
    (desk / "corpus" / "new.txt").write_text(NEW)
    assert dossier("run").code == 0
    assert vessels(desk, "new.txt") == []
    review(desk)

    assert f"{REPORTS} text" in dossier("export", "annotations", "--format", "gold").out
    trained = dossier("train")
    assert trained.code == 0, trained.err
    old = default_model(desk).name

    assert f"* {old}" in dossier("models", "list").out  # the training did not touch the model in use
    compared = dossier("evaluate", "annotations/reviewed.jsonl", "--model", old, "--model", "desk-1", "--json")
    assert compared.code == 0, compared.err
    (found,) = json.loads(compared.out)["sets"]
    card = json.loads((desk / "models" / "desk-1" / "card.json").read_text())
    assert found["documents"] == card["split"]["test"]
    assert found["left_out"] == REPORTS - card["split"]["test"]
    before, after = (model["micro"]["strict"]["f"] for model in found["models"])
    assert after > before + 0.1
    assert "desk-1" in dossier("evaluate", "annotations/reviewed.jsonl", "--model", "desk-1:bare").out

    activated = dossier("models", "activate", "desk-1")
    assert activated.code == 0, activated.err
    with open_store(desk) as store:
        rulings = load_rulings(store)
    assert dossier("run").code == 0
    assert vessels(desk, "new.txt") == ["MV Sunniva", "MV Sunniva"]
    with open_store(desk) as store:
        assert load_rulings(store) == rulings
    assert "desk-1 " in dossier("evaluate", "annotations/reviewed.jsonl").out  # the one in use
