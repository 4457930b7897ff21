"""Held-out logits -> accuracy by group and phase, and the surest mistakes."""
