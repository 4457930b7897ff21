"""Builds the models that irclassify ships. A development tool: never in the wheel.

Data flows in one direction, one file a stage:
fetch -> dataset (labels) -> fit (split, network) -> evaluate -> calibrate -> export.
"""
