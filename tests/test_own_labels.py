"""docs/own-labels.md, followed step by step: its files are written, its commands run."""

import json
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.conftest import need
from tests.train.standin import HashedEncoder

from dossier.resources import configs_folders
from dossier.schema import load_schema
from dossier.store.db import open_store
from dossier.store.decisions import append, load_rulings
from dossier.store.documents import document_paths
from dossier.store.proposals import iter_proposals
from dossier.train.loop import Base

PAGE = (Path(__file__).parents[1] / "docs" / "own-labels.md").read_text("utf-8")
FILES = dict(re.findall(r"^`(configs/\S+)`[^\n]*\n\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = [line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
REPORTS = 14
SHIPS = ("MV Nordlys", "Polar Fox", "MV Havbris")  # the last one is on no list


def report(number: int) -> str:
    ship, other = SHIPS[number % 3], SHIPS[(number + 1) % 3]
    return f"In May {1990 + number} the {ship} sailed from Narvik with the {other}. Nobody saw the {ship} again.\n"


@pytest.fixture
def ships(dossier, tmp_path, monkeypatch) -> Path:
    need(find_spec("dossier.components.pipeline") is not None, "the rule pipeline")
    monkeypatch.setattr("dossier.train.loop.load_base", lambda model: Base(HashedEncoder()))
    dossier("init", "desk")
    for number in range(REPORTS):
        (tmp_path / "desk" / "corpus" / f"{number:02}.txt").write_text(report(number))
    for name, text in FILES.items():
        (tmp_path / "desk" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "desk" / name).write_text(text)
    return tmp_path / "desk"


def review(desk: Path) -> None:
    """What a reviewer does in step 3: accepts what the list proposed, adds what it did not, finishes every report."""
    labels = sorted(load_schema(configs_folders(desk / "configs")).labels)
    with open_store(desk) as store:
        for document, path in document_paths(store).items():
            for found in iter_proposals(store, "mention", document):
                ruling = "accept" if found["label"] in ("VESSEL", "PLACE", "DATE") else "reject"
                said = json.dumps({"label": found["label"]})  # the label is in the ruling
                append(
                    store, kind="mention", key=found["id"], proposal=found["id"], ruling=ruling, record=said, user="ada"
                )
            text = report(int(path[:2]))
            for at in re.finditer("MV Havbris", text):
                said = {"document": document, "start": at.start(), "end": at.end(), "text": at[0], "label": "VESSEL"}
                append(
                    store,
                    kind="mention",
                    key=f"{document} {at.start()}",
                    ruling="add",
                    record=json.dumps(said),
                    user="ada",
                )
            append(
                store, kind="document", key=document, ruling="finish", record=json.dumps({"labels": labels}), user="ada"
            )


def test_the_page_names_the_files_that_it_explains():
    assert list(FILES) == ["configs/schema.toml", "configs/gazetteer/names.tsv"]
    assert set(tomllib.loads(FILES["configs/schema.toml"])) == {"labels", "relations"}


def test_the_schema_of_the_page_is_laid_over_the_shipped_one(tmp_path):
    (tmp_path / "schema.toml").write_text(FILES["configs/schema.toml"])
    schema = load_schema(configs_folders(tmp_path))

    assert {"VESSEL", "ORG", "WEAPON"} <= set(schema.labels)
    assert "VESSEL" in schema.entities
    assert schema.relations["escorts"].allows("ORG", "VESSEL")
    assert not schema.relations["escorts"].allows("VESSEL", "ORG")


def test_every_step_of_the_page_works(dossier, ships, monkeypatch):
    monkeypatch.chdir(ships)
    watch, *learn = COMMANDS
    assert dossier(*watch.split()[1:]).code == 0
    with open_store(ships) as store:
        proposed = [
            m for d in document_paths(store) for m in iter_proposals(store, "mention", d) if m["label"] == "VESSEL"
        ]
    assert {m["text"] for m in proposed} == {"MV Nordlys", "Polar Fox"}

    review(ships)
    assert [line.split()[1] for line in learn] == ["export", "train", "models", "models", "run"]
    said = dossier(*learn[0].split()[1:])
    assert f"{REPORTS} text" in said.out

    trained = dossier(*learn[1].split()[1:])
    assert trained.code == 0, trained.err
    assert "VESSEL" in trained.out
    assert "VESSEL" in dossier(*learn[2].split()[1:]).out
    refused = dossier(*learn[3].split()[1:])
    assert refused.code == 1
    assert "held-out mentions, the floor is 30" in refused.err  # fourteen reports are few
    assert dossier(*learn[3].split()[1:], "--force").code == 0
    assert "forced ships-1" in dossier("models", "log").out


def test_what_the_page_says_of_decisions_is_so(dossier, ships, monkeypatch):
    monkeypatch.chdir(ships)
    dossier("run")
    review(ships)
    dossier("export", "annotations", "--format", "gold")
    gold = [json.loads(line) for line in (ships / "annotations" / "reviewed.jsonl").read_text().splitlines()]
    marks = sum(span["label"] == "VESSEL" for record in gold for span in record["spans"])
    assert marks == 3 * REPORTS

    (ships / "configs" / "gazetteer" / "names.tsv").unlink()  # the list goes, its rulings stay
    dossier("run")
    dossier("export", "annotations", "--format", "gold")
    again = [json.loads(line) for line in (ships / "annotations" / "reviewed.jsonl").read_text().splitlines()]
    assert [record["spans"] for record in again] == [record["spans"] for record in gold]

    (ships / "configs" / "schema.toml").rename(ships / "configs" / "schema.kept")  # the label goes
    with open_store(ships) as store:
        rulings = load_rulings(store)
    dossier("export", "annotations", "--format", "gold")
    assert '"VESSEL"' not in (ships / "annotations" / "reviewed.jsonl").read_text()

    (ships / "configs" / "schema.kept").rename(ships / "configs" / "schema.toml")  # and comes back
    dossier("export", "annotations", "--format", "gold")
    back = [json.loads(line) for line in (ships / "annotations" / "reviewed.jsonl").read_text().splitlines()]
    assert back == again
    with open_store(ships) as store:
        assert load_rulings(store) == rulings
