"""The error raised if the server cannot start with its settings."""

from __future__ import annotations


class BadSettings(Exception):
    """The server cannot start with its settings; the message describes the problem."""
