"""Request bodies with which workers report answers to GitHub jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from gatepost_api.claims.requests import Detail, FencingToken
from gatepost_api.schemas.base import RequestModel
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.ingest.github_protection_answer import AnswerAttempt

MAX_DETAIL_CHARS = 500


class ProtectionAnswerFinishBody(RequestModel):
    """The result of an attempt to answer a GitHub job."""

    example = {"fencing_token": 1, "status": 204}

    fencing_token: FencingToken
    """The fencing token of the claim. A token lower than the current one is refused."""
    status: Annotated[int, msgspec.Meta(ge=100, le=999)] | None = None
    """The HTTP status with which GitHub responded to the answer. Null if the answer was not sent or
    there was no response."""
    retry_after_s: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None
    """The value of the `Retry-After` header, in seconds. Null if the response had none."""
    detail: Detail = ""

    def to_domain(self, at: datetime) -> AnswerAttempt:
        """Return the result of the attempt, which ended at a given time."""
        return AnswerAttempt(
            at=at,
            status=self.status,
            detail=replace_refused_characters(self.detail)[:MAX_DETAIL_CHARS],
        )

    @property
    def retry_after(self) -> timedelta | None:
        """The pause that GitHub requested before the next attempt."""
        return None if self.retry_after_s is None else timedelta(seconds=self.retry_after_s)
