"""Protection answer tasks: an answer to send once to a GitHub job, and the result."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionAnswerTask:
    """A claimed answer; the server has created the body and the GitHub App's signed token."""

    answer_id: str
    fencing_token: int
    """The token to send with the result; the server accepts only the latest one."""
    token_url: str
    """The URL that issues the installation's token in exchange for the App's token."""
    app_token: str = field(repr=False)
    url: str
    """The URL that accepts the answer, authorized by the installation's token."""
    body: bytes
    timeout_s: float
    """The time limit for each of the two requests, in seconds."""
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the server's settings allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionAnswerReport:
    """The result of sending an answer."""

    status: int | None
    """The HTTP status with which GitHub responded to the answer; None if it did not respond."""
    retry_after_s: int | None
    """How long GitHub asked the worker to wait, in seconds; None if it did not ask."""
    detail: str
    """What went wrong, in a sentence; empty if GitHub accepted the answer."""
