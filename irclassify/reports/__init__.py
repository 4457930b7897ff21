"""Results to text, JSON, pages and figures. Nothing is computed here."""
