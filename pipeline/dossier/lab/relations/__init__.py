"""Training of the pair classifier that weighs relations. Needs the extra `train`."""
