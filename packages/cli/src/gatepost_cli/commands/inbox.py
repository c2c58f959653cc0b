"""`gatepost inbox`: what waits for your review."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final, TypedDict, cast

from gatepost_cli.exits import Exit
from gatepost_cli.layout import instant, table
from gatepost_cli.word import Word, takes_nothing

if TYPE_CHECKING:
    from gatepost_cli.call import Call
    from gatepost_client.models import Deployment, DeploymentPage


class _Heard(TypedDict):
    """A page as the server sent it."""

    items: list[object]


def inbox(call: Call, _: Namespace) -> Exit:
    """Answer with a line for each deployment that the caller could approve or judge now."""
    from gatepost_client import every  # noqa: PLC0415

    exactly = list[object]()

    def page(*, cursor: str | None = None) -> DeploymentPage:
        found = call.gatepost.list_inbox(cursor=cursor)
        exactly.extend(cast("_Heard", call.heard)["items"])
        return found

    headings = ("number", "service", "version", "environment", "stage", "requester", "asked")
    text = table(headings, map(_line, every(page)))
    call.answer(text, exactly={"items": exactly, "next_cursor": None})
    return Exit.DONE


def _line(each: Deployment) -> tuple[str | None, ...]:
    stage = next((stage.name for stage in each.review.stages if not stage.satisfied), None)
    if each.after_review is not None:
        stage = f"after-review ({each.after_review.state})"
    return (
        each.number,
        each.service,
        each.version,
        each.environment,
        stage,
        each.requester,
        instant(each.created_at),
    )


WORD: Final = Word(
    name="inbox",
    meaning="list what waits for your review, oldest first",
    arguments=takes_nothing,
    run=inbox,
)
