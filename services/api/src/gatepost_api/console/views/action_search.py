"""Search for actions, such as "freeze production" or "roll back shop in production"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Right
from gatepost_domain.deployments.deployment import format_number
from gatepost_domain.tracking.current_state import Cell, LaneKey

MAX_ROLLBACKS: Final = 5
"""The maximum number of rollbacks offered if the search does not name an environment."""
_FILLERS: Final = frozenset({"a", "an", "at", "deployment", "in", "new", "now", "of", "on", "to"})
_MIN_START: Final = 2
"""The minimum length of a prefix that matches a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A page found by a search."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPlace:
    """The service and environment named in a search; a name is empty if none was given."""

    actor: Actor
    service: str = ""
    environment: str = ""
    cells: Sequence[Cell] = ()
    """The live versions of the service, limited to the environment if one is named."""
    rollbackable_lanes: frozenset[LaneKey] = frozenset()
    """The lanes of these versions in which there is an earlier good version to go back to."""

    def may(self, right: Right) -> bool:
        """Return whether the actor has the right in this place."""
        return self.actor.may(
            right, service=self.service or None, environment=self.environment or None
        )

    def describe(self, joiner: str) -> str:
        """Return the place in words, such as ` of shop in production`."""
        service = f" of {self.service}" if self.service else ""
        return service + (f" {joiner} {self.environment}" if self.environment else "")

    def prefilled_form_url(self, path: str) -> str:
        """Return the URL of a form, prefilled for the place."""
        fields = {"service": self.service, "environment": self.environment}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path


def _offer_freeze(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.FREEZE):
        scope = " in ".join(filter(None, (place.service, place.environment))) or "a scope"
        yield SearchHit(
            title=f"Freeze {scope}",
            url=f"{place.prefilled_form_url('/freezes')}#h-new-freeze",
            detail="Nothing starts there until the freeze ends",
        )


def _offer_request(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.REQUEST):
        title = f"Request deployment{place.describe('to')}"
        yield SearchHit(title=title, url=place.prefilled_form_url("/deployments/new"))


def _offer_rollbacks(place: ActionPlace) -> Iterator[SearchHit]:
    cells = [cell for cell in place.cells if cell.lane_key in place.rollbackable_lanes]
    for cell in cells[:MAX_ROLLBACKS]:
        lane = {"service": cell.service, "environment": cell.environment}
        if place.actor.may(Right.OPERATE, **lane):
            yield SearchHit(
                title=f"Roll back {cell.service} in {cell.environment}",
                url=f"/deployments/{format_number(cell.number)}?action=rollback#actions",
                detail=f"Current version: {cell.version}",
            )


def _offer_record(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.RECORD):
        title = f"Record deployment{place.describe('to')}"
        yield SearchHit(
            title=title, url=place.prefilled_form_url("/record"), detail="Deployed without Gatepost"
        )


def _offer_registration(place: ActionPlace) -> Iterator[SearchHit]:
    if place.may(Right.REGISTER):
        yield SearchHit(title="Register a service", url="/services/new")


_ACTIONS: Final[Mapping[str, Callable[[ActionPlace], Iterator[SearchHit]]]] = {
    "freeze": _offer_freeze,
    "request": _offer_request,
    "deploy": _offer_request,
    "rollback": _offer_rollbacks,
    "revert": _offer_rollbacks,
    "record": _offer_record,
    "register": _offer_registration,
}
"""The functions that find actions, by the first word of the search."""


def split_action(query: str) -> tuple[str | None, list[str]]:
    """Split a search into the keyword of an action, or None, and the other words."""
    text = query.casefold().replace("roll back", "rollback").replace("roll-back", "rollback")
    first, *others = [word for word in text.split() if word not in _FILLERS] or [""]
    known = [word for word in _ACTIONS if len(first) > _MIN_START and word.startswith(first)]
    return (known[0], others) if known else (None, [first, *others])


def find_matching_name(words: Iterable[str], names: Sequence[str]) -> str:
    """Return the name that one of the words equals or is a prefix of, or an empty string."""
    given = list(words)
    exact = next((word for word in given if word in names), None)
    if exact is not None:
        return exact
    starts = (
        name for word in given if len(word) >= _MIN_START for name in names if name.startswith(word)
    )
    return next(starts, "")


def find_actions(word: str | None, place: ActionPlace) -> list[SearchHit]:
    """Return the actions for a keyword; without one, requests and rollbacks of a named service."""
    if word is not None:
        return list(_ACTIONS[word](place))
    if not place.service:
        return []
    return [*_offer_request(place), *_offer_rollbacks(place)]
