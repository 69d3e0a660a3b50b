"""The folder of a model: written whole or not at all, and read only when every file is the one that was written.

`MANIFEST.json` holds the sha256 and size of every other file. It is written last, in a folder that has no model's name
yet; the folder takes its name when everything is on the disk. So a training that was killed leaves nothing to load.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dossier.errors import BusyError, ModelError

MANIFEST = "MANIFEST.json"
CARD = "card.json"
TELLING = frozenset((CARD, "README.md"))  # what is said of a model; the rest is the model
FORMAT = 1
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}-[0-9]{1,6}")
LOCK = ".training.lock"
MAX_MANIFEST = 1 << 20  # bytes
MAX_FILES = 1000


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: relative path -> (sha256, bytes). `digest` covers the files that change what the model finds."""

    files: dict[str, tuple[str, int]]

    @property
    def digest(self) -> str:
        lines = [f"{name}\0{sha256}\n" for name, (sha256, _) in sorted(self.files.items()) if name not in TELLING]
        return hashlib.sha256("".join(lines).encode()).hexdigest()


# ------------------------------------------------------------------ reading


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a model, without looking at the files. Raises ModelError with what is wrong."""
    path = folder / MANIFEST
    _refuse_links(folder)
    if not _is_plain(path):
        raise ModelError(f"{folder} holds no plain file {MANIFEST}: it is no model, or a half one; train it again")
    if path.stat().st_size > MAX_MANIFEST:
        raise ModelError(f"{path} is larger than {MAX_MANIFEST} bytes: it is no manifest of dossier")
    try:
        found = json.loads(path.read_bytes())
        files = {_safe(name): (str(each["sha256"]), int(each["bytes"])) for name, each in found["files"].items()}
        known = found["format"] == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} does not read ({error!r}); train the model again") from error
    if not known or len(files) > MAX_FILES:
        raise ModelError(f"{path} has a format that this dossier does not know; upgrade dossier")
    return Manifest(files)


def check_files(folder: Path) -> Manifest:
    """Check every file of a model against its manifest.

    Raises ModelError for a file that is missing, changed, a link, of another kind, or not in the manifest.
    """
    manifest = read_manifest(folder)
    there = set(_walk(folder)) - {MANIFEST}
    for name in sorted(there - set(manifest.files)):
        raise ModelError(f"{folder}: {name!r} is not in {MANIFEST}; take it out, or train the model again")
    for name, (sha256, size) in sorted(manifest.files.items()):
        if name not in there:
            raise ModelError(f"{folder}: {name!r} is missing; put the model back whole, or train it again")
        path = folder / name
        if path.stat().st_size != size or _sha256(path) != sha256:
            raise ModelError(f"{folder}: {name!r} is not the file that was written (its SHA-256 differs)")
    return manifest


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """One JSON file of a model."""
    try:
        found = json.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / name} does not read ({error})") from error
    if not isinstance(found, dict):
        raise ModelError(f"{folder / name} is no JSON object")
    return found


def _safe(name: str) -> str:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or "\\" in name or any(p.startswith(".") for p in parts) or "//" in name:
        raise ValueError(f"{name!r} is no place inside a model")
    return name


def _walk(folder: Path, prefix: str = "") -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_symlink():
                raise ModelError(f"{folder}: {name!r} is a link; a model holds plain files only")
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{name}/")
            elif entry.is_file(follow_symlinks=False):
                yield name
            else:
                raise ModelError(f"{folder}: {name!r} is no plain file")


def _refuse_links(folder: Path) -> None:
    if folder.is_symlink():
        raise ModelError(f"{folder} is a link; a model is a folder of plain files")
    if not folder.is_dir():
        raise ModelError(f"{folder} is no folder")


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------ writing


@contextmanager
def built_whole(models: Path, name: str, *, taken: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Give a folder to write a model into; when the block ends well it becomes `models/NAME-VERSION`.

    The version is one above every one that `models` and `taken` hold of this name. `folder.name` tells it: `.NAME-VERSION.part`.
    Raises BusyError while another training writes here. What a killed training left is cleared away.
    """
    if not NAME.fullmatch(f"{name}-1"):
        raise ModelError(f"{name!r} is no name for a model; use small letters, digits, - and _")
    models.mkdir(parents=True, exist_ok=True)
    with _one_training(models):
        for left in models.glob(".*.part"):
            shutil.rmtree(left, ignore_errors=True)
        full = f"{name}-{_next_version(models, name, taken)}"
        folder = models / f".{full}.part"
        folder.mkdir(mode=0o700)
        try:
            yield folder
            _seal(folder)
            folder.rename(models / full)
            _sync(models)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def final_name(folder: Path) -> str:
    """The name that a folder of `built_whole` will have."""
    return folder.name.removeprefix(".").removesuffix(".part")


@contextmanager
def _one_training(models: Path) -> Iterator[None]:
    with (models / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"another training writes into {models}; wait for it to end, or stop it") from error
        yield


def _next_version(models: Path, name: str, taken: frozenset[str]) -> int:
    names = [*taken, *(path.name for path in models.iterdir())]
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,6}})")
    return 1 + max((int(found[1]) for each in names if (found := pattern.fullmatch(each))), default=0)


def seal_again(folder: Path) -> None:
    """Write the manifest of a model anew whose files were changed on purpose; if this is cut off, the model counts as damaged."""
    _seal(folder)


def _seal(folder: Path) -> None:
    names = sorted(_walk(folder))
    files = {n: {"sha256": _sha256(folder / n), "bytes": (folder / n).stat().st_size} for n in names}
    for name in names:
        _sync(folder / name)
    for inner in {(folder / name).parent for name in names}:
        _sync(inner)
    text = json.dumps({"format": FORMAT, "files": files}, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, "utf-8")
    _sync(folder / MANIFEST)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
