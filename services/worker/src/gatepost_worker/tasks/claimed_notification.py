"""Notification tasks: a message to people to send once, and the result."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationTask:
    """A message, written by the server, to send once to a claimed notification channel."""

    channel_id: str
    fencing_token: int
    """The token to send with the result; the server accepts only the latest one."""
    url: str = field(repr=False)
    """The URL of the channel, for Apprise. It contains passwords and keys."""
    title: str
    body: str
    timeout_s: float
    """How long sending may take."""
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the server's settings allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationReport:
    """The result of sending a message to people."""

    sent: bool
    detail: str
    """What went wrong, in a sentence; empty if the message was sent."""
