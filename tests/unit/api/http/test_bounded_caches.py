"""What one caller can add to the caches is bounded, whatever the caller sends."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest

from gatepost_api.http import response_cache
from gatepost_api.http.caller import Caller
from gatepost_api.http.caller_cache import MAX_CALLERS, CallerCache
from gatepost_api.http.response_cache import EncodedResponse, ResponseCache
from gatepost_domain.access.users import to_actor
from gatepost_domain.ports.reads import StateVersion
from tests.support.builders import NOON, a_token, a_user


def a_caller() -> Caller:
    user, token = a_user(), a_token(last_used_at=NOON)
    return Caller(user=user, token=token, actor=to_actor(user, token))


def a_scope(query: bytes) -> Any:
    return {
        "raw_path": b"/api/v1/deployments",
        "query_string": query,
        "headers": [(b"authorization", b"Bearer secret")],
        "state": {"gatepost_state_version": StateVersion(1, 0, 0)},
        "auth": a_caller(),
        "route_handler": SimpleNamespace(handler_name="list_deployments"),
    }


def test_small_responses_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response counts with what identifies it; the oldest ones make room."""
    monkeypatch.setattr(response_cache, "MAX_BYTES", 100_000)
    cache = ResponseCache()
    empty = EncodedResponse(status=HTTPStatus.OK, headers=[], body=b"", etag=None)

    for number in range(1000):
        cache.store(a_scope(b"x=%d" % number), empty, now=NOON, keep_for_s=60)

    kept = [
        number
        for number in range(1000)
        if cache.find(a_scope(b"x=%d" % number), lambda: NOON + timedelta(seconds=1))
    ]
    assert 0 < len(kept) < 100
    assert kept[-1] == 999


def test_spellings_of_a_token_are_bounded() -> None:
    """The headers are forgotten when there are too many, and the latest one is known."""
    callers, caller = CallerCache(), a_caller()

    for number in range(MAX_CALLERS + 1):
        callers.add(b"Bearer%s secret" % (b" " * number), caller, version=StateVersion(1, 0, 0))

    last = b"Bearer%s secret" % (b" " * MAX_CALLERS)
    assert callers.find(last, version=StateVersion(1, 0, 0), now=lambda: NOON) is caller
    assert callers.find(b"Bearer secret", version=StateVersion(1, 0, 0), now=lambda: NOON) is None


def test_caller_is_known_until_a_user_or_a_token_changes() -> None:
    """Other commits change nothing about a caller; a revocation ends all that is known."""
    callers, caller = CallerCache(), a_caller()

    callers.add(b"Bearer secret", caller, version=StateVersion(1, 1, access=7))

    def find(version: StateVersion | None) -> Caller | None:
        return callers.find(b"Bearer secret", version=version, now=lambda: NOON)

    assert find(StateVersion(2, 2, access=7)) is caller
    assert find(StateVersion(2, 2, access=8)) is None
    assert find(None) is None
