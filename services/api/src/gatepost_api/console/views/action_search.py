"""The actions that a search finds: "freeze production", "roll back shop in production"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Right
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.tracking.current_state import Cell

MAX_ROLLBACKS: Final = 5
"""How many environments are offered if only the service of a rollback is given."""
_FILLERS: Final = frozenset({"a", "an", "at", "deployment", "in", "new", "now", "of", "on", "to"})
_MIN_START: Final = 2
"""The length from which the start of a name is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A page that a search finds."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlace:
    """What the words of a search say about where to act. Empty names are not given."""

    actor: Actor
    service: str = ""
    environment: str = ""
    cells: Sequence[Cell] = ()
    """What is live in the service."""

    def may(self, right: Right) -> bool:
        """Return whether the actor has a right there."""
        return self.actor.may(
            right, service=self.service or None, environment=self.environment or None
        )

    def phrase(self, joiner: str) -> str:
        """Return the place in words, such as ` of shop in production`."""
        service = f" of {self.service}" if self.service else ""
        return service + (f" {joiner} {self.environment}" if self.environment else "")

    def link(self, path: str) -> str:
        """Return the address of a form for the place."""
        fields = {"service": self.service, "environment": self.environment}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path


def _freezes(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.FREEZE):
        scope = " in ".join(filter(None, (place.service, place.environment))) or "a scope"
        yield SearchHit(
            title=f"Freeze {scope}",
            url=f"{place.link('/freezes')}#h-new-freeze",
            detail="Nothing starts there until the freeze ends",
        )


def _requests(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.REQUEST):
        title = f"Request a deployment{place.phrase('to')}"
        yield SearchHit(title=title, url=place.link("/deployments/new"))


def _rollbacks(place: ActionPlace) -> Iterator[SearchHit]:
    for cell in place.cells[:MAX_ROLLBACKS]:
        lane = {"service": cell.service, "environment": cell.environment}
        if place.actor.may(Right.OPERATE, **lane):
            yield SearchHit(
                title=f"Roll back {cell.service} in {cell.environment}",
                url=f"/deployments/{format_number(cell.number)}?action=rollback#actions",
                detail=f"{cell.version} is live there",
            )


def _records(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.RECORD):
        title = f"Record a deployment{place.phrase('to')}"
        yield SearchHit(title=title, url=place.link("/record"), detail="Deployed without Gatepost")


def _registrations(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.REGISTER):
        yield SearchHit(title="Register a service", url="/services/new")


_ACTIONS: Final[Mapping[str, Callable[[ActionPlace], Iterator[SearchHit]]]] = {
    "freeze": _freezes,
    "request": _requests,
    "deploy": _requests,
    "rollback": _rollbacks,
    "revert": _rollbacks,
    "record": _records,
    "register": _registrations,
}
"""The actions by the word that a search starts with."""


def split_action(query: str) -> tuple[str | None, list[str]]:
    """Return the word for an action that a search starts with, if it does, and the other words."""
    text = query.casefold().replace("roll back", "rollback").replace("roll-back", "rollback")
    first, *others = [word for word in text.split() if word not in _FILLERS] or [""]
    known = [word for word in _ACTIONS if len(first) > _MIN_START and word.startswith(first)]
    return (known[0], others) if known else (None, [first, *others])


def find_named(words: Iterable[str], names: Sequence[str]) -> str:
    """Return the name that one of the words is, or starts; empty if there is none."""
    given = list(words)
    exact = next((word for word in given if word in names), None)
    if exact is not None:
        return exact
    starts = (
        name for word in given if len(word) >= _MIN_START for name in names if name.startswith(word)
    )
    return next(starts, "")


def find_actions(word: str | None, place: ActionPlace) -> list[SearchHit]:
    """Return the actions of a word. Without a word, return those of a service that is named."""
    if word is not None:
        return list(_ACTIONS[word](place))
    if not place.service:
        return []
    return [*_requests(place), *_rollbacks(place)]
