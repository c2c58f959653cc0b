"""Targets and restrictions."""
