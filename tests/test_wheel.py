"""The package works from a wheel in an empty environment, and from the checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from dossier.resources import shipped

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "-w", out, ROOT],
        check=True,
    )
    return next(out.glob("*.whl"))


def test_the_wheel_carries_configs_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert "dossier/configs/extract.cfg" in names
    assert "dossier/configs/gazetteer/countries.tsv" in names
    assert "dossier/configs/gazetteer/geonames.tsv" in names
    assert {"dossier/export/static/page.css", "dossier/export/static/page.js"} <= set(names)
    assert not [n for n in names if n.startswith(("tests", "corpus", "demo")) or "__pycache__" in n]


def test_the_checkout_finds_its_configs():
    assert shipped("configs") == ROOT / "configs"


@pytest.mark.timeout(900)
def test_a_wheel_in_an_empty_environment_runs(wheel, tmp_path):
    """Its own files come from the wheel, its requirements from the pinned list."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            wheel,
            "-c",
            ROOT / "constraints.txt",
        ],
        check=True,
    )
    (tmp_path / "desk").mkdir()
    dossier = [home / "bin" / "dossier"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    subprocess.run([*dossier, "init", "desk"], check=True, cwd=tmp_path, env=clean)
    (tmp_path / "desk" / "corpus" / "a.txt").write_text("The United Nations met in Oslo, Norway, on 3 May 2016.\n")
    subprocess.run([*dossier, "run", "-w", "desk"], check=True, cwd=tmp_path, env=clean)

    lines = (tmp_path / "desk" / "out" / "curated.jsonl").read_text("utf-8").splitlines()
    found = {(r["label"], r["text"]) for r in map(json.loads, lines) if r["kind"] == "mention"}
    assert {("ORG", "United Nations"), ("PLACE", "Oslo"), ("PLACE", "Norway"), ("DATE", "3 May 2016")} <= found
