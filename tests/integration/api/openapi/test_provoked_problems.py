"""The problems that the document declares for faulty requests are those that operations respond.

Each operation gets its complete request with one fault. The refusals by rules are provoked in the
tests of each subject, whose client checks that the document declares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

import httpx2
import pytest

from gatepost_api.openapi.document import openapi_document
from tests.support.http.api import Api
from tests.support.http.documented_responses import declared_codes, require_declared
from tests.support.http.operation_requests import REQUESTS
from tests.support.http.request_builders import OperationRequest

Json = Any
Faulty = tuple[dict[str, Any], OperationRequest]

OPERATIONS: Final[Mapping[str, tuple[str, Json]]] = {
    operation["operationId"]: (path, operation)
    for path, operations in openapi_document()["paths"].items()
    for operation in operations.values()
}
UNKNOWN: Final = "0197f5c8-b1d2-7c6e-9a3f-5d2e8c4b1a99"
"""A name, a number and an id that nothing has."""
TOO_LARGE: Final = "9" * 12
"""A length in bytes that no operation accepts, of which a request can only be a part."""
STATUSES: Final = (400, 404, 412, 413, 415)
"""The statuses that only faults lead to, and no rule."""
OTHER_FAULTS: Final[Mapping[str, dict[str, Any]]] = {
    "get_consistency_proof": {"params": {"old_size": "999999"}},
    "get_inclusion_proof": {"params": {"seq": "999999"}},
    "get_service_health": {"params": {"environment": UNKNOWN}},
    "get_target": {"path": "/api/v1/services/cart/targets/test"},
    "retire_target": {"path": "/api/v1/services/cart/targets/test"},
}
"""Requests for what there is not, apart from unknown parameters in the path."""
PROVOKED_ELSEWHERE: Final = {("receive_delivery", 400): {"malformed"}}
"""The codes that need a fault in a body with a valid signature; see `test_deliveries`."""


def unknown_in_path(name: str, template: str, request: OperationRequest) -> Iterator[str]:
    """Yield the path with each of its parameters replaced in turn, also by one with a slash."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template.replace("{path}", "(?P<path>.+)"))
    match = re.fullmatch(pattern, request.path)
    assert match is not None, (name, request.path)
    for parameter in match.groupdict():
        start, end = match.span(parameter)
        for value in (UNKNOWN, quote("a/b", safe="")):
            yield request.path[:start] + value + request.path[end:]


def faulty_bodies(operation: Json) -> Iterator[dict[str, Any]]:
    """Yield bodies, with their headers, that an operation with a body has to refuse."""
    contents = operation.get("requestBody", {}).get("content", {})
    if not contents:
        return
    media_type = next(iter(contents))
    yield {"content": b"{", "headers": {"Content-Type": media_type}}
    yield {"content": b"x", "headers": {"Content-Type": "application/x-unknown"}}
    yield {"content": b"{}", "headers": {"Content-Type": media_type, "Content-Encoding": "x"}}
    gzip = {"Content-Type": media_type, "Content-Encoding": "gzip"}
    yield {"content": b"no gzip", "headers": gzip}
    yield {"content": b"", "headers": {"Content-Type": media_type, "Content-Length": TOO_LARGE}}


async def send(api: Api, request: OperationRequest, **changes: Any) -> httpx2.Response:
    """Send a request with other options than its own."""
    options: dict[str, Any] = {"params": request.parameters, **changes}
    if "content" not in options:
        body = {"json": request.json} if request.json is not None else {"content": request.content}
        options |= body
    headers = {**request.headers, **options.pop("headers", {})}
    return await api.client.request(
        request.method, options.pop("path", request.path), headers=headers, **options
    )


@pytest.mark.parametrize("name", REQUESTS)
async def test_faulty_requests_get_the_declared_problems(api: Api, name: str) -> None:
    """An operation declares exactly the problems that a fault of each kind leads to."""
    template, operation = OPERATIONS[name]
    given = REQUESTS[name]
    request = given if isinstance(given, OperationRequest) else await given(api)
    changes: list[dict[str, Any]] = [
        {"path": path} for path in unknown_in_path(name, template, request)
    ]
    changes += faulty_bodies(operation)
    changes += [{"params": {**request.parameters, "nonsense": "1"}}]
    changes += [OTHER_FAULTS[name]] if name in OTHER_FAULTS else []
    changes += [{"headers": {"Host": "elsewhere.example"}}]
    if any(each["name"] == "If-Match" for each in operation.get("parameters", ())):
        changes += [{"headers": {"If-Match": each}} for each in ('"999999"', "odd")]

    provoked: dict[int, set[str]] = {}
    for change in changes:
        response = await send(api, request, **change)
        if response.status_code >= 400:
            provoked.setdefault(response.status_code, set()).add(response.json()["code"])

    declared = {
        int(status): declared_codes(response)
        for status, response in operation["responses"].items()
        if int(status) >= 400
    }
    for status, codes in provoked.items():
        assert codes <= declared.get(status, set()), (status, codes)
    for status in STATUSES:
        elsewhere = PROVOKED_ELSEWHERE.get((name, status), set())
        assert declared.get(status, set()) - elsewhere == provoked.get(status, set()), status


@pytest.mark.parametrize(
    ("status", "code"), [(418, None), (404, "unknown_service"), (409, "frozen")]
)
def test_undocumented_response_is_noticed(status: int, code: str | None) -> None:
    """The client of the tests refuses statuses and codes that the document does not declare."""
    path = "/api/v1/settings-changes/1/approve"
    require_declared("POST", path, 409, "settings_change_stale")

    with pytest.raises(AssertionError, match="not documented"):
        require_declared("POST", path, status, code)
