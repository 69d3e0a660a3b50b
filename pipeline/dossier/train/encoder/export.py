"""The encoder as ONNX, without an exporter: the graph is laid by hand from onnxruntime's fused operators.

One window a call: no padding, so no mask. Dynamic int8 quantisation of the weights follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, LAYERS, HEADS, EPSILON = 384, 6, 12, 1e-12
MICROSOFT = "com.microsoft"
Weights = Mapping[str, npt.NDArray[np.float32]]


def make_graph(weights: Weights, *, fast_gelu: bool = False) -> onnx.ModelProto:
    """The encoder's graph: `ids` and `shapes` (1, length; int32) to `states` (1, length, 384)."""
    kept: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []

    def tensor(name: str, *, turn: bool = False) -> str:
        value = np.ascontiguousarray(weights[name].T if turn else weights[name])
        kept.append(numpy_helper.from_array(value, name))
        return name

    def node(kind: str, inputs: list[str], output: str, domain: str = MICROSOFT, **settings: Any) -> str:
        outputs = [output, f"{output}.mask"] if kind == "EmbedLayerNormalization" else [output]
        nodes.append(helper.make_node(kind, inputs, outputs, name=output, domain=domain, **settings))
        return output

    tables = [tensor(f"{name}.weight") for name in ("words", "positions", "shapes")]
    norm = [tensor("norm.weight"), tensor("norm.bias")]
    x = node("EmbedLayerNormalization", ["ids", "shapes", *tables, *norm], "embedded", epsilon=EPSILON)
    for i in range(LAYERS):
        at = f"layers.{i}"

        def linear(name: str, source: str, at: str = at) -> str:
            return node("MatMul", [source, tensor(f"{at}.{name}.weight", turn=True)], f"{at}.{name}.product", domain="")

        def norm_of(name: str, source: str, skip: str, bias: str, at: str = at) -> str:
            scale = [tensor(f"{at}.{name}.weight"), tensor(f"{at}.{name}.bias")]
            return node(
                "SkipLayerNormalization",
                [source, skip, *scale, tensor(f"{at}.{bias}.bias")],
                f"{at}.{name}",
                epsilon=EPSILON,
            )

        qkv = [tensor(f"{at}.qkv.weight", turn=True), tensor(f"{at}.qkv.bias")]
        seen = node("Attention", [x, *qkv], f"{at}.seen", num_heads=HEADS)
        x = norm_of("norm1", linear("out", seen), x, "out")
        up = linear("up", x)
        inner = node("FastGelu" if fast_gelu else "BiasGelu", [up, tensor(f"{at}.up.bias")], f"{at}.gelu")
        x = norm_of("norm2", linear("down", inner), x, "down")
    nodes[-1].output[0] = "states"
    length = ["batch", "length"]
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT32, length) for name in ("ids", "shapes")],
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, [*length, WIDTH])],
        kept,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="dossier")


def write_onnx(weights: Weights, path: Path, *, int8: bool = True, per_channel: bool = True, **settings: Any) -> None:
    """Write the encoder of `network.Network` weights, as int8 by default."""
    model = make_graph(weights, **settings)
    if not int8:
        onnx.save(model, str(path))
        return
    from onnxruntime.quantization import QuantType, quantize_dynamic

    known = {"DefaultTensorType": TensorProto.FLOAT}  # onnx cannot infer what Microsoft's operators return
    quantize_dynamic(model, str(path), weight_type=QuantType.QInt8, per_channel=per_channel, extra_options=known)
