"""A model folder and what it computes: grid vectors to logits, latent matrix and domain verdict."""
