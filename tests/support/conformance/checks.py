"""What the conformance tests and `dev.py fuzz` check in addition to schemathesis.

schemathesis imports this module when it is named in `SCHEMATHESIS_HOOKS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import schemathesis
from schemathesis import Case, CheckContext, Response

ACCEPTING: Final = ["2xx", "3xx", 401, 403, 404, 409, 412, 422, 429]
"""The statuses of valid requests; `valid_request_is_not_invalid` says which 422 are allowed."""
REFUSING: Final = [400, 401, 404, 409, 413, 415, 422]
"""The statuses of invalid requests. A body that is too large is refused before it is parsed."""

CODES_OF_SCHEMAS: Final = {"invalid", "unknown_parameter", "bad_etag"}
"""The codes for what the schemas of the document do not allow."""
MAX_DOCUMENTED: Final = 0xFFFF
"""The last character that the patterns of the document are about."""


@schemathesis.check
def valid_request_is_not_invalid(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request that the document allows is refused only by a rule that no schema can express.

    Such a rule has a code of its own, such as `unknown_service`. The patterns of the document leave
    out characters beyond U+FFFF, which not all tools can read.
    """
    if response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY or case.meta is None:
        return
    if case.meta.generation.mode.is_positive and not any(
        ord(character) > MAX_DOCUMENTED for character in _characters_in(case)
    ):
        assert response.json()["code"] not in CODES_OF_SCHEMAS


def _characters_in(case: Case[Any]) -> Iterator[str]:
    """Return all characters of the texts in a request."""
    for value in _values_in([case.body, case.query, case.headers]):
        if isinstance(value, str):
            yield from value


def _values_in(node: object) -> Iterator[object]:
    """Return the texts, numbers and other single values in a part of a request."""
    match node:
        case Mapping():
            for name, value in node.items():
                yield name
                yield from _values_in(value)
        case list() | tuple():
            for element in node:
                yield from _values_in(element)
        case _:
            yield node
