"""Where the shipped configs and models lie: in the checkout when editable, inside the package in a wheel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dossier.errors import ConfigError

PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """The folder `configs` or `models` that came with dossier."""
    for folder in (PACKAGE / name, PACKAGE.parents[1] / name):
        if folder.is_dir():
            return folder
    raise ConfigError(f"the folder {name!r} of dossier is missing beside {PACKAGE}; install dossier again")


def configs_folders(overlay: Path | None = None) -> list[Path]:
    """The shipped configs, then those of the workspace, which win."""
    folders = [shipped("configs")]
    if overlay is not None and overlay.is_dir():
        folders.append(overlay)
    return folders


def digest_files(files: Iterable[tuple[str, Path]]) -> str:
    """The sha256 over names and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name, path in sorted(files):
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()
