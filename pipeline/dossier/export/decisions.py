"""The log of decisions, for a copy, a colleague or another workspace: `dossier import` reads it."""

from __future__ import annotations

from pathlib import Path

from dossier.export.files import written_whole
from dossier.export.traverse import Options
from dossier.store.db import Store
from dossier.store.exchange import dump_log


def export_decisions(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write every decision to the file `out`, undone ones too. Returns how many."""
    count = -1  # the first line is no decision
    with written_whole(out) as file:
        for line in dump_log(store):
            file.write(line)
            count += 1
    return {"decision": count}
