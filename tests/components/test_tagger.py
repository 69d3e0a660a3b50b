from __future__ import annotations

import gzip

import pytest

from dossier.components.tagger import FILE, Tagger, load_tagger
from dossier.errors import ConfigError
from dossier.resources import shipped


@pytest.fixture(scope="module")
def tagger():
    return load_tagger(shipped("configs") / FILE)


def test_the_shipped_tagger_reads_a_plain_sentence_blind_to_case(tagger):
    words = "The men who attacked the old bus were arrested in Oslo .".split()
    tags = ["DT", "NNS", "W", "VBD", "DT", "JJ", "NN", "VBD", "VBN", "IN", "NN", "P"]

    assert tagger.tag(words) == tags
    assert tagger.tag([word.upper() for word in words]) == tags


def test_a_tag_that_is_known_is_kept_and_speaks_for_the_next(tagger):
    assert tagger.tag(["Will", "attacked"], ["NN", None])[0] == "NN"


def test_an_unknown_word_is_of_no_closed_class():
    tagger = Tagger(("IN", "NN"), {"b": ((0, 5),)}, {})

    assert tagger.tag(["overran"]) == ["NN"]


def test_weights_that_do_not_read_are_named(tmp_path):
    path = tmp_path / "tags.json.gz"
    path.write_bytes(gzip.compress(b'{"tags": []}'))

    with pytest.raises(ConfigError, match="does not read as the weights of a tagger"):
        load_tagger(path)
