"""The words of the command, each in a module of its own.

They name models of the client inside their functions: importing them here would make everybody
who asks for help wait for the client.
"""

from __future__ import annotations

from typing import Final

from gatepost_cli.word import Word
from gatepost_cli.words import (
    actions,
    contracts,
    current,
    emergencies,
    events,
    evidence,
    gates,
    importing,
    inbox,
    listing,
    record,
    request,
    restrictions,
    show,
    version,
    whoami,
)

WORDS: Final[tuple[Word, ...]] = (
    whoami.WORD,
    version.WORD,
    request.WORD,
    inbox.WORD,
    show.WORD,
    listing.WORD,
    *actions.WORDS,
    *emergencies.WORDS,
    gates.WORD,
    events.WORD,
    evidence.WORD,
    current.WORD,
    record.WORD,
    importing.WORD,
    *restrictions.WORDS,
    contracts.WORD,
)
"""In the order in which the help tells them."""
