"""Builds the models that irclassify ships; see train/README.md. Never part of the wheel."""
