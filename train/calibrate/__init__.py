"""Held-out logits -> probabilities, thresholds and calls with stated error rates."""
