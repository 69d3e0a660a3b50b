"""Every error of dossier.

DossierError            a user can act on it: one message, exit code 1
├── UsageError          a command was asked for something it cannot do
├── WorkspaceError      no workspace, a damaged one, or one that is in use
│   └── BusyError       another process is writing here
├── ConfigError         a file under configs/, or a NAME.meta.toml, does not read
├── RecordError         a record does not fit its schema
├── AlignmentError      offsets and words do not agree
├── ModelError          a model folder is damaged, not to be trusted, or below its floors
├── InputError          one input file cannot be read; the rest of the batch goes on
├── NormalFormError     words that have no normal form
│   ├── DateError
│   ├── QuantityError
│   └── PlaceError
└── VerifyError         an export does not lead back to its sources
"""

from __future__ import annotations


class DossierError(Exception):
    """The root: what is wrong, where, with the value, and what to do next."""


class UsageError(DossierError):
    """A command was asked for something it cannot do."""


class WorkspaceError(DossierError):
    """There is no workspace, or it is damaged."""


class BusyError(WorkspaceError):
    """Another process is writing in the workspace."""


class ConfigError(DossierError):
    """A configuration file does not read."""


class RecordError(DossierError):
    """A record does not fit its schema."""


class AlignmentError(DossierError):
    """Offsets and words do not agree."""


class ModelError(DossierError):
    """A model folder is damaged, not to be trusted, or below its floors."""


class InputError(DossierError):
    """One input file cannot be read.

    `code` is one of the codes in docs/quarantine.md; the message is the reason.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class NormalFormError(DossierError):
    """The words have no normal form."""


class DateError(NormalFormError):
    """The words are not a date that the grammar knows."""


class QuantityError(NormalFormError):
    """The words are not a quantity that the grammar knows."""


class PlaceError(NormalFormError):
    """The words name no place in the tables."""


class VerifyError(DossierError):
    """An export does not lead back to its sources."""


class RemoteError(DossierError):
    """A server of another program refuses, is gone, or does not answer as it should."""
