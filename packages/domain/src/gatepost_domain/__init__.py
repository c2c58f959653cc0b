"""Gatepost's rules: deployments and their lifecycle, reviews, gates, freezes and roles.

This package uses only the standard library and python-dateutil. It performs no I/O, reads no clock
and uses no randomness: times, ids and actors are passed as arguments.
"""
