"""The command line: options, one module a command, output files, exit codes."""
