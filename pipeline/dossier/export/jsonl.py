"""The curated JSONL: a manifest, then one record a line, keys sorted."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from dossier.contract import LINE
from dossier.errors import RecordError
from dossier.export.files import written_whole
from dossier.export.traverse import Options, iter_records, make_manifest
from dossier.store.db import Store


def export_jsonl(store: Store, out: Path, options: Options) -> dict[str, int]:
    """Write the curated records to the file `out`. Returns the records by kind.

    Raises RecordError for a record that does not fit the contract; nothing is written then.
    """
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as body:
        for record in iter_records(store, options):
            line = dump_line(record)
            counts[record["kind"]] += 1
            digest.update(line)
            body.write(line)
        manifest = make_manifest(store, options, counts=dict(sorted(counts.items())), sha256=digest.hexdigest())
        body.seek(0)
        with written_whole(out) as file:
            file.write(dump_line(manifest))
            shutil.copyfileobj(body, file)
    return dict(counts)


def dump_line(record: dict[str, Any]) -> bytes:
    """One line, once it fits the contract."""
    try:
        LINE.validate_python(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise RecordError(
            f"{record.get('kind')} {record.get('id')}: {'.'.join(map(str, first['loc']))} = {first['input']!r}: "
            f"{first['msg']}; run: dossier doctor"
        ) from error
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
