"""Variations of the default recipe, each trained once: what was tried."""
