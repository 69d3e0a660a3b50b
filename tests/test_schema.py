"""The schema is the annotation guide as data, and a desk can add to it."""

import re

import pytest

from dossier.errors import ConfigError
from dossier.resources import configs_folders
from dossier.schema import load_schema


def test_relations_are_those_of_the_guide(shared):
    guide = (shared / "annotation-guide.md").read_text("utf-8")
    section = guide.split("## 3. Relations")[1].split("## 4.")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert set(load_schema().relations) == named


def test_signature_with_same_refuses_two_labels():
    alias = load_schema().relations["alias_of"]

    assert alias.allows("ORG", "ORG")
    assert not alias.allows("ORG", "PERSON")


def test_a_workspace_adds_a_label_and_a_relation(tmp_path):
    (tmp_path / "schema.toml").write_text(
        '[labels.VESSEL]\ntitle = "ship"\n[relations.owns]\nsubject = ["ORG"]\nobject = ["VESSEL"]\n'
    )

    schema = load_schema(configs_folders(tmp_path))

    assert schema.labels["VESSEL"] == "ship"
    assert schema.relations["owns"].allows("ORG", "VESSEL")
    assert "leads" in schema.relations


def test_unknown_label_in_a_relation_names_the_relation(tmp_path):
    (tmp_path / "schema.toml").write_text('[relations.owns]\nsubject = ["ORG"]\nobject = ["SHIP"]\n')
    with pytest.raises(ConfigError, match=r"relations\.owns.*SHIP"):
        load_schema(configs_folders(tmp_path))


def test_broken_toml_names_the_file(tmp_path):
    (tmp_path / "schema.toml").write_text("[labels\n")
    with pytest.raises(ConfigError, match=r"schema\.toml"):
        load_schema(configs_folders(tmp_path))
