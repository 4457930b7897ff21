"""What the tool says: plain frozen dataclasses without arrays or computation."""
