"""Models: which there are, which one is in use, and how that changes.

`rules`, the pipeline without a trained model, is always there. Shipped models come with dossier, others were trained in
the workspace. What is in use is the last activation of the log that was not rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dossier.errors import ConfigError, ModelError, UsageError
from dossier.floors import below_floors, load_floors
from dossier.model_config import load_config
from dossier.model_files import CARD, NAME, check_files, read_json, read_manifest
from dossier.resources import configs_folders, shipped
from dossier.store.db import Store
from dossier.store.models import Activation, append_activation, append_rollback, standing

FOLDER = "models"


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model by name. `folder` is None for `rules`; `digest` covers the files that change what it finds."""

    name: str
    origin: str  # built in, shipped, workspace
    folder: Path | None
    digest: str


RULES = ModelRef("rules", "built in", None, "")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: a model, or the fault that keeps a folder from being one."""

    name: str
    origin: str
    model: ModelRef | None
    fault: str = ""


# ------------------------------------------------------------------ which there are


def list_models(workspace: Path) -> list[Listed]:
    """`rules`, then the shipped models, then those of the workspace, which win where a name is the same."""
    found = {RULES.name: Listed(RULES.name, RULES.origin, RULES)}
    for origin, folder in _homes(workspace):
        for path in sorted(folder.iterdir() if folder.is_dir() else ()):
            if NAME.fullmatch(path.name) and (path.is_symlink() or path.is_dir()):
                found[path.name] = _list(path, origin)
    return list(found.values())


def _homes(workspace: Path) -> Iterator[tuple[str, Path]]:
    with suppress(ConfigError):  # a checkout without a model
        yield "shipped", shipped(FOLDER)
    yield "workspace", workspace / FOLDER


def _list(path: Path, origin: str) -> Listed:
    try:
        return Listed(path.name, origin, ModelRef(path.name, origin, path, read_manifest(path).digest))
    except ModelError as error:
        return Listed(path.name, origin, None, str(error))


def find_model(workspace: Path, name: str) -> ModelRef:
    """The model of a name. Raises UsageError for an unknown one, ModelError for a damaged one."""
    models = list_models(workspace)
    for each in models:
        if each.name == name:
            if each.model is None:
                raise ModelError(each.fault)
            return each.model
    raise UsageError(f"there is no model {name!r}; there are: {', '.join(each.name for each in models)}")


def check_model(model: ModelRef) -> None:
    """Check the files of a model and what its config names. Raises ModelError with what is wrong; runs none of it."""
    if model.folder is None:
        return
    if check_files(model.folder).digest != model.digest:
        raise ModelError(f"{model.folder} changed while it was read; try again")
    load_config(model.folder)


def read_card(model: ModelRef) -> dict[str, Any]:
    """What was written of a model when it was trained; empty for `rules`."""
    return {} if model.folder is None else read_json(model.folder, CARD)


# ------------------------------------------------------------------ which is in use


def active_model(store: Store) -> ModelRef:
    """The model in use, checked. Without an activation it is the last of the shipped ones, or `rules`.

    Raises ModelError where the model that was activated is gone, damaged or not the same any more.
    """
    log = standing(store)
    if not log:
        model = default_model(store.folder)
        check_model(model)
        return model
    return _checked(store, log[-1])


def default_model(workspace: Path) -> ModelRef:
    """The model of a workspace where nobody chose one."""
    models = [each.model for each in list_models(workspace) if each.origin == "shipped" and each.model]
    return models[-1] if models else RULES


def _checked(store: Store, chosen: Activation) -> ModelRef:
    try:
        model = find_model(store.folder, chosen.model)
        check_model(model)
    except (ModelError, UsageError) as error:
        raise ModelError(
            f"{chosen.model}, in use since {chosen.made_at}: {error}. Put it back, or choose another: "
            "dossier models activate NAME"
        ) from error
    if model.digest != chosen.digest:
        raise ModelError(
            f"{chosen.model} is not the model that {chosen.user} activated on {chosen.made_at}; look at it with "
            f"`dossier models show {chosen.model}`, then activate it again or another"
        )
    return model


def activate(store: Store, name: str, *, user: str, force: bool = False, reason: str = "") -> Activation:
    """Put a model to work. What it was below goes into the log with `force`.

    Raises ModelError for a model whose files are not those that were written, forced or not, and for one below its
    floors unless forced.
    """
    model = find_model(store.folder, name)
    check_model(model)
    low = below_floors(read_card(model), load_floors(configs_folders(store.folder / "configs")))
    if low and not force:
        raise ModelError(
            f"{name} is below its floors: {'; '.join(low)}. --force activates it all the same, and is logged"
        )
    if low:
        reason = "; ".join([*([reason] if reason else []), *low])
    return append_activation(store, model=name, digest=model.digest, user=user, forced=bool(low), reason=reason)


def rollback(store: Store, *, user: str) -> Activation:
    """Return to the model that was in use before. Raises UsageError where there was none."""
    log = standing(store)
    if not log:
        raise UsageError(f"no model was activated here; {default_model(store.folder).name} is in use from the start")
    if len(log) > 1:
        model = _checked(store, log[-2])
    else:
        model = default_model(store.folder)
        check_model(model)
    return append_rollback(store, log[-1], model=model.name, digest=model.digest, user=user)
