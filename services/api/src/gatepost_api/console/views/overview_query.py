"""The filters and columns of the overview, converted to and from its query string."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import urlencode

from gatepost_domain.catalog.service import Service
from gatepost_domain.catalog.tier import Tier

Member = TypeVar("Member", bound=StrEnum)

MAX_TEXT_LENGTH: Final = 200
MAX_PINNED: Final = 30
"""The maximum number of environments in a query string."""


class EmptyColumns(StrEnum):
    """Whether environments without any version have a column."""

    SHOW = "show"
    HIDE = "hide"


class RowLimit(StrEnum):
    """The limit on the number of services listed."""

    ALL = "all"


class Grouping(StrEnum):
    """The attribute that services are grouped by."""

    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewQuery:
    """The filters and columns of the overview; an empty filter matches everything."""

    at: str = ""
    """The past time to show, as given in the query string; empty for the current state."""
    q: str = ""
    """Text that the name of a service or its team must contain."""
    team: str = ""
    tier: Tier | None = None
    environment: tuple[str, ...] = ()
    """The environments that have a column; empty for all environments."""
    empty: EmptyColumns | None = None
    """Whether to show empty columns; None hides them only if there are many environments."""
    group: Grouping | None = None
    rows: RowLimit | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names and values in the query string."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [
            (name, value)
            for name, one_or_more in values
            for value in (one_or_more if isinstance(one_or_more, tuple) else (one_or_more,))
            if value
        ]

    @property
    def text(self) -> str:
        """The query string."""
        return urlencode(self.pairs)

    @property
    def address(self) -> str:
        """The address of the overview with this query."""
        return f"/?{self.text}" if self.pairs else "/"

    @property
    def is_filtered(self) -> bool:
        """Whether a filter may leave out services."""
        return bool(self.q or self.team)

    def address_with(self, **changes: str) -> str:
        """Return the overview's address with the given changes; an empty value removes a field."""
        return parse_overview_query([*self.pairs_without(*changes), *changes.items()]).address

    def matches(self, service: Service) -> bool:
        """Return whether a service matches the filters."""
        text = f"{service.name} {service.display_name} {service.team}"
        return self.q.casefold() in text.casefold() and self.team in {"", service.team}

    def pairs_without(self, *names: str) -> list[tuple[str, str]]:
        """Return the pairs that a form must repeat in hidden fields: all but those named."""
        return [(name, value) for name, value in self.pairs if name not in names]


def parse_overview_query(pairs: Iterable[tuple[str, str]]) -> OverviewQuery:
    """Return the overview query for a query string; ignore unknown names and invalid values."""
    known = [(name, value.strip()[:MAX_TEXT_LENGTH]) for name, value in pairs]
    values = dict(known)
    environments = dict.fromkeys(value for name, value in known if name == "environment" and value)
    return replace(
        OverviewQuery(at=values.get("at", ""), q=values.get("q", ""), team=values.get("team", "")),
        environment=tuple(environments)[:MAX_PINNED],
        tier=_parse_choice(Tier, values.get("tier")),
        empty=_parse_choice(EmptyColumns, values.get("empty")),
        group=_parse_choice(Grouping, values.get("group")),
        rows=_parse_choice(RowLimit, values.get("rows")),
    )


def _parse_choice(kind: type[Member], value: str | None) -> Member | None:
    return next((member for member in kind if member == value), None)
