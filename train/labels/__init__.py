"""Structures -> labels: the 17 groups, and the substructures learned too."""
