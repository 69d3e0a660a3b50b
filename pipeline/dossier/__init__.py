"""dossier: open reports into curated, cited records."""

import os

__version__ = "0.1.0"

# onnxruntime's wheel (1.29 and later) tells its maker of every session over the network, and keeps notes for that in ~/.cache.
# Nobody is to learn what a desk reads, so it is silenced here, before anything can import it: it looks once. Releases
# differ in the name
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ["ORT_TELEMETRY_DISABLED"] = "1"
