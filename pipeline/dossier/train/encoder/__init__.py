"""Training of the encoder (the extra `train`, with torch) and of its heads (without)."""
