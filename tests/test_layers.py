"""Imports point one way: cli -> stages -> store, components, engines -> normalize and the ground -> records -> errors."""

import ast
from pathlib import Path

import pytest

from dossier.resources import PACKAGE

LAYERS = [
    {"errors"},
    {"records"},
    {"resources", "contract"},
    {"offsets", "lines", "boxes", "paragraphs", "source_map"}
    | {"schema", "gold", "model_files", "model_config", "floors", "markup"},
    {"normalize"},
    {"store", "components", "engines"},
    {"models"},
    {"ingest", "extract", "review", "curate", "export", "train", "evaluate", "doctor"},
    {"lab"},
    {"cli", "__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
ROOMS = {
    "store",
    "components",
    "engines",
    "ingest",
    "extract",
    "review",
    "curate",
    "export",
    "train",
    "evaluate",
    "doctor",
}
# a library has one home
HOMES = {
    "apsw": {"store"},
    "click": {"cli"},
    "rich": {"cli"},
    "thinc": {"train"},
    "confection": {"components", "model_config", "train"},
    "onnxruntime": {"components", "train"},
    "tokenizers": {"components"},
    "torch": {"train", "lab"},
    "spacy": {"components", "extract", "evaluate", "train", "lab"},
    "nervaluate": {"evaluate"},
    "pdfplumber": {"ingest"},
    "pdfminer": {"ingest"},
    "pypdfium2": {"ingest"},
    "PIL": {"ingest"},
    "py3langid": {"ingest"},
    "trafilatura": {"ingest"},
    "charset_normalizer": {"ingest"},
    "pydantic": {"contract", "export"},
    "requests": {"review"},
    "doccano_client": {"review"},
    "starlette": {"review"},
    "uvicorn": {"review"},
    "argon2": {"review"},
}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.name != "__init__.py" or p.parent != PACKAGE)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "dossier" else set()
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path):
    mine = room(path)
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "dossier" or len(parts) < 2 or parts[1] == "__version__":
            continue
        other = parts[1]
        assert LEVEL[other] <= LEVEL[mine], f"{mine} imports {other}"
        if other in ROOMS and mine in ROOMS and LEVEL[other] == LEVEL[mine]:
            assert other == mine, f"{mine} imports its neighbour {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_library_has_one_home(path):
    for name in imported(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or room(path) in homes, f"{name} is at home in {homes}"


def test_every_module_has_a_layer():
    assert {room(path) for path in MODULES} <= set(LEVEL)
