"""What makes a word of the command."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gatepost_cli.exits import Exit

if TYPE_CHECKING:  # it brings the client, which nobody who asks for help needs
    from gatepost_cli.call import Call


class BadUsage(Exception):
    """Arguments that are each right and together make no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing that can be asked of the command."""

    name: str
    meaning: str
    """What the help says of it, as an order: "show a deployment"."""
    arguments: Callable[[ArgumentParser], None]
    """Adds what may follow it."""
    run: Callable[[Call, Namespace], Exit]
    """Does it, with what followed it."""
    patience_s: float | None = None
    """How long the server may take to answer, where that is longer than usual."""


def takes_nothing(_: ArgumentParser) -> None:
    """Arguments of a word that is whole by itself."""


def an_instant(text: str) -> datetime:
    """A time given as an argument.

    Raises:
        ArgumentTypeError: it is no RFC 3339 time with a zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is no time with a zone, like 2026-11-20T09:30:00Z")
    return at


def takes_a_deployment(parser: ArgumentParser) -> None:
    """Arguments of a word about one deployment."""
    parser.add_argument("deployment", metavar="DEP-42", help="its number, or its id")
