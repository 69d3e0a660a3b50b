from __future__ import annotations

import click


@click.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the export.

    \b
    Example: dossier schema > curated.schema.json
    """
    import json

    from dossier.contract import json_schema

    click.echo(json.dumps(json_schema(), indent=2, sort_keys=True))
