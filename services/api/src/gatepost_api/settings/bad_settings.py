"""The error of settings with which the server cannot start."""

from __future__ import annotations


class BadSettings(Exception):
    """The server cannot start with these settings; the message names them."""
