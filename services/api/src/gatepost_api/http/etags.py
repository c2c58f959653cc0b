"""ETags, which avoid sending unchanged resources and prevent lost updates.

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

from gatepost_api.http.encoded_json_response import JsonResponse
from gatepost_api.http.if_none_match import MAX_LENGTH
from gatepost_api.http.problems import BadInput
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.revisions import ExpectedRevision

_ETAG: Final = re.compile(r'(?P<weak>W/)?"(?P<tag>[\x21\x23-\x7e\x80-\xff]*)"')
_LIST_OF_ETAGS: Final = re.compile(
    r'[ \t]*(?:(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?'
    r'(?:,[ \t]*(?:(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*)?)*'
)
"""A list as in RFC 9110 §8.8.3 and §13.1.1, which can be empty or have empty elements (§5.6.1)."""

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        schema_extra={"pattern": rf"^(?:[ \t]*\*[ \t]*|{_LIST_OF_ETAGS.pattern})$"},
        description="The ETag of the last known revision, or several ETags, up to "
        f"{MAX_LENGTH:,} characters in all. If none of them is current, the request is refused "
        "with 412.",
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

_REVISION: Final = re.compile(r"[1-9][0-9]{0,17}|0")


def etag(revision: int | str) -> str:
    """Return the ETag of a revision, or of a digest for resources without a revision."""
    return f'"{revision}"'


def expected_revision(if_match: str | None) -> ExpectedRevision:
    """Return the revisions in `If-Match`, or None if any revision is accepted.

    A weak ETag, or one that was not issued by this API, matches no revision (RFC 9110 §13.1.1), and
    neither does an empty list.

    Raises:
        BadInput: the header is not a list of ETags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if len(if_match) > MAX_LENGTH or _LIST_OF_ETAGS.fullmatch(if_match) is None:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad_etag",
            "header/If-Match",
            "If-Match must be *, or a comma-separated list of ETags from previous responses, such "
            f'as "3", with at most {MAX_LENGTH:,} characters.',
        )
    strong = (match["tag"] for match in _ETAG.finditer(if_match) if not match["weak"])
    return frozenset(int(tag) for tag in strong if _REVISION.fullmatch(tag))


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
