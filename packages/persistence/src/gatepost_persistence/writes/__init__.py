"""Repositories for write transactions."""
