"""Many inputs: files, tables, a cluster. Memory is bounded and the order of inputs is kept."""
