"""The rules of Gatepost: deployments and their lifecycle, reviews, gates, freezes and roles.

Standard library only; no input or output, no clock and no randomness: times, ids and actors are
arguments.
"""
