"""Observability of a running server: its log, metrics, request ids and traces."""
