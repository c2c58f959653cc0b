"""Requests to operations of the API, and functions that prepare what they require."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tests.support.http.api import PREFIX, Api, Json, auth_header


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRequest:
    """A request to an operation, by default from the owner."""

    method: str
    path: str
    json: Json | None = None
    content: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=lambda: auth_header("owner"))


Preparation = Callable[[Api], Awaitable[OperationRequest]]


def get(path: str, **parameters: str) -> OperationRequest:
    return OperationRequest(method="GET", path=f"{PREFIX}{path}", parameters=parameters)


def post(path: str, body: Json | None = None, *, by: str = "owner") -> OperationRequest:
    return OperationRequest(
        method="POST", path=f"{PREFIX}{path}", json=body, headers=auth_header(by)
    )


def change(method: str, path: str, body: Json | None = None) -> OperationRequest:
    return OperationRequest(method=method, path=f"{PREFIX}{path}", json=body)


def document(method: str, path: str, body: Json | None = None) -> OperationRequest:
    """Return a request to an interface that a source document defines."""
    return OperationRequest(method=method, path=path, json=body)
