"""What the pages of docs/ name is there: every test, every code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def names_in(path):
    return {
        node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    }


def test_every_row_of_what_is_read_names_its_test():
    text = (DOCS / "formats.md").read_text("utf-8").split("## The way back")[0]
    found = [line for line in text.splitlines() if re.match(r"\| (?!---)", line) and not line.endswith("| test |")]
    assert len(found) > 30
    assert [line for line in found if not NAMED.search(line.rpartition(" | ")[2])] == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_tests_that_a_page_names_are_there(page):
    missing = {
        f"{path}::{name}"
        for path, name in NAMED.findall(page.read_text("utf-8"))
        if not (ROOT / path).is_file() or (name and name not in names_in(path))
    }
    assert missing == set()


def codes_of(call):
    """The codes that the package gives to `InputError` or `Warned`."""
    nodes = (
        node for path in (ROOT / "pipeline").rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    calls = (node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args)
    first = (node.args[0] for node in calls if node.func.id == call)
    return {each.value for each in first if isinstance(each, ast.Constant)}


def test_every_code_of_a_file_is_explained():
    page = (DOCS / "quarantine.md").read_text("utf-8")
    # of `dossier show --page` and the pages of the review, which quarantine nothing
    of_commands = {"no_such_page", "not_a_pdf", "changed", "pdf_page", "pdf_broken"}
    made_in_pairs = {"unsafe_name", "duplicate_name", "link_outside"}
    codes = codes_of("InputError") - of_commands | made_in_pairs | codes_of("Warned")
    assert len(codes) > 25
    assert {code for code in codes if f"`{code}`" not in page} == set()
