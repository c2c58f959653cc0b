"""Writing messages to people, each with a title and plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gatepost_domain.allowed_characters import replace_invisible_characters
from gatepost_domain.event import format_instant
from gatepost_domain.notifications.notification import NotificationReason

MAX_LINE_CHARS: Final = 200
"""The length to which a line of user-entered text is cut."""

TITLES: Final[Mapping[NotificationReason, str]] = {
    NotificationReason.APPROVAL_REQUESTED: "Approval needed",
    NotificationReason.APPROVAL_REMINDER: "Still waiting for approval",
    NotificationReason.APPROVAL_OVERDUE: "Approval overdue",
    NotificationReason.AFTER_REVIEW_REQUESTED: "After-review needed",
    NotificationReason.AFTER_REVIEW_OVERDUE: "After-review overdue",
}
"""Maps each reason, except outcomes and tests, to the beginning of its title."""

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
"""Replacements for text that chat programs interpret as links, mentions of everybody, or code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message without markup: its title and its text."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePart:
    """The part of a message about one deployment."""

    title: str
    """What happened or is needed, such as "Approval needed"."""
    subject: str
    """The deployment, such as "shop 1.0.0 to production (DEP-1)"."""
    requester: str
    risk: str | None
    stage: str | None
    can_act: tuple[str, ...]
    until: datetime | None
    """The deadline for acting."""
    link: str
    """The URL of the deployment's page."""

    @property
    def headline(self) -> str:
        """What happened or is needed, and which deployment it concerns, in one line."""
        return f"{self.title}: {neutralize(self.subject)}"


def write_message(parts: Sequence[MessagePart]) -> Message:
    """Return the message about one or more deployments."""
    if len(parts) == 1:
        return Message(title=parts[0].headline, body="\n".join([*_details(parts[0])]))
    body = "\n\n".join(f"{part.headline}\n{part.link}" for part in parts)
    return Message(title=f"{len(parts)} notifications from Gatepost", body=body)


def write_test(channel: str, link: str) -> Message:
    """Return the test message for a channel."""
    return Message(
        title="Test of a notification channel",
        body=f"This is a test of the Gatepost channel {neutralize(channel)}.\n{link}",
    )


def neutralize(text: str) -> str:
    """Return user-entered text as one line without markup and links."""
    line = (
        " ".join(replace_invisible_characters(text).split())
        .translate(_NEUTRAL)
        .replace("://", ": //")
    )
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
