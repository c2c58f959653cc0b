"""The terms by which deployments are found: commits, reviewers, work references and words."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from gatepost_domain.deployments.deployment import Deployment, parse_reference

MAX_TERM_LENGTH: Final = 200
"""The maximum number of characters compared in a term."""
SEARCHED_NOTES_LENGTH: Final = 2_000
"""The maximum number of characters searched in the notes."""
MAX_WORDS: Final = 8
"""The maximum number of words in a search."""

WORD_SEPARATORS: Final = " \t\n\r,;/#()[]<>\"'"
"""The characters that separate words."""
WORD_PUNCTUATION: Final = ".:!?*-"
"""The characters removed from both ends of a word."""

_FOLDED: Final = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
_BLANKS: Final = str.maketrans(WORD_SEPARATORS, " " * len(WORD_SEPARATORS))


class TermField(StrEnum):
    """What a search term is compared with."""

    COMMIT = "commit"
    """The commit of the deployed version."""
    REVIEWER = "reviewer"
    """The name of a user whose approval counts or who rejected the deployment."""
    WORK_REFERENCE = "work_reference"
    """A whole work reference, with letters A to Z in lower case."""
    WORD = "word"
    """A word from the work references or the notes, with letters A to Z in lower case."""


def fold(text: str) -> str:
    """Return a text as it is compared: letters A to Z in lower case, at most 200 characters.

    These are the only letters that both databases fold in the same way, whatever their locale.
    """
    return text[:MAX_TERM_LENGTH].translate(_FOLDED)


def split_words(text: str) -> tuple[str, ...]:
    """Return the distinct words in a text in order, as written."""
    candidates = (word.strip(WORD_PUNCTUATION) for word in text.translate(_BLANKS).split(" "))
    return tuple(dict.fromkeys(word[:MAX_TERM_LENGTH] for word in candidates if word))


def spellings(word: str) -> tuple[str, ...]:
    """Return the word as it was written and in the form used for comparison."""
    return tuple(dict.fromkeys((word, fold(word))))


def reviewers_of(deployment: Deployment) -> frozenset[str]:
    """Return the users whose approvals count, and the one who rejected the deployment."""
    approvers = {approval.actor for approval in deployment.approvals}
    latest = deployment.reviewed_by
    return frozenset(approvers if latest is None else approvers | {latest})


def matches_word(deployment: Deployment, word: str) -> bool:
    """Return whether a search word, as returned by `split_words`, matches a deployment.

    It can match the number, the requester, part of the service's name, the start of the version, or
    a whole word in the work references or the notes. Matching is case-insensitive, except that a
    version with upper-case letters must be written exactly.
    """
    folded = fold(word)
    return (
        parse_reference(word) == deployment.number
        or deployment.requester in spellings(word)
        or folded in deployment.service
        or any(deployment.version.startswith(spelling) for spelling in spellings(word))
        or folded in set(_recorded_words(deployment))
    )


def _recorded_words(deployment: Deployment) -> Iterator[str]:
    for text in (*deployment.work_references, (deployment.notes or "")[:SEARCHED_NOTES_LENGTH]):
        yield from map(fold, split_words(text))
