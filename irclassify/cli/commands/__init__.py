"""What may be typed: one module a command, each with the function Typer reads.

Nothing heavy is imported here, so that help answers at once. A command imports its work, the module
of the same name one folder up, when it runs.
"""
