"""The pair classifier: what it reads of a sentence, how it weighs it with the patterns, and its files."""

import json

import numpy as np
import pytest

from dossier.components.base import prepare
from dossier.components.encoder import Encoder
from dossier.components.pipeline import load_pipeline
from dossier.components.relations import Relations, sentences
from dossier.components.relations_net import FILE, HEADS, LOOKS, REACH, TAGS, Case, Network, read_network, write_network
from dossier.components.relations_pairs import NO_PAIRS, SIZE
from dossier.components.relations_weigh import Weigher, case_of, outputs_of, topics_of
from dossier.components.sentences import Sentences
from dossier.components.view import view_of
from dossier.records import Block, Found
from dossier.resources import configs_folders, shipped

MODEL = shipped("models") / "minilm-1"
STATES, WIDTH, HIDDEN = 12, 8, 6
TEXT = "Ivo Marek led the Red Front in Peru. The fighters left for Chile in 2003."
MARKS = [("Ivo Marek", "PERSON"), ("Red Front", "ORG"), ("Peru", "PLACE"), ("Chile", "PLACE"), ("2003", "DATE")]


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline()


@pytest.fixture(scope="module")
def book(nlp):
    return nlp.get_pipe("relations").book


def read(nlp, text=TEXT, marks=MARKS, frame=None):
    doc = Sentences()(prepare(nlp.make_doc(text), frame))
    doc._.found = [
        Found(text.index(words), text.index(words) + len(words), label, 1.0, "test") for words, label in marks
    ]
    return doc


def network(outputs, seed=0, *, still=False):
    """A network with weights drawn at random; `still`: all scores 0 but for what patterns add."""
    rng = np.random.default_rng(seed)

    def drawn(*shape):
        return (rng.normal(size=shape) * (0 if still else 0.3)).astype(np.float32)

    sizes = {
        "reduce": (STATES, WIDTH), "attention": (WIDTH, 3 * WIDTH), "out": (WIDTH, WIDTH), "up": (WIDTH, 2 * WIDTH),
        "down": (2 * WIDTH, WIDTH), "ask": (2 * WIDTH, LOOKS * WIDTH // HEADS), "answer": (WIDTH, LOOKS * WIDTH // HEADS),
        "join": ((4 + LOOKS) * WIDTH, HIDDEN), "score": (HIDDEN, len(outputs)),
    }  # fmt: skip
    weights = {f"{name}.weight": drawn(*size) for name, size in sizes.items()}
    weights |= {f"{name}.bias": drawn(size[1]) for name, size in sizes.items()}
    weights |= {f"norm{n}.weight": np.ones(WIDTH, np.float32) for n in range(3)}
    weights |= {f"norm{n}.bias": np.zeros(WIDTH, np.float32) for n in range(3)}
    weights |= {"tags": drawn(TAGS, WIDTH), "near": drawn(2 * REACH + 1, HEADS), "hashed": drawn(SIZE, HIDDEN)}
    weights |= {"fired": np.full(len(outputs), 3, np.float32), "odds": np.ones(len(outputs), np.float32)}
    weights["score.bias"] = weights["score.bias"] - np.float32(4)
    return Network(tuple(outputs), 4, 1.0, 0.0, weights)


def cases_of(nlp, book, doc):
    weigher = Weigher.of(book, None)
    view = view_of(doc)
    states = np.random.default_rng(1).normal(size=(len(view), STATES)).astype(np.float32)
    made = []
    for sentence in sentences(view, doc._.found, []):
        topics = topics_of(view, sentence)
        tokens = weigher.tokens(view, sentence)
        pairs = weigher.pairs(view, sentence, tokens, topics)
        matches = weigher.matches(view, sentence, tokens)
        outputs = outputs_of(book.signatures)
        case = case_of(states, sentence, topics, pairs, matches, outputs, book.signatures)
        made.append((sentence, topics, pairs.every, case))
    return view, states, made


def test_a_sentence_is_read_with_its_pairs_and_those_it_does_not_name(nlp, book):
    _, _, [(_, _, pairs, _), (_, topics, later, case)] = cases_of(nlp, book, read(nlp))
    words = {(TEXT[slice(*p.first.span)], TEXT[slice(*p.second.span)]) for p in pairs}
    assert ("Ivo Marek", "Red Front") in words
    assert [TEXT[slice(*topic.item.span)] for topic in topics] == ["Ivo Marek", "Red Front"]
    assert ("Red Front", "Chile") in {(TEXT[slice(*p.first.span)], TEXT[slice(*p.second.span)]) for p in later}
    number = next(n for n, p in enumerate(later) if TEXT[slice(*p.first.span)] == "Red Front")
    assert case.spans[number].tolist()[:2] == [1, 2]  # its row stands before those of the words
    assert case.spans[number][4] == 2


def test_no_topic_comes_from_another_block(nlp, book):
    from dossier.components.base import Frame

    cut = TEXT.index("The")
    frame = Frame(blocks=[Block("paragraph", 0, cut - 1), Block("paragraph", cut, len(TEXT))], headings=["", ""])
    _, _, made = cases_of(nlp, book, read(nlp, frame=frame))
    assert [topics for _, topics, _, _ in made] == [[], []]


def test_a_bracket_is_read_with_the_mention_before_it(nlp, book):
    text = "The Valley Six (Peru, Chile, and Bolivia) met the Red Front (RF) in Lima."
    marks = [(words, "PLACE") for words in ("Peru", "Chile", "Bolivia", "Lima")]
    marks += [(words, "ORG") for words in ("Valley Six", "Red Front", "RF")]
    doc = read(nlp, text, sorted(marks, key=lambda mark: text.index(mark[0])))
    _, _, [(_, _, pairs, _)] = cases_of(nlp, book, doc)
    joined = {(text[slice(*p.first.span)], text[slice(*p.second.span)]) for p in pairs}
    assert {("Valley Six", "Peru"), ("Valley Six", "Bolivia"), ("Valley Six", "Lima")} <= joined
    assert not {("Red Front", "RF"), ("Peru", "Red Front")} & joined  # a bracket with one name is another name
    view = view_of(doc)
    weigher = Weigher.of(book, None)
    [sentence] = sentences(view, doc._.found, [])
    found = weigher.matches(view, sentence, weigher.tokens(view, sentence))
    members = {text[slice(*m.subject.span)] for m in found if m.pattern.type == "part_of"}
    assert members == {"Peru", "Chile", "Bolivia"}


def test_a_pattern_that_fired_stands_at_its_pair_and_type(nlp, book):
    _, _, [(_, _, pairs, case), _] = cases_of(nlp, book, read(nlp))
    outputs = outputs_of(book.signatures)
    n = next(n for n, p in enumerate(pairs) if TEXT[slice(*p.second.span)] == "Red Front")
    assert case.fired[n, outputs.index(("leads", 0))] > 0.5
    assert case.fired[n, outputs.index(("leads", 1))] == 0


def test_features_do_not_hang_on_names(nlp, book):
    other = TEXT.replace("Ivo Marek", "Ana Duarte").replace("Red Front", "Hill Band")
    marks = [("Ana Duarte", "PERSON"), ("Hill Band", "ORG"), *MARKS[2:]]
    _, _, one = cases_of(nlp, book, read(nlp))
    _, _, two = cases_of(nlp, book, read(nlp, other, marks))
    for (*_, case), (*_, again) in zip(one, two, strict=True):
        assert case.ids.tolist() == again.ids.tolist()
        assert case.bounds.tolist() == again.bounds.tolist()


def test_scores_do_not_hang_on_the_sentences_that_go_through_together(nlp, book):
    _, _, made = cases_of(nlp, book, read(nlp))
    net = network(outputs_of(book.signatures))
    cases = [case for *_, case in made]
    together = net.probabilities(cases)
    for case, sure in zip(cases, together, strict=True):
        np.testing.assert_allclose(net.probabilities([case])[0], sure, atol=1e-5)


def test_a_sentence_without_pairs_gives_none(book):
    outputs = outputs_of(book.signatures)
    empty = Case(
        np.zeros((3, STATES), np.float32),
        np.zeros(3, np.int64),
        np.zeros((0, 5), np.int64),
        NO_PAIRS.ids,
        NO_PAIRS.bounds,
        np.zeros((0, len(outputs)), np.float32),
    )
    assert network(outputs).probabilities([empty])[0].shape == (0, len(outputs))


def test_a_network_comes_back_from_its_files(tmp_path, nlp, book):
    outputs = outputs_of(book.signatures)
    net = network(outputs)
    write_network(tmp_path, net)
    again = read_network(tmp_path)
    assert again.outputs == net.outputs
    assert again.layer == 4
    cases = [case for *_, case in cases_of(nlp, book, read(nlp))[2]]
    for one, other in zip(net.probabilities(cases), again.probabilities(cases), strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)  # a byte for a weight of the table


def test_files_that_do_not_fit_each_other_are_refused(tmp_path, book):
    write_network(tmp_path, network(outputs_of(book.signatures)))
    config = json.loads((tmp_path / "relations.json").read_text())
    config["outputs"] = config["outputs"][:3]
    (tmp_path / "relations.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=FILE):
        read_network(tmp_path)


def test_a_pattern_alone_gives_its_relation_and_the_network_its_confidence(nlp, book):
    doc = read(nlp)
    view, states, _ = cases_of(nlp, book, doc)
    weigher = Weigher.of(book, None)
    some = list(sentences(view, doc._.found, []))
    alone = [
        (m.pattern.type, m.subject.span, m.object.span) for found in weigher.weigh(view, None, some, 0.5) for m in found
    ]
    weighed = Weigher(book, network(outputs_of(book.signatures), still=True), weigher.featurizer)
    found = [m for each in weighed.weigh(view, states, some, 0.5) for m in each]
    assert [(m.pattern.type, m.subject.span, m.object.span) for m in found] == alone
    leads = next(m for m in found if m.pattern.type == "leads")
    assert 0.3 < leads.sure < 0.9


def test_the_shipped_model_has_a_classifier_of_its_own_layer():
    encoder = Encoder(folder=MODEL)
    net = read_network(MODEL)
    assert encoder.middle == net.layer
    assert (MODEL / FILE).stat().st_size < 2_000_000


def test_the_middle_layer_changes_nothing_of_the_last(nlp):
    with_middle, without = Encoder(folder=MODEL), Encoder(folder=MODEL)
    without.middle = None
    docs = [one(prepare(nlp.make_doc(TEXT))) for one in (with_middle, without)]
    np.testing.assert_array_equal(docs[0].tensor, docs[1].tensor)
    assert docs[0]._.middle.shape == docs[0].tensor.shape
    assert docs[1]._.middle is None
    assert np.abs(docs[0]._.middle - docs[0].tensor).max() > 0.1


def test_without_a_model_patterns_alone_are_asked():
    relations = Relations(folders=[str(folder) for folder in configs_folders()])
    assert relations.weigher.network is None
