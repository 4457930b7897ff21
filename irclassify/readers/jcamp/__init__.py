"""JCAMP-DX: labelled records, tables of ordinates, axes and NTUPLES."""
