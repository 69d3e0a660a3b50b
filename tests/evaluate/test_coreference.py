"""Scores of grouping, computed by hand."""

from __future__ import annotations

import itertools

import pytest

from dossier.evaluate.coreference import b_cubed, best_match, ceaf, clusters, conll, muc, name_pairs, score_pairs


def sets(*words):
    return [frozenset(word) for word in words]


GOLD, FOUND = sets("abc", "de"), sets("ab", "cde")


def test_muc_counts_the_links_that_are_kept():
    # recall: abc is cut in two (1 of 2 links), de whole (1 of 1): 2/3; precision the same the other way round
    assert muc(GOLD, FOUND) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_b_cubed_averages_the_shares_of_mentions():
    # recall: a 2/3, b 2/3, c 1/3, d 1, e 1; precision: a 1, b 1, c 1/3, d 2/3, e 2/3
    assert b_cubed(GOLD, FOUND) == pytest.approx((11 / 15, 11 / 15, 11 / 15))


def test_ceaf_matches_each_cluster_once():
    # abc with ab: 2*2/5 = .8; de with cde: 2*2/5 = .8
    assert ceaf(GOLD, FOUND) == pytest.approx((0.8, 0.8, 0.8))


def test_a_mention_that_was_not_found_counts_against_recall():
    assert b_cubed(sets("ab"), sets("a"))[:2] == pytest.approx((1.0, 0.25))
    assert muc(sets("ab"), sets("a")) == (0.0, 0.0, 0.0)


def test_everything_in_one_cluster_is_imprecise():
    one = sets("abcde")

    assert muc(GOLD, one)[:2] == pytest.approx((3 / 4, 1.0))
    assert b_cubed(GOLD, one)[:2] == pytest.approx(((3 * 3 / 5 + 2 * 2 / 5) / 5, 1.0))


def test_the_same_clusters_score_one():
    assert conll(GOLD, GOLD) == pytest.approx(1.0)


def test_nothing_found_scores_nothing():
    assert conll(GOLD, []) == 0.0


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_the_best_match_is_that_of_all_permutations(shape):
    rows, columns = shape
    worth = [[((7 * row + 5 * column * column + 3) % 11) / 10 for column in range(columns)] for row in range(rows)]
    wide = worth if rows <= columns else [list(line) for line in zip(*worth, strict=True)]
    best = max(
        sum(wide[row][column] for row, column in enumerate(chosen))
        for chosen in itertools.permutations(range(len(wide[0])), len(wide))
    )

    assert best_match(worth) == pytest.approx(best)


def test_pairs_of_names_are_folded():
    gold = name_pairs({1: [("ORG", "Red Karst Front"), ("ORG", "RKF"), ("ORG", "the Red Karst Front")]})
    found = name_pairs({9: [("ORG", "RKF"), ("ORG", "Red Karst Front"), ("ORG", "Karst")]})

    assert len(gold) == 1
    assert score_pairs(gold, found)[:2] == pytest.approx((1 / 3, 1.0))


def test_clusters_are_made_of_keys():
    assert sorted(map(sorted, clusters([(1, "x"), (2, "y"), (3, "x")]))) == [[1, 3], [2]]
