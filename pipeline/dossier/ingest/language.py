"""The language a report is written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dossier.records import Block, Warned

READ = "en"  # the language that the shipped model reads
ENOUGH = 40  # letters; with fewer, names decide
WORDS = 6  # different ones; one word over and over is no language
SURE = 0.5  # of 1; the reports seen have .9 and more, lists of names under .4
# words of English that the languages written in the same letters hardly share
SMALL_WORDS = frozenset(
    ("the and of to that with was were for by from which has had have been his their its this at").split()
)
PLAIN_WORDS = 60  # running words; with fewer the identifier is asked
PLAIN_SHARE = 0.12  # of the words; 16 English reports have .14 to .28, notes and lists included, a Spanish one .00
SAMPLE = 20_000  # characters; more did not change a ruling on the sample reports


def find_language(text: str, blocks: Sequence[Block]) -> str | None:
    """The ISO 639-1 code of the running text (its notes left out), or None where there is too little to tell."""
    sample: list[str] = []
    size = 0
    for block in blocks:
        if block.kind in ("paragraph", "list_item", "quote", "row") and size < SAMPLE:
            sample.append(text[block.start : min(block.end, block.start + SAMPLE)])
            size += len(sample[-1])
    words = " ".join(sample)[:SAMPLE]
    different = set(re.findall(r"[^\W\d_]+", words))
    # Chinese and Japanese put no space between words, so there the characters are counted.
    if len(re.findall(r"[^\W\d_]", words)) < ENOUGH or (len(different) < WORDS and len(set(words)) < ENOUGH / 2):
        return None
    if _is_plain_english(words):
        return "en"
    language, sure = _identifier().classify(words)
    return str(language) if sure >= SURE else None


def _is_plain_english(words: str) -> bool:
    """Whether small English words make up so much of a text that no other language comes into question.

    It spares most reports the second that the identifier takes to load.
    """
    found = re.findall(r"[^\W\d_]+", words.lower())
    return len(found) >= PLAIN_WORDS and sum(word in SMALL_WORDS for word in found) >= PLAIN_SHARE * len(found)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """py3langid's model, held to the languages that have an ISO 639-1 code. Loads in 1 s and 100 MB, once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier


def warn_of_language(language: str | None) -> list[Warned]:
    if language in (None, READ):
        return []
    words = (
        f"language: the report reads as {language!r}; it is kept, not extracted: the model reads {READ!r}; "
        f'if that is wrong, write language = "{READ}" in its NAME.meta.toml'
    )
    return [Warned("language_other", words)]
