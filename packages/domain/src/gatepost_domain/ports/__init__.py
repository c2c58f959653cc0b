"""Ports: the storage interfaces that the actions and reads require."""
