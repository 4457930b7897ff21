"""Answers against known structures: labels, matching of files to them, measures."""
