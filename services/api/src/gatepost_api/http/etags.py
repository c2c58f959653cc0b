"""ETags: skip unchanged resources on reads, prevent lost updates on writes.

Source: RFC 9110 §8.8.3 and §13.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

from gatepost_api.http.if_none_match import MAX_LENGTH
from gatepost_api.http.json_response import JsonResponse
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import ResponseModel

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        max_length=100,
        description="The ETag of the last known revision. If the resource has changed since, the "
        "request is refused with 412.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-None-Match",
        max_length=MAX_LENGTH,
        description="The ETags of cached responses. If one is current, the response is 304.",
    ),
]

ETAG_HEADER: Final = ResponseHeader(
    name="ETag",
    description="Identifies the current revision of the resource.",
    value="",
    documentation_only=True,
)

_ETAG: Final = re.compile(r'\s*"([0-9]{1,18})"\s*')


def etag(revision: int | str) -> str:
    """Return the ETag of a revision, or of a digest for resources without a revision."""
    return f'"{revision}"'


def expected_revision(if_match: str | None) -> int | None:
    """Return the revision in `If-Match`, or None if any revision is accepted.

    Raises:
        BadInput: the header is not an ETag of this API.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match)
    if match is None:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad_etag",
            "header/If-Match",
            'If-Match must be one ETag from a previous response, such as "3", or *.',
        )
    return int(match[1])


def conditional_response(
    output: ResponseModel | bytes,
    revision: int | str,
    if_none_match: str | None,
    *,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
    keep_for_s: float | None = None,
    unchanged_until: datetime | None = None,
) -> Response[Any]:
    """Return the resource, or 304 if `If-None-Match` contains its ETag."""
    return JsonResponse(
        output if isinstance(output, bytes) else msgspec.json.encode(output),
        media_type=media_type,
        headers={"ETag": etag(revision), **(headers or {})},
        if_none_match=if_none_match,
        keep_for_s=keep_for_s,
        unchanged_until=unchanged_until,
    )
