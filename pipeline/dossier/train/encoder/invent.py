"""Invented names and sentences, so that a model leans on the sentence and not on names it has seen."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from typing import Any

from dossier.resources import shipped
from dossier.train.encoder.data import LABELS, Marked

_SLOT = re.compile(r"\{([a-z]+)(\d?)\}")
_INNER = re.compile(r"\{(\w+)\}")
_SMALL = frozenset("of the for and in de la al wal".split())
_MONTHS = "January February March April May June July August September October November December".split()
_UNITS = (
    "fighters",
    "members",
    "civilians",
    "soldiers",
    "supporters",
    "hostages",
    "policemen",
    "militants",
    "recruits",
)
_COUNTS = (
    "two",
    "three",
    "seven",
    "a dozen",
    "dozens of",
    "hundreds of",
    "several hundred",
    "some 400",
    "about 1,500",
    "over 200",
)


@cache
def _names() -> dict[str, Any]:
    return tomllib.loads((shipped("configs") / "train_names.toml").read_text(encoding="utf-8"))


@cache
def _column(file: str, column: str) -> list[str]:
    head, *lines = (shipped("configs") / "gazetteer" / file).read_text(encoding="utf-8").splitlines()
    at = head.lstrip("# ").split("\t").index(column)
    values = [line.split("\t")[at] for line in lines if line.count("\t") >= at]
    return [v for value in values for v in value.split("|") if v]


class Inventor:
    """Makes names of one region; the same random numbers make the same names."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.region = rng.choice(_names()["region"])

    def person(self) -> str:
        return f"{self.given()} {self.family()}"

    def given(self) -> str:
        return str(self.rng.choice(self.region["given"]))

    def family(self) -> str:
        return str(self.rng.choice(self.region["family"]))

    def nom(self) -> str:
        if self.region["nom"] and self.rng.random() < 0.8:
            name = str(self.rng.choice(self.region["nom"]))
            return f"{name} {self.rng.choice(self.region['nisba'])}" if self.region["nisba"] else name
        return self.person()

    def place(self) -> str:
        files = ("countries.tsv", "countries.tsv", "provinces.tsv", "regions.tsv")
        name = self.rng.choice(_column(self.rng.choice(files), "name"))
        if self.rng.random() < 0.25:
            name = self.rng.choice(_column("countries.tsv", "capital"))
        if self.rng.random() < 0.08:
            name = f"{self.rng.choice(['Northern', 'Southern', 'Eastern', 'Western', 'Central'])} {name}"
        return str(name.removeprefix("the "))

    def norp(self) -> str:
        if self.rng.random() < 0.7:
            return self.rng.choice(_column("countries.tsv", "demonyms"))
        return self.rng.choice(_column("peoples.tsv", "name"))

    def org(self) -> str:
        if self.rng.random() < 0.12:
            return self.rng.choice(_column("organisations.tsv", "name"))
        org = _names()["org"]
        template = self.rng.choice(self.region["org"] if self.rng.random() < 0.5 else org["templates"])

        def fill(found: re.Match[str]) -> str:
            slot = found[1]
            if slot == "p":
                return self.place()
            if slot == "w" or (slot in {"w2", "w3"} and "West" not in self.region["name"]):
                return str(self.rng.choice(self.region["words"]))
            return str(self.rng.choice(org[{"v2": "v", "w2": "v", "w3": "v"}.get(slot, slot)]))

        return _INNER.sub(fill, template)

    def weapon(self) -> str:
        return str(self.rng.choice(_names()["weapon"]["names"]))

    def date(self) -> str:
        rng = self.rng
        year, month = rng.randint(1965, 2023), rng.choice(_MONTHS)
        forms = (
            f"{year}", f"{year}", f"{month} {year}", f"{month} {rng.randint(1, 28)}, {year}",
            f"{rng.randint(1, 28)} {month} {year}",
            f"{rng.choice(['early', 'mid', 'late'])}-{year}", f"{rng.choice(['early', 'late'])} {year}", f"{year}-{year + 2}",
            f"the {rng.choice(['', 'early ', 'late '])}{year // 10 * 10}s",
        )  # fmt: skip
        return rng.choice(forms)

    def people(self) -> str:
        forms = (
            f"{self.rng.choice(_COUNTS)} {self.rng.choice(_UNITS)}",
            f"{self.rng.randint(2, 90) * 50:,} {self.rng.choice(_UNITS)}",
            f"{self.rng.randint(3, 9) * 100}-{self.rng.randint(10, 20) * 100} {self.rng.choice(_UNITS)}",
            f"{self.rng.randint(2, 60)} {self.norp()} {self.rng.choice(_UNITS)}",
        )
        return self.rng.choice(forms)

    def toll(self) -> str:
        return f"{self.rng.randint(2, 90)}{self.rng.choice(['', '+'])} {self.rng.choice(['killed', 'wounded', 'dead', 'killed'])}"

    def money(self) -> str:
        amount = self.rng.randint(1, 90)
        return self.rng.choice(
            (f"${amount} million", f"€{amount} million", f"${amount * 1000:,}", "millions of dollars")
        )

    def arms(self) -> str:
        return f"{self.rng.randint(2, 300)} {self.weapon()}"

    def acr(self, name: str) -> str:
        letters = "".join(word[0] for word in re.split(r"[\s-]", name) if word and word[0].isupper())
        if 2 < len(letters) < 7:
            return letters.upper()
        return "".join(self.rng.choices("ABCDEFGHIJKLMNOPRSTUV", k=self.rng.randint(3, 5)))


_LABEL = {
    **dict.fromkeys(("org", "acr"), "ORG"),
    **dict.fromkeys(("person", "nom"), "PERSON"),
    **dict.fromkeys(("people", "toll", "money", "arms"), "QUANTITY"),
    "place": "PLACE",
    "date": "DATE",
    "norp": "NORP",
    "weapon": "WEAPON",
}


@cache
def _sentences() -> list[str]:
    lines = (shipped("configs") / "train_sentences.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def make_texts(rng: random.Random, count: int) -> list[Marked]:
    """Paragraphs of invented sentences about one small cast, marked in full."""
    return [_make_text(rng, number) for number in range(count)]


def _make_text(rng: random.Random, number: int) -> Marked:
    inventor = Inventor(rng)
    cast: dict[str, str] = {}
    text = ""
    spans: list[tuple[int, int, str]] = []
    for sentence in rng.sample(_sentences(), rng.randint(2, 6)):
        at = 0
        for slot in _SLOT.finditer(sentence):
            text += sentence[at : slot.start()]
            words = _fill(inventor, cast, slot[1], slot[2])
            spans.append((len(text), len(text) + len(words), _LABEL[slot[1]]))
            text += words
            at = slot.end()
        text += sentence[at:] + (rng.choice(["[3]", "[12] "]) if rng.random() < 0.15 else "") + " "
    return Marked(f"invented-{number}", text.rstrip(), tuple(spans), frozenset(LABELS), source="invented")


def _fill(inventor: Inventor, cast: dict[str, str], kind: str, number: str) -> str:
    if not number:
        return str(getattr(inventor, kind)())
    name = kind + number
    if name not in cast:
        if kind == "acr":
            cast[name] = inventor.acr(_fill(inventor, cast, "org", number))
        else:
            cast[name] = str(getattr(inventor, kind)())
    return cast[name]
