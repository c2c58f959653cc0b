"""What the overview shows: its filters and columns, as the query of its address."""

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
"""The maximum number of environments in an address."""


class EmptyColumns(StrEnum):
    """Whether environments without a version have a column."""

    SHOW = "show"
    HIDE = "hide"


class RowLimit(StrEnum):
    """How many services are listed."""

    ALL = "all"


class Grouping(StrEnum):
    """By what services are grouped."""

    TEAM = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewQuery:
    """The filters and columns of the overview; an empty one matches everything."""

    at: str = ""
    """The past time to show, as in the address; empty if the current state is shown."""
    q: str = ""
    """A part of the name of a service or of its team."""
    team: str = ""
    tier: Tier | None = None
    environment: tuple[str, ...] = ()
    """The environments that have a column; empty for all."""
    empty: EmptyColumns | None = None
    """None hides environments without a version only if there are many."""
    group: Grouping | None = None
    rows: RowLimit | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the query of the address."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [
            (name, value)
            for name, one_or_more in values
            for value in (one_or_more if isinstance(one_or_more, tuple) else (one_or_more,))
            if value
        ]

    @property
    def text(self) -> str:
        """The query of the address."""
        return urlencode(self.pairs)

    @property
    def address(self) -> str:
        """The address of the overview with this query."""
        return f"/?{self.text}" if self.pairs else "/"

    @property
    def is_filtered(self) -> bool:
        """Whether services may be left out."""
        return bool(self.q or self.team)

    def address_with(self, **changes: str) -> str:
        """Return the address with other values; an empty value removes one."""
        return parse_overview_query([*self.pairs_without(*changes), *changes.items()]).address

    def matches(self, service: Service) -> bool:
        """Return whether a service is listed."""
        text = f"{service.name} {service.display_name} {service.team}"
        return self.q.casefold() in text.casefold() and self.team in {"", service.team}

    def pairs_without(self, *names: str) -> list[tuple[str, str]]:
        """Return what a form with fields of these names must repeat."""
        return [(name, value) for name, value in self.pairs if name not in names]


def parse_overview_query(pairs: Iterable[tuple[str, str]]) -> OverviewQuery:
    """Return the query of an address; what is unknown or invalid is ignored."""
    known = [(name, value.strip()[:MAX_TEXT_LENGTH]) for name, value in pairs]
    values = dict(known)
    environments = dict.fromkeys(value for name, value in known if name == "environment" and value)
    return replace(
        OverviewQuery(at=values.get("at", ""), q=values.get("q", ""), team=values.get("team", "")),
        environment=tuple(environments)[:MAX_PINNED],
        tier=_member(Tier, values.get("tier")),
        empty=_member(EmptyColumns, values.get("empty")),
        group=_member(Grouping, values.get("group")),
        rows=_member(RowLimit, values.get("rows")),
    )


def _member(kind: type[Member], value: str | None) -> Member | None:
    return next((member for member in kind if member == value), None)
