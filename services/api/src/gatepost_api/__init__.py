"""Gatepost over HTTP: controllers by subject, and the `gatepost-server` command."""
