"""The responses that the OpenAPI document declares, and a check that a response is one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import httpx2

from gatepost_api.openapi.document import openapi_document

Json = dict[str, Any]

UNDOCUMENTED: Final = {405, 500}
"""Statuses of requests that are not about an operation, and of errors that a test provokes."""


@cache
def _operations() -> list[tuple[str, re.Pattern[str], Json]]:
    """Return the method, the path as a pattern, and the declaration of each operation.

    Paths with fewer parameters are first, because they take precedence.
    """
    declared = [
        (path, method, operation)
        for path, operations in openapi_document()["paths"].items()
        for method, operation in operations.items()
    ]
    declared.sort(key=lambda each: each[0].count("{"))
    return [(method.upper(), _pattern(path), operation) for path, method, operation in declared]


def _pattern(path: str) -> re.Pattern[str]:
    """Return the pattern of a path, of which only the parameter `path` contains slashes."""
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path.replace("{path}", ".+")))


def find_operation(method: str, path: str) -> Json | None:
    """Return the declaration of the operation that a request is for, or None."""
    documented = "GET" if method == "HEAD" else method
    for declared, pattern, operation in _operations():
        if declared == documented and pattern.fullmatch(path):
            return operation
    return None


def declared_codes(response: Mapping[str, Any]) -> set[str]:
    """Return the problem codes that the declaration of a response lists."""
    return set(re.findall("`([a-z_]+)`", response["description"].partition("`code`")[2]))


def require_declared(method: str, path: str, status: int, code: str | None) -> None:
    """Check that the document declares a response to a request; `code` is that of a problem.

    Nothing is checked for paths that are not in the document, such as pages.
    """
    operation = find_operation(method, path)
    if operation is None or status in UNDOCUMENTED:
        return
    declared = operation["responses"].get(str(status))
    response = f"{operation['operationId']} returned {status} {code}, which is not documented"
    assert declared is not None, response
    assert code is None or code in declared_codes(declared), response


async def require_documented(response: httpx2.Response) -> None:
    """Check that the document declares the status of a response, and the code of a problem."""
    code: str | None = None
    request = response.request
    is_problem = response.headers.get("Content-Type") == "application/problem+json"
    if is_problem and request.method != "HEAD":
        await response.aread()
        code = response.json()["code"]
    require_declared(request.method, request.url.path, response.status_code, code)
