"""The pair classifier in torch: the same sums as `components/relations_net.py`, with gradients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from dossier.components.relations_net import HEADS, LOOKS, REACH, TAGS, Case, Floats
from dossier.components.relations_pairs import SIZE


class Shape(NamedTuple):
    """`width` of the layer of attention, `hidden` of a pair; `drop`: shares left out, of states, sums and pairs."""

    width: int = 192
    hidden: int = 96
    drop: tuple[float, float, float] = (0.2, 0.2, 0.3)


class Batch(NamedTuple):
    """Sentences filled up to the longest, and their pairs one after another."""

    rows: Tensor
    tags: Tensor
    lengths: Tensor
    sentence: Tensor  # of each pair
    spans: Tensor
    features: Tensor
    offsets: Tensor  # where a pair's features begin
    fired: Tensor


def batch_of(cases: Sequence[Case]) -> Batch:
    longest = max(len(case.rows) for case in cases)
    rows = torch.zeros(len(cases), longest, cases[0].rows.shape[1])
    tags = torch.zeros(len(cases), longest, dtype=torch.long)
    for n, case in enumerate(cases):
        rows[n, : len(case.rows)] = torch.from_numpy(case.rows)
        tags[n, : len(case.rows)] = torch.from_numpy(case.tags)
    counts = [len(case.spans) for case in cases]
    sizes = np.concatenate([np.diff(case.bounds) for case in cases])
    return Batch(
        rows, tags, torch.tensor([len(case.rows) for case in cases]),
        torch.repeat_interleave(torch.arange(len(cases)), torch.tensor(counts)),
        torch.from_numpy(np.concatenate([case.spans for case in cases])),
        torch.from_numpy(np.concatenate([case.ids for case in cases]).astype(np.int64)),
        torch.from_numpy(np.cumsum(sizes) - sizes),
        torch.from_numpy(np.concatenate([case.fired for case in cases])),
    )  # fmt: skip


class Network(nn.Module):
    """`outputs` scores, and `others` that only help to learn: the types of the public sets as they stand there."""

    def __init__(self, states: int, outputs: int, others: int, shape: Shape) -> None:
        super().__init__()
        width, hidden = shape.width, shape.hidden
        self.hashed = nn.EmbeddingBag(SIZE, hidden, mode="sum")
        nn.init.normal_(self.hashed.weight, std=0.02)
        self.reduce = nn.Linear(states, width)
        self.tags = nn.Embedding(TAGS, width)
        nn.init.normal_(self.tags.weight, std=0.3)
        self.attention, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.norm0, self.norm1, self.norm2 = (nn.LayerNorm(width) for _ in range(3))
        self.near = nn.Embedding(2 * REACH + 1, HEADS)
        nn.init.zeros_(self.near.weight)
        # what a pair asks of the sentence, and what words answer to
        self.ask, self.answer = nn.Linear(2 * width, LOOKS * width // HEADS), nn.Linear(width, LOOKS * width // HEADS)
        self.join, self.score, self.other = (
            nn.Linear((4 + LOOKS) * width, hidden), nn.Linear(hidden, outputs), nn.Linear(hidden, max(1, others))
        )  # fmt: skip
        for last in (self.score, self.other):
            nn.init.constant_(last.bias, -4.0)
        self.fired, self.odds = nn.Parameter(torch.full((outputs,), 3.0)), nn.Parameter(torch.full((outputs,), 0.7))
        self.drops = nn.ModuleList(nn.Dropout(share) for share in shape.drop)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The scores of each pair, and those of the other types."""
        x = self._read(batch)
        begin, end, second, last, middle = batch.spans.unbind(1)
        of = x[batch.sentence]
        places = torch.arange(x.shape[1])[None]

        def pooled(low: Tensor, high: Tensor) -> Tensor:
            at = low[:, None] + torch.arange(int((high - low).max().clamp(min=1)))[None]
            inside = (at < high[:, None])[..., None]
            found = x[batch.sentence[:, None], at.clamp(max=x.shape[1] - 1)]
            return torch.where((low < high)[:, None], found.masked_fill(~inside, -1e4).amax(1), 0.0)

        one, other, between = pooled(begin, end), pooled(second, last), pooled(middle, second)
        count, longest = of.shape[:2]
        asked = self.ask(torch.cat([one, other], 1)).view(count, LOOKS, -1)
        answers = self.answer(x).view(len(x), longest, LOOKS, -1)[batch.sentence]
        heat = torch.einsum("pad,plad->pal", asked, answers) / math.sqrt(asked.shape[-1])
        heat = heat.masked_fill((places >= batch.lengths[batch.sentence][:, None])[:, None], -1e4).softmax(-1)
        told = (heat @ of).reshape(count, -1)
        ends = torch.cat([batch.offsets, torch.tensor([len(batch.features)])])
        hashed = self.hashed(batch.features, batch.offsets) * (2 / torch.diff(ends).float().sqrt())[:, None]
        hidden = self.join(torch.cat([one, other, between, one * other, told], 1)) + hashed
        hidden = self.drops[2](torch.relu(hidden))
        scores = self.score(hidden)
        sure = (batch.fired > 0).float()
        return scores + sure * (self.fired + self.odds * torch.logit(batch.fired.clamp(0.01, 0.99))), self.other(hidden)

    def _read(self, batch: Batch) -> Tensor:
        count, longest, _ = batch.rows.shape
        places = torch.arange(longest)
        x = self.norm0(self.reduce(self.drops[0](batch.rows)) + self.tags(batch.tags))
        q, k, v = self.attention(x).view(count, longest, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        near = (places[None] - places[:, None]).clamp(-REACH, REACH) + REACH
        heat = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + self.near(near).permute(2, 0, 1)
        heat = heat.masked_fill((places[None] >= batch.lengths[:, None])[:, None, None], -1e4).softmax(-1)
        seen = (heat @ v).transpose(1, 2).reshape(count, longest, -1)
        x = self.norm1(x + self.drops[1](self.out(seen)))
        return self.norm2(x + self.drops[1](self.down(torch.relu(self.up(x)))))

    def arrays(self) -> dict[str, Floats]:
        """The weights as `components/relations_net.py` takes them: matrices turned, those that only help left out."""
        found: dict[str, Floats] = {}
        for name, value in self.state_dict().items():
            array = value.detach().numpy().astype(np.float32)
            first, _, kind = name.partition(".")
            if first == "other":
                continue
            if first in ("hashed", "tags", "near"):
                found[first] = array
            else:
                found[name] = array.T.copy() if kind == "weight" and array.ndim == 2 else array
        return found

    def begin_with(self, arrays: Mapping[str, Floats]) -> None:
        """Take the weights of a network with other scores, all but those of the scores."""
        state = self.state_dict()
        for name, array in arrays.items():
            first, _, kind = name.partition(".")
            if first not in ("score", "fired", "odds"):
                turned = kind == "weight" and array.ndim == 2
                state[name if kind else f"{name}.weight"].copy_(torch.from_numpy(array.T if turned else array))
