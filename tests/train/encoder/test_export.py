"""The graph laid by hand does what the torch network does. Needs the extra `train`: `pytest -m torch`."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def network():
    import torch

    from dossier.train.encoder.network import Network

    torch.manual_seed(0)
    return Network(5).eval()


def _states(network, path, **settings):
    import torch

    from dossier.components.encoder import open_session
    from dossier.train.encoder.export import write_onnx

    weights = {k: v.numpy() for k, v in network.state_dict().items() if not k.startswith(("head", "transitions"))}
    write_onnx(weights, path, **settings)
    rng = np.random.default_rng(0)
    ids, shapes = rng.integers(0, 30_000, (1, 50)), rng.integers(0, 8, (1, 50))
    feed = {"ids": ids.astype(np.int32), "shapes": shapes.astype(np.int32)}
    with torch.no_grad():
        expected = network(torch.from_numpy(ids), torch.from_numpy(shapes)).numpy()
    return open_session(path).run(None, feed)[0], expected


def test_float_graph_gives_the_states_of_the_network(network, tmp_path):
    found, expected = _states(network, tmp_path / "encoder.onnx", int8=False)

    assert np.abs(found - expected).max() < 1e-4


def test_int8_graph_stays_near_and_small(network, tmp_path):
    found, expected = _states(network, tmp_path / "encoder.onnx")

    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.98
    assert (tmp_path / "encoder.onnx").stat().st_size < 24e6
