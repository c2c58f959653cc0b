"""Request bodies that workers send about deliveries to webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from gatepost_api.claims.requests import Detail, FencingToken
from gatepost_api.schemas.base import RequestModel
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.webhooks.delivery import Attempt

MAX_DETAIL_CHARS = 500


class DeliveryFinishBody(RequestModel):
    """The result of an attempt to send a message."""

    example = {"fencing_token": 1, "status": 200, "took_ms": 84}

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""
    took_ms: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    """The duration of the attempt, in milliseconds."""
    status: Annotated[int, msgspec.Meta(ge=100, le=999)] | None = None
    """The HTTP status of the response. Null if there was no response."""
    retry_after_s: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None
    """The value of the response's `Retry-After` header, in seconds. Null if there was none."""
    detail: Detail = ""

    def to_domain(self, at: datetime) -> Attempt:
        """Return the result of the attempt, which ended at a given time."""
        return Attempt(
            at=at,
            status=self.status,
            detail=replace_refused_characters(self.detail)[:MAX_DETAIL_CHARS],
            took_ms=self.took_ms,
        )

    @property
    def retry_after(self) -> timedelta | None:
        """The pause that the receiver requested."""
        return None if self.retry_after_s is None else timedelta(seconds=self.retry_after_s)
