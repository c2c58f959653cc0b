"""Keyset pagination with opaque cursors, stable while items are added."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.params import QueryParameter

from gatepost_api.http.constrained_parameters import CheckedParameter, InvalidValue
from gatepost_api.http.encoded_json_response import JsonResponse
from gatepost_api.http.input_faults import InputFault, InvalidInput
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.paging import Page, PageRequest, T

MAX_PAGE_SIZE: Final = 200
DEFAULT_PAGE_SIZE: Final = 50

Limit = Annotated[
    int, QueryParameter(ge=1, le=MAX_PAGE_SIZE, description="The maximum number of items per page.")
]
_CURSOR_PATTERN: Final = "^[A-Za-z0-9_-]+$"
"""Base64 for URLs, without padding (RFC 4648, section 5)."""
ArchivedFilter = Annotated[
    bool, QueryParameter(description="List only archived items instead of only active ones.")
]

LINK_HEADER: Final = ResponseHeader(
    name="Link",
    description='The URL of the next page, with rel="next" (RFC 8288). Absent on the last page.',
    value="",
    required=False,
    documentation_only=True,
)


class CursorKind(Enum):
    """The lists that have cursors, and the pattern of each list's decoded cursors.

    No cursor matches the pattern of another list.
    """

    DEPLOYMENTS = re.compile(r"d([0-9]{1,18})")
    FREEZES = re.compile(r"f([0-9a-f-]{36})")
    INCIDENTS = re.compile(r"j([0-9a-f-]{36})")
    POLICIES = re.compile(r"p([0-9]{1,9})")
    HISTORY = re.compile(r"i([0-9TZ:.-]{27}/[0-9]{1,18})")
    EVENTS = re.compile(r"h([0-9]{1,18})")
    SERVICES = re.compile(r"s([^\x00-\x1f\x7f]{1,200})")
    CHECK_RUNS = re.compile(r"r([0-9a-f-]{36})")
    INGEST_DELIVERIES = re.compile(r"n([0-9a-f-]{36})")
    SETTINGS_CHANGES = re.compile(r"c([0-9a-f-]{36})")
    VERSIONS = re.compile(r"v([^\x00-\x1f\x7f]{1,200})")
    TARGET_VERSIONS = re.compile(r"k([0-9]{1,9})")
    TARGETS = re.compile(r"g([^\x00-\x1f\x7f]{1,200})")
    USERS = re.compile(r"u([^\x00-\x1f\x7f]{1,200})")
    TOKENS = re.compile(r"t([0-9a-f-]{36})")
    NOTIFICATION_CHANNELS = re.compile(r"a([0-9a-f-]{36})")
    NOTIFICATIONS = re.compile(r"b([0-9a-f-]{36})")
    WEBHOOKS = re.compile(r"w([0-9a-f-]{36})")
    DELIVERIES = re.compile(r"y([0-9]{1,18})")
    ENVIRONMENTS = re.compile(r"e([^\x00-\x1f\x7f]{1,200})")


def cursor_parameter(kind: CursorKind) -> CheckedParameter:
    """Return the query parameter for a list's cursor."""
    return CheckedParameter(
        check=partial(_key_of, kind=kind),
        max_length=1100,
        schema_extra={"pattern": _CURSOR_PATTERN},
        description="The `next_cursor` of the previous page. Default: the first page.",
    )


def page_request(limit: int, cursor: str | None, kind: CursorKind) -> PageRequest:
    """Return the request for the page of a list that a cursor refers to.

    Raises:
        InvalidInput: the cursor was not issued for this list.
    """
    try:
        after = None if cursor is None else _key_of(cursor, kind=kind)
    except InvalidValue as error:
        fault = InputFault(
            pointer="query/cursor", name="`cursor`", predicate=str(error), code=error.code
        )
        raise InvalidInput([fault]) from error
    return PageRequest(limit=limit, after=after)


def _key_of(cursor: str, *, kind: CursorKind) -> str:
    """Return the key in a cursor. Earlier releases padded cursors with `=`.

    Raises:
        InvalidValue: the cursor was not issued for this list.
    """
    try:
        unpadded = cursor.encode("ascii").rstrip(b"=")
        padded = unpadded + b"=" * (-len(unpadded) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError):
        decoded = ""
    match = kind.value.fullmatch(decoded)
    if match is None:
        raise InvalidValue(
            "was not issued for this list; start again without a cursor", code="bad_cursor"
        )
    return match[1]


async def fetch_all_pages(fetch_page: Callable[[PageRequest], Awaitable[Page[T]]]) -> list[T]:
    """Return the items of all pages of a list that is known to fit in memory."""
    items: list[T] = []
    after: str | None = None
    while True:
        page = await fetch_page(PageRequest(limit=MAX_PAGE_SIZE, after=after))
        items += page.items
        after = page.next_key
        if after is None:
            return items


def encode_cursor(after: str | None, kind: CursorKind) -> str | None:
    """Return the cursor for the page after a key, or None if there is no next page."""
    if after is None:
        return None
    encoded = base64.urlsafe_b64encode(f"{kind.value.pattern[0]}{after}".encode())
    return encoded.rstrip(b"=").decode()


def page_response(
    request: ApiRequest,
    page: msgspec.Struct,
    cursor: str | None,
    *,
    keep_for_s: float | None = None,
) -> Response[Any]:
    """Return the page as JSON, with a link to the next page."""
    headers: dict[str, str] = {}
    if cursor is not None:
        query_string = request.scope["query_string"].decode("latin-1")  # Latin-1 decodes any byte
        query = [
            (name, value)
            for name, value in parse_qsl(query_string, keep_blank_values=True, encoding="latin-1")
            if name != "cursor"
        ]
        next_query = urlencode([*query, ("cursor", cursor)], encoding="latin-1")
        headers["Link"] = f'<{quote(request.scope["path"])}?{next_query}>; rel="next"'
    return JsonResponse(msgspec.json.encode(page), headers=headers, keep_for_s=keep_for_s)
