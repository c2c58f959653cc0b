"""ETags: an unchanged resource is not sent again, and a changed one is not acted on unseen.

Source: RFC 9110 §8.8.3 and §13.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import HeaderParameter

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
        max_length=1000,
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
    """The ETag of a revision, or of what has a digest instead."""
    return f'"{revision}"'


def expected_revision(if_match: str | None) -> int | None:
    """The revision that the caller insists on; none where any will do.

    Raises:
        BadInput: it is no ETag of ours.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = _ETAG.fullmatch(if_match)
    if tag is None:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad_etag",
            "header/If-Match",
            'Send one ETag as it was received, like "3", or *.',
        )
    return int(tag[1])


def conditional_response(
    output: ResponseModel | bytes,
    revision: int | str,
    if_none_match: str | None,
    *,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """Answer with a resource, or with 304 where the caller has it already."""
    tag = etag(revision)
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    if tag in known or "*" in known:
        return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    body = output if isinstance(output, bytes) else msgspec.json.encode(output)
    return Response(body, media_type=media_type, headers={"ETag": tag, **(headers or {})})
