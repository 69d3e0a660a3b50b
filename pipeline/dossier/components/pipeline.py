"""From a `Document` to its proposals: the spaCy pipeline over its chunks, then what only the whole document tells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dossier.components.base import prepare
from dossier.components.chunks import Chunk, cut
from dossier.components.conflicts import find_conflicts
from dossier.components.entities import Group, group
from dossier.components.events_output import EventWriter
from dossier.components.lexicon import lexicon_of
from dossier.components.mentions import Names, names_in, outside_notes, resolve, spread
from dossier.components.output import Writer
from dossier.components.view import View, view_of
from dossier.errors import ConfigError
from dossier.records import Absence, Anaphor, Document, Extraction, Found, Happening, Link, Span, Warned
from dossier.resources import configs_folders

if TYPE_CHECKING:
    from confection import Config
    from spacy.language import Language
    from spacy.tokens import Doc

CONFIG = "extract.cfg"
LANGUAGES = ("en",)
BY = "document"  # what only the whole document tells
# the modules that register what extract.cfg names; entry points name the same ones
REGISTERING = (
    "tokenizer", "sentences", "gazetteer", "dates", "quantities", "weapons", "places", "names", "aliases", "rows", "mentions",
    "known_as", "anaphors", "relations", "events",
)  # fmt: skip


def load_pipeline(config: Path | None = None, overlay: Path | None = None, model: Path | None = None) -> Language:
    """Load the pipeline of `extract.cfg`, with the lists and tables of a workspace's configs folder added.

    model: the checked folder of a trained model, which joins the rules; None for the rules alone.
    config: another config than the shipped one; overlay: a configs folder, whose own `extract.cfg`, if it has one,
    replaces settings of ours by name. Raises ConfigError with the file and the fault.
    """
    from spacy.util import load_model_from_config

    for name in REGISTERING:
        import_module(f"dossier.components.{name}")
    folders = configs_folders(overlay)
    path = config or folders[0] / CONFIG
    try:
        settings = _settings(path)
        if overlay is not None and (overlay / CONFIG).is_file():
            path = overlay / CONFIG
            settings = settings.merge(_settings(path))
        _check_settings(settings, path)
        settings.setdefault("paths", {})["folders"] = [str(folder) for folder in folders]
        nlp = load_model_from_config(settings, auto_fill=True, validate=True)
    except (ValueError, KeyError, OSError, ImportError) as error:
        raise ConfigError(f"{path} does not make a pipeline: {str(error).strip()}; mend the file") from error
    check_labels(folders)
    if model is not None:
        _add_model(nlp, model)
    nlp.max_length = 10**7  # chunks keep texts short; a caller's own text may be longer than spaCy's million
    return nlp


def _add_model(nlp: Language, model: Path) -> None:
    for name in ("encoder", "join"):
        import_module(f"dossier.components.{name}")
    # what reads mentions comes after them
    nlp.add_pipe("dossier_encoder", name="encoder", config={"model": str(model)}, after="mentions")
    nlp.add_pipe(
        "dossier_join", name="join", config={"folders": list(_folders(nlp)), "model": "encoder"}, after="encoder"
    )
    for name in nlp.pipe_names:  # those of relations weigh what the encoder says
        if nlp.get_pipe_meta(name).factory == "dossier_relations":
            least = nlp.get_pipe_config(name)["least"]
            config = {"folders": list(_folders(nlp)), "least": least, "model": str(model)}
            nlp.replace_pipe(name, "dossier_relations", config=config)


def _settings(path: Path) -> Config:
    """Read a config; the sections that others stand in, such as `[components]`, need not be written."""
    from confection import Config

    text = path.read_text(encoding="utf-8")
    written = re.findall(r"^\s*\[([^\[\]]+)\]\s*$", text, re.MULTILINE)
    outer = {".".join(name.split(".")[:depth]) for name in written for depth in range(1, name.count(".") + 1)}
    missing = "".join(f"[{name}]\n" for name in sorted(outer - set(written)))
    return Config().from_str(missing + text, interpolate=False)


def _check_settings(settings: Config, path: Path) -> None:
    """Raise ConfigError for a setting that nothing reads, and for a component that no factory makes."""
    from spacy.language import Language

    for name, wanted in settings.get("components", {}).items():
        if not Language.has_factory(wanted.get("factory", "")):
            ours = ", ".join(f"dossier_{module}" for module in REGISTERING[1:])
            raise ConfigError(
                f"{path}: [components.{name}] has the factory {wanted.get('factory')!r}; name a component of ours, "
                f"or give one of {ours}"
            )
        if wanted["factory"].startswith("dossier"):
            defaults = Language.get_factory_meta(wanted["factory"]).default_config
            _check_names(f"components.{name}", wanted, {"factory", *(defaults or {})}, path)
    _check_names("nlp", settings.get("nlp", {}), set(Language.default_config["nlp"]), path)


def _check_names(section: str, wanted: Iterable[str], known: set[str], path: Path) -> None:
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise ConfigError(f"{path}: [{section}] has no setting {unknown[0]!r}; it knows {', '.join(sorted(known))}")


def check_labels(folders: Sequence[Path]) -> None:
    """Raise ConfigError for a row of a `names.tsv` whose label is none of the schema."""
    from dossier.components.gazetteer import FOLDER
    from dossier.normalize.gazetteer import read_tables
    from dossier.schema import load_schema

    labels = load_schema(folders).labels
    for row in read_tables([folder / FOLDER for folder in folders], ("names.tsv",)):
        if row["label"] not in labels:
            raise row.error("label", f"use one of {', '.join(labels)}, or add it to schema.toml")


def extract_document(nlp: Language, document: Document) -> Extraction:
    """Propose mentions, entities, relations, events and absences for one document. Pure: the same document, the same answer."""
    if document.language is not None and document.language not in LANGUAGES:
        message = f"the text is in {document.language!r}; rules are for {', '.join(LANGUAGES)}: nothing was proposed"
        return Extraction(document.id, warnings=[Warned("language_other", message)])
    parts = [_read(nlp, document.text, chunk) for chunk in cut(document)]
    folders = _folders(nlp)
    mentions = _mentions(parts, folders)
    links = list(_placed([link for part in parts for link in part.links], mentions))
    titles = [Span(block.start, block.end) for block in document.blocks if block.kind == "title"]
    groups = group(document.text, mentions, links, _main_names(folders), titles, lexicon_of(folders).is_head)
    _share_norms(groups)
    absences = [absence for part in parts for absence in part.absences]
    writer = Writer(document)
    extraction = writer.write(mentions, groups, links, absences)
    anaphors = [one for part in parts for one in part.anaphors]
    happenings = [one for part in parts for one in part.happenings]
    events = EventWriter(writer, mentions, anaphors, folders).write(happenings)
    extraction.events = [record for record, _ in events]
    extraction.conflicts = find_conflicts(extraction, events, writer)
    return extraction


class _Part:
    """What one chunk gave, in characters of the document."""

    def __init__(self, at: int, view: View, doc: Doc) -> None:
        self.at, self.view = at, view
        found: list[Found] = doc._.found
        links: list[Link] = doc._.links
        absences: list[Absence] = doc._.absences
        self.found, self.links, self.absences = found, links, absences
        self.happenings: list[Happening] = doc._.happenings
        self.anaphors: list[Anaphor] = doc._.anaphors
        if at:
            self.found = [replace(one, start=one.start + at, end=one.end + at) for one in found]
            self.links = [_moved(link, at) for link in links]
            self.absences = [replace(one, evidence=_shift(one.evidence, at)) for one in absences]
            self.happenings = [_told_at(one, at) for one in self.happenings]
            self.anaphors = [
                replace(one, start=one.start + at, end=one.end + at, mention=_shift(one.mention, at))
                for one in self.anaphors
            ]


def _read(nlp: Language, text: str, chunk: Chunk) -> _Part:
    doc = prepare(nlp.make_doc(text[chunk.start : chunk.end]), chunk.frame)
    doc = nlp(doc)
    return _Part(chunk.start, view_of(doc), doc)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _moved(link: Link, by: int) -> Link:
    return replace(
        link, subject=_shift(link.subject, by), object=_shift(link.object, by), evidence=_shift(link.evidence, by)
    )


def _told_at(one: Happening, by: int) -> Happening:
    roles = {role: [_shift(span, by) for span in spans] for role, spans in one.roles.items()}
    holder = _shift(one.holder, by) if one.holder else None
    trigger, evidence = _shift(one.trigger, by), _shift(one.evidence, by)
    return replace(one, trigger=trigger, evidence=evidence, roles=roles, holder=holder)


def _mentions(parts: Sequence[_Part], folders: tuple[str, ...]) -> list[Found]:
    """The mentions of all chunks; names that one chunk found are marked in the others."""
    if len(parts) < 2:
        return [one for part in parts for one in part.found]
    local = [[replace(one, start=one.start - part.at, end=one.end - part.at) for one in part.found] for part in parts]
    lexicon = lexicon_of(folders)
    names: Names = {}
    for part, found in zip(parts, local, strict=True):
        for words, value in names_in(part.view, found, lexicon).items():
            if value[1] > names.get(words, ("", 0.0))[1]:
                names[words] = value
    mentions: list[Found] = []
    for part, found in zip(parts, local, strict=True):
        spread_out = outside_notes(part.view, spread(part.view, names, found, lexicon, BY))
        mentions += [replace(one, start=one.start + part.at, end=one.end + part.at) for one in resolve(spread_out)]
    return mentions


def _share_norms(groups: Iterable[Group]) -> None:
    """Give a place without a normal form (`CAR`) that of its other names."""
    for one in groups:
        if one.label == "PLACE":
            norm = next((mention.norm for mention in one.mentions if mention.norm), None)
            for mention in one.mentions:
                mention.norm = mention.norm or norm


def _placed(links: Iterable[Link], mentions: Sequence[Found]) -> Iterable[Link]:
    """Links whose ends are final mentions; an end inside a longer mention of the same place moves to it."""
    starts = [one.start for one in mentions]

    def final(span: Span) -> Span | None:
        at = bisect_right(starts, span.start) - 1
        one = mentions[at] if at >= 0 else None
        return Span(one.start, one.end) if one and one.end >= span.end else None

    for link in links:
        subject, object_ = final(link.subject), final(link.object)
        if subject and object_ and subject != object_:
            yield replace(link, subject=subject, object=object_)


def _folders(nlp: Language) -> tuple[str, ...]:
    return tuple(nlp.config["paths"]["folders"])


@lru_cache(maxsize=2)
def _main_names(folders: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The main name of each written form in the gazetteer, by label and form."""
    from dossier.components.gazetteer import entries

    names: dict[tuple[str, str], str] = {}
    for entry in entries(folders):
        if entry.label != "NORP":
            names.setdefault((entry.label, entry.name), entry.entity_name)
    return names
