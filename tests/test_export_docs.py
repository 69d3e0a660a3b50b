"""docs/export.md: its example is run as it stands, and it tells every format and every kind."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from dossier.contract import json_schema
from dossier.export import EXPORTERS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "export.md").read_text("utf-8")


def test_every_format_and_every_kind_is_told():
    for fmt in EXPORTERS:
        assert f"`{fmt}`" in PAGE
    for kind in json_schema()["discriminator"]["mapping"]:
        assert f"| `{kind}` |" in PAGE


def test_the_example_runs_and_prints_what_it_says(tmp_path):
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    [commands] = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    shutil.copytree(ROOT / "corpus" / "examples", tmp_path / "corpus" / "examples")
    folder, said = tmp_path, {}
    for line in commands.splitlines():
        word, *rest = shlex.split(line)
        if word == "cd":
            folder /= rest[0]
            (folder / "leaders.py").write_text(program, "utf-8")
        elif word == "cp":
            shutil.copy(folder / rest[0], folder / rest[1])
        else:
            call = [sys.executable, *(["-m", "dossier"] if word == "dossier" else []), *rest]
            environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
            done = subprocess.run(call, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)
            assert done.returncode == 0, (line, done.stderr)
            said[line] = done.stdout

    [shown] = re.findall(r"```\n\n((?:    .*\n)+)\n\(`\.\.`", PAGE)
    for line in shown.splitlines():
        assert line.removeprefix("    ") in said["python leaders.py"].splitlines()
    assert said["dossier verify out/curated.jsonl --corpus corpus"].endswith(" 0 faults\n")
    assert (folder / "pages" / "lra-profile.txt.html").is_file()
