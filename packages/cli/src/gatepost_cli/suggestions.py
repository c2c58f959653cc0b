"""Suggestions for misspelled words and options."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def describe_unknown_word(word: str, known: Iterable[str]) -> str:
    """Return the message for an unknown command, with similar commands."""
    return f"{word!r} is not a command.{_suggest(word, known)}"


def describe_unknown_options(unknown: Iterable[str], known: Iterable[str]) -> str:
    """Return the message for unaccepted arguments, with similar options."""
    options = [*known]
    return " ".join(
        f"{argument!r} is not an option.{_suggest(argument.partition('=')[0], options)}"
        if argument.startswith("-")
        else f"{argument!r} is one argument too many."
        for argument in unknown
    )


def _suggest(word: str, known: Iterable[str]) -> str:
    similar = get_close_matches(word, [*known], n=2, cutoff=0.7)
    if not similar:
        similar = [each for each in known if len(word) > 1 and each.startswith(word)][:2]
    return f" Did you mean {' or '.join(similar)}?" if similar else ""
