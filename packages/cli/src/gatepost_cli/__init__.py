"""The `gatepost` command, for people at a terminal and for pipelines."""
