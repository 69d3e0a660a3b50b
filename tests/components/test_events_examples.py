"""Every word of `configs/events.toml` with its example."""

from __future__ import annotations

import pytest

from dossier.components.events_lexicon import load_events
from dossier.resources import configs_folders

LEXICON = load_events(configs_folders())
# so that the names of the examples are known
BEFORE = "Oskar Lindqvist was born in Narvik, Norway. The Karst Liberation Front has its seat there."


@pytest.mark.parametrize(("kind", "event", "word"), sorted(LEXICON.examples))
def test_the_word_tells_its_event(read, kind, event, word):
    doc = read(BEFORE, LEXICON.examples[kind, event, word])
    forms = {
        form for form, told in getattr(LEXICON, kind).items() for one in told if (one.type, one.word) == (event, word)
    }
    told = {
        (one.type, doc.text[slice(*one.trigger)].casefold().split()[0])
        for one in doc._.happenings
        if one.trigger.start > len(BEFORE)
    }

    assert any(kind == event and first.startswith(tuple(forms)) for kind, first in told), told
