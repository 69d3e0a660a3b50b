"""An encoder for tests: words by their hashed letters, with those of their neighbours. No weights, no training."""

import zlib
from functools import lru_cache

import numpy as np

from dossier.components.wordpieces import guess_starts
from dossier.train.states import States

PART = 64


@lru_cache(maxsize=100_000)
def features(word: str) -> np.ndarray:
    """The hashed n-grams of a word and of its shape, projected."""
    shape = "".join("X" if c.isupper() else "x" if c.islower() else "9" if c.isdigit() else c for c in word)
    text = f"<{word.casefold()}>"
    grams = [text, f"shape {shape[:1]}", f"shape {shape[:4]}"]
    grams += [text[i : i + n] for n in (3, 4) for i in range(len(text) - n + 1)]
    row = np.zeros(PART, dtype=np.float32)
    for gram in grams:
        seed = zlib.crc32(gram.encode("utf-8", "surrogatepass"))
        row += np.random.default_rng(seed).standard_normal(PART).astype(np.float32)
    return row / np.float32(np.sqrt(len(grams)))


class HashedEncoder:
    """A stand-in for the encoder: `3 * PART` wide."""

    width = 3 * PART

    def encode(self, doc) -> States:
        words = [token.i for token in doc if not token.is_space]
        rows = np.stack([features(doc[i].text) for i in words]) if words else np.zeros((0, PART), dtype=np.float32)
        padded = np.concatenate([np.zeros((1, PART), np.float32), rows, np.zeros((1, PART), np.float32)])
        offsets = [(doc[i].idx, doc[i].idx + len(doc[i])) for i in words]
        return States(np.hstack([padded[:-2], rows, padded[2:]]), words, guess_starts(doc.text, offsets))
