"""What each command does: a module a command, whose ``run`` main imports when it is chosen.

What may be written on the command line stands in ``commands``, under the same names.
"""
