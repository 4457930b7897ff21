"""The simulated sample spectra that come with the tool: how they are made."""
