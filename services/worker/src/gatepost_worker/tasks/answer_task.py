"""Answer tasks: an answer to send once to a job of GitHub, and the result."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTask:
    """A claimed answer. The server has written it, and signed the token of the GitHub App."""

    answer_id: str
    fencing_token: int
    """Sent with the result; the server refuses all but the latest token."""
    token_url: str
    """Issues the token of the installation, in exchange for that of the App."""
    app_token: str = field(repr=False)
    url: str
    """Accepts the answer, with the token of the installation."""
    body: bytes
    timeout_s: float
    """How long each of the two requests may take."""
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the server's settings allow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReport:
    """The result of sending an answer."""

    status: int | None
    """The HTTP status with which GitHub responded to the answer; None if it did not."""
    retry_after_s: int | None
    """How long GitHub asked to wait; None if it did not."""
    detail: str
    """What went wrong, in a sentence; empty if GitHub accepted the answer."""
