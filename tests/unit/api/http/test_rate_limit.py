"""The number of requests that a user can send in a minute."""

from __future__ import annotations

import pytest

from gatepost_api.http.rate_limit import RateLimited, RateLimiter


class SecondClock:
    """A clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_headers_say_how_many_requests_are_left() -> None:
    """The policy is 60 requests in 60 seconds; each request leaves one less."""
    limiter = RateLimiter(60, SecondClock())

    headers = [dict(limiter.count_request("ada")) for _ in range(3)]

    assert [header[b"ratelimit"] for header in headers] == [
        b'"user";r=59;t=1',
        b'"user";r=58;t=2',
        b'"user";r=57;t=3',
    ]
    assert {header[b"ratelimit-policy"] for header in headers} == {b'"user";q=60;w=60'}


def test_requests_beyond_the_limit_are_refused() -> None:
    """All requests of a minute can be sent at once; the next one has to wait for its share."""
    clock = SecondClock()
    limiter = RateLimiter(60, clock)
    for _ in range(60):
        limiter.count_request("ada")

    with pytest.raises(RateLimited) as refusal:
        limiter.count_request("ada")

    assert refusal.value.headers == {"Retry-After": "1"}
    assert dict(refusal.value.response_headers)[b"ratelimit"] == b'"user";r=0;t=1'
    clock.now_s += 1
    limiter.count_request("ada")
    with pytest.raises(RateLimited):
        limiter.count_request("ada")


def test_requests_are_available_again_after_a_minute() -> None:
    """A user who sent nothing for a minute has the whole limit."""
    clock = SecondClock()
    limiter = RateLimiter(60, clock)
    for _ in range(60):
        limiter.count_request("ada")

    clock.now_s += 60

    assert dict(limiter.count_request("ada"))[b"ratelimit"] == b'"user";r=59;t=1'


def test_users_have_separate_limits() -> None:
    """One user's requests leave those of the others."""
    limiter = RateLimiter(1, SecondClock())
    limiter.count_request("ada")

    assert limiter.count_request("bo")


def test_limit_can_be_switched_off() -> None:
    """With the limit 0, nobody is refused, and responses have no header fields."""
    limiter = RateLimiter(0, SecondClock())

    assert {limiter.count_request("ada") for _ in range(1000)} == {()}
