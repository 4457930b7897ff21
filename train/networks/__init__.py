"""Torch modules, one architecture a file, and fitted ones on disk.

Every network maps (n, points) to logits (n, outputs) and a latent matrix (n, channels, positions).
"""

GROUP_COUNT = 17
POINTS = 850  # of the grid
