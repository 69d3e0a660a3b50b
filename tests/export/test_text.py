"""Texts are written below the folder that was named, each under a name of its own."""

from pathlib import Path

import pytest

from dossier.export.files import distinct_names


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("2016/a.txt", "2016/a.txt.txt"),
        ("a.zip/deep/b.html", "a.zip/deep/b.html.txt"),
        ("/../../etc/passwd", "etc/passwd.txt"),
    ],
)
def test_paths_stay_below(path, written):
    assert distinct_names({"d_1": path}, ".txt") == {"d_1": Path(written)}


def test_long_names_that_begin_alike_stay_apart():
    names = ["b" * 251 + ".txt", "b" * 250 + "c.txt", "é" * 127, "b" * 252]
    written = [
        path.name for path in distinct_names({f"d_{n}": f"odd/{name}" for n, name in enumerate(names)}, ".txt").values()
    ]

    assert len(set(written)) == len(names)
    assert max(len(name.encode()) for name in written) <= 255
