"""Arguments shared by several commands, and parsers for their values."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime


def add_no_arguments(_: ArgumentParser) -> None:
    """Add nothing, for a command without arguments."""


def add_deployment_argument(parser: ArgumentParser) -> None:
    """Add the argument for the deployment that the command concerns."""
    parser.add_argument("deployment", metavar="DEP-42", help="number or id of the deployment")


def parse_timestamp(text: str) -> datetime:
    """Return the timestamp in an argument.

    Raises:
        ArgumentTypeError: the text is not an RFC 3339 timestamp with a time zone.
    """
    try:
        timestamp = datetime.fromisoformat(text)
    except ValueError:
        timestamp = None
    if timestamp is None or timestamp.tzinfo is None:
        raise ArgumentTypeError(
            f"{text!r} is not an RFC 3339 timestamp with a time zone, like 2026-11-20T09:30:00Z"
        )
    return timestamp


def parse_seconds(text: str) -> float:
    """Return the duration in an argument, which must be greater than 0.

    Raises:
        ArgumentTypeError: the text is not a positive number.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if seconds > 0:
        return seconds
    raise ArgumentTypeError(f"{text!r} is not a valid number of seconds")


def parse_duration(text: str) -> float:
    """Return the duration in an argument, which can be 0.

    Raises:
        ArgumentTypeError: the text is not a number of seconds.
    """
    return 0.0 if text == "0" else parse_seconds(text)
