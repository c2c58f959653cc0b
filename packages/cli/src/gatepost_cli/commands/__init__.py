"""The commands, in one module for each command or group of related commands.

Importing the client takes most of the start-up time. The commands therefore import it inside their
functions, so that `gatepost --help` starts without it.
"""
