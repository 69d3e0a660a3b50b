"""The command line. `dossier --help` loads no command: the table below holds their first lines."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from dossier import __version__
from dossier.errors import DossierError

# verb -> the first line of its help; the command is `<verb>_command` in `dossier.cli.<verb>`, as Python can name it
COMMANDS = {
    "init": "Make a workspace, or add what is missing to one.",
    "run": "Ingest, extract and export in one go.",
    "ingest": "Read reports into documents.",
    "extract": "Propose mentions, names and relations for every document.",
    "status": "Say what is in the workspace and how it stands.",
    "show": "Print one report with what was found, or draw a page.",
    "review": "Open the review page: accept, correct and add.",
    "export": "Write the curated records.",
    "import": "Take over the decisions of another copy of a workspace.",
    "agreement": "Measure how far reviewers agree.",
    "forget": "Remove a document and everything made of it.",
    "train": "Train a model from what was reviewed.",
    "models": "List, check, activate and roll back models.",
    "verify": "Check that an export leads back to its sources.",
    "verify-log": "Check that no decision was altered, dropped or moved.",
    "evaluate": "Compare models on marked texts.",
    "schema": "Print the JSON Schema of the export.",
    "doccano": "Review in a doccano: send documents, fetch what people did.",
    "doctor": "Check a workspace and say what is wrong.",
}
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group that loads a command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_") + "_" * iskeyword(name)
        command: click.Command = getattr(import_module(f"dossier.cli.{module}"), f"{module.rstrip('_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}; there are: {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dossier")
def cli() -> None:
    """Turn a folder of open reports into curated, cited records.

    \b
    Example: dossier init desk && cp reports/* desk/corpus/ && dossier run --workspace desk
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run a command; a DossierError becomes its message and exit code 1."""
    try:
        code = cli.main(args=arguments, prog_name="dossier", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except DossierError as error:
        click.echo(f"dossier: {error}", err=True)
        sys.exit(1)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("dossier: stopped; what was acknowledged is kept, and the next call goes on from here", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has left
        sys.stderr.close()
        sys.exit(0)
