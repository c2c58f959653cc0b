"""The messages that are sent to people: a title and plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.event import format_instant
from gatepost_domain.notifications.notification import NotificationReason
from gatepost_domain.text import escape_hidden

MAX_LINE_CHARS: Final = 200
"""The length after which a line of text that people entered is cut."""

TITLES: Final[Mapping[NotificationReason, str]] = {
    NotificationReason.APPROVAL_REQUESTED: "Approval needed",
    NotificationReason.APPROVAL_REMINDER: "Still waiting for approval",
    NotificationReason.APPROVAL_OVERDUE: "Approval overdue",
    NotificationReason.AFTER_REVIEW_REQUESTED: "After-review needed",
    NotificationReason.AFTER_REVIEW_OVERDUE: "After-review overdue",
}
"""How the title of each reason begins, except for outcomes and tests."""

_NEUTRAL: Final = str.maketrans(
    {
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
        "@": "\N{FULLWIDTH COMMERCIAL AT}",
        "[": "(",
        "]": ")",
        "`": "'",
    }
)
"""Replacements for what chat programs read as links, mentions of everybody, or code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in plain text."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePart:
    """What a message says about one deployment."""

    title: str
    """What happened or is needed, such as "Approval needed"."""
    subject: str
    """The deployment, such as "shop 1.0.0 to production (DEP-1)"."""
    requester: str
    risk: str | None
    stage: str | None
    can_act: tuple[str, ...]
    until: datetime | None
    """Until when somebody can act."""
    link: str
    """The address of the page of the deployment."""

    @property
    def headline(self) -> str:
        """What it is about, in one line."""
        return f"{self.title}: {neutralize(self.subject)}"


def write_message(parts: Sequence[MessagePart]) -> Message:
    """Return the message about one or more deployments."""
    if len(parts) == 1:
        return Message(title=parts[0].headline, body="\n".join([*_details(parts[0])]))
    body = "\n\n".join(f"{part.headline}\n{part.link}" for part in parts)
    return Message(title=f"{len(parts)} notifications from Gatepost", body=body)


def write_test(channel: str, link: str) -> Message:
    """Return the message that tests a channel."""
    return Message(
        title="Test of a notification channel",
        body=f"This is a test of the channel {neutralize(channel)} of Gatepost.\n{link}",
    )


def neutralize(text: str) -> str:
    """Return text that people entered as one line that contains no markup and no links."""
    line = " ".join(escape_hidden(text).split()).translate(_NEUTRAL).replace("://", ": //")
    return line if len(line) <= MAX_LINE_CHARS else f"{line[: MAX_LINE_CHARS - 1]}…"


def _details(part: MessagePart) -> list[str]:
    lines = [f"Requested by {neutralize(part.requester)}."]
    if part.risk is not None:
        lines.append(f"Risk: {neutralize(part.risk)}")
    if part.stage is not None:
        lines.append(f"Stage: {neutralize(part.stage)}")
    if part.can_act:
        lines.append(f"Can act: {', '.join(map(neutralize, part.can_act))}")
    if part.until is not None:
        lines.append(f"Until: {format_instant(part.until)}")
    return [*lines, part.link]
