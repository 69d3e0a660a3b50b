from __future__ import annotations

from dossier.components.tagger import load_tagger
from dossier.train.tagger import accuracy, as_bytes, read_conllu, train

TREES = """\
# sent_id = 1
1\tRebels\trebel\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tattacked\tattack\tVERB\tVBD\t_\t0\troot\t_\t_
3-4\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
3\tOslo\tOslo\tPROPN\tNNP\t_\t2\tobj\t_\t_
4\t!\t!\tPUNCT\t.\t_\t2\tpunct\t_\t_

1\tSoldiers\tsoldier\tNOUN\tNNS\t_\t2\tnsubj\t_\t_
2\tshot\tshoot\tVERB\tVBD\t_\t0\troot\t_\t_
3\twho\twho\tPRON\tWP\t_\t2\tobj\t_\t_
"""


def sentences():
    return list(read_conllu(TREES.splitlines(keepends=True)))


def test_trees_become_words_with_thinned_tags():
    assert sentences() == [
        (["rebels", "attacked", "oslo", "!"], ["NNS", "VBD", "NN", "P"]),
        (["soldiers", "shot", "who"], ["NNS", "VBD", "W"]),
    ]


def test_what_was_seen_is_learned_and_comes_back_from_the_file(tmp_path):
    tagger = train(sentences() * 10, rounds=3)
    (tmp_path / "tags.json.gz").write_bytes(as_bytes(tagger))

    assert accuracy(tagger, sentences()) == 1.0
    assert accuracy(load_tagger(tmp_path / "tags.json.gz"), sentences()) == 1.0


def test_the_same_trees_give_the_same_bytes():
    assert as_bytes(train(sentences(), rounds=2)) == as_bytes(train(sentences(), rounds=2))
