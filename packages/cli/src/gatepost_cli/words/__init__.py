"""The words of the command, each in a module of its own.

They name models of the client inside their functions: importing them here would make everybody
who asks for help wait for the client.
"""

from __future__ import annotations

from typing import Final

from gatepost_cli.word import Word
from gatepost_cli.words import actions, events, gates, listing, request, show, whoami

WORDS: Final[tuple[Word, ...]] = (
    whoami.WORD,
    request.WORD,
    show.WORD,
    listing.WORD,
    *actions.WORDS,
    gates.WORD,
    events.WORD,
)
"""In the order in which the help tells them."""
