"""One spectrum in canonical form: units, data type, phase, quality, export."""
