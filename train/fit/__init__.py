"""The dataset -> fitted networks: augmentation, descent, one plan a model."""
