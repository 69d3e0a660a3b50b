"""The tokenizer: spaCy's English one, and the splits that reports need.

`PKKaligned` -> `PKK aligned` (a line-end hyphen was lost), `Sahel.[7]` -> `Sahel . [ 7 ]`, `Mali—Niger`, `name(s)`.
It only splits, so the text of a `Doc` is the text it was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from spacy.util import registry

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

INFIXES = (
    r"[\[\](){}“”«»\"]",  # brackets and quotes, also note markers
    r"[.!?,;:](?=\[)",  # the stop before a note marker
    r"(?<=[A-Z]{2})(?=[a-z]{3})",  # an acronym and a lower-case run; 3 letters, so that `IEDs` and `NGOs` stay whole
    r"[—―]",
    r"(?<![0-9])–|–(?![0-9])",
    r"(?<=\.)[-–/](?=\w)",  # U.S.-designated
    r"(?<=\w)/(?=\W)",  # leader/“emir”
    r"(?<=\w)/(?=[A-Za-z])",
)
SUFFIXES = (r"['’]s", r"['’]S", r"(?<=s)['’]", r"[—–-]")
PREFIXES = (r"[—–]", r"-(?=\D)")
_WORD_LIKE = re.compile(r"[\w.'’\-]+")
_LETTERS_ONLY_EMOTICONS = frozenset(
    ("8D", "XD", "XDD", "xD", "xDD", "V.V", "v.v", "o.o", "O.o", "o.O", "O.O", "0.0", "0.o")
)


@registry.tokenizers("dossier.Tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    return build


def build(nlp: Language) -> Tokenizer:
    """Build the tokenizer of a language; emoticons are no words here: `(1998-Present):` ends in a bracket and a colon."""
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    defaults = nlp.Defaults
    rules = {
        word: exception
        for word, exception in (defaults.tokenizer_exceptions or {}).items()
        if _WORD_LIKE.fullmatch(word) and word not in _LETTERS_ONLY_EMOTICONS
    }
    return Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=compile_prefix_regex((*PREFIXES, *(defaults.prefixes or ()))).search,
        suffix_search=compile_suffix_regex((*(defaults.suffixes or ()), *SUFFIXES)).search,
        infix_finditer=compile_infix_regex((*INFIXES, *(defaults.infixes or ()))).finditer,
        token_match=defaults.token_match,
        url_match=defaults.url_match,
    )
