"""`gatepost events`: what happened to a deployment."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypedDict, cast

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, table
from gatepost_cli.word import Word, takes_a_deployment

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Event, EventPage

_PAGE: Final = 200
"""How many items a page of the API holds at most."""


class _Heard(TypedDict):
    """A page as the server sent it."""

    items: list[object]


def events(call: Call, given: Namespace) -> Exit:
    """Answer with every event, oldest first, whatever number of pages that takes."""
    from gatepost_client import every  # noqa: PLC0415

    exactly = list[object]()

    def page(*, cursor: str | None = None) -> EventPage:
        found = call.gatepost.list_deployment_events(given.deployment, limit=_PAGE, cursor=cursor)
        exactly.extend(cast("_Heard", call.heard)["items"])
        return found

    text = _lines(every(page))
    call.answer(text, exactly={"items": exactly, "next_cursor": None})
    return Exit.DONE


def _lines(found: Iterable[Event]) -> str:
    headings = ("at", "event", "actor", "stage", "note")
    return table(
        headings,
        ((instant(event.at), event.kind, event.actor, event.stage, event.note) for event in found),
    )


WORD: Final = Word(
    name="events",
    meaning="tell what happened to a deployment, oldest first",
    arguments=takes_a_deployment,
    run=events,
)
