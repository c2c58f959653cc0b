"""Gatepost's HTTP API, its console and the `gatepost-server` command."""
