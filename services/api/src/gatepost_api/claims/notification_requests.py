"""Request bodies that workers send about notifications."""

from __future__ import annotations

from datetime import datetime

from gatepost_api.claims.requests import Detail, FencingToken
from gatepost_api.schemas.base import RequestModel
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.notifications.notification import SendAttempt

MAX_DETAIL_CHARS = 500


class NotificationFinishBody(RequestModel):
    """The result of an attempt to send a message to a channel."""

    example = {"fencing_token": 1, "sent": True}

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""
    sent: bool
    """Whether the message was sent."""
    detail: Detail = ""

    def to_domain(self, at: datetime) -> SendAttempt:
        """Return the result of the attempt, which ended at a given time."""
        detail = replace_refused_characters(self.detail)[:MAX_DETAIL_CHARS]
        return SendAttempt(at=at, sent=self.sent, detail="" if self.sent else detail)
