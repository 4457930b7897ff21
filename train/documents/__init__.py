"""Results -> Markdown: model cards, result tables, the generated parts of the README."""
