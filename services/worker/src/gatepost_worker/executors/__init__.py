"""Executors: what carries the rollout itself out."""
