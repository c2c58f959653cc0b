"""The rules of Gatepost: what a deployment is, how it moves, who may move it and why it waits.

Standard library only; no input or output, no clock, no randomness: time, ids and actors are
arguments.
"""
