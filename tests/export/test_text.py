"""Texts are written below the folder that was named, each under a name of its own."""

from pathlib import Path

import pytest

from dossier.export.text import safe_path


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("2016/a.txt", "2016/a.txt.txt"),
        ("a.zip/deep/b.html", "a.zip/deep/b.html.txt"),
        ("/../../etc/passwd", "etc/passwd.txt"),
        ("new\nline.txt", "new\nline.txt.txt"),
    ],
)
def test_paths_stay_below(path, written):
    assert safe_path(path) == Path(written)


def test_long_names_that_begin_alike_stay_apart():
    names = ["b" * 251 + ".txt", "b" * 250 + "c.txt", "é" * 127, "b" * 252]
    written = [safe_path(f"odd/{name}").name for name in names]

    assert len(set(written)) == len(names)
    assert max(len(name.encode()) for name in written) <= 255
    assert safe_path("b" * 251).name == "b" * 251 + ".txt"
