"""The id of a request, and its trace."""

from __future__ import annotations

import pytest

from gatepost_api.auth.token_secrets import generate_token_secret
from gatepost_api.observability.request_ids import (
    current_request,
    identified_as,
    identify_request,
)
from gatepost_domain.access.users import UserKind

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"


@pytest.mark.parametrize("sent", ["a", "run-42", "pipeline:7/job=3+x@y~z", "k" * 128])
def test_id_of_the_client_is_taken_over(sent: str) -> None:
    """A well-formed id is the id of the request, and the response contains it."""
    identity = identify_request([(b"x-request-id", sent.encode())])

    assert identity.id == sent
    assert identity.is_from_client
    assert identity.headers == [(b"x-request-id", sent.encode())]


@pytest.mark.parametrize(
    "sent", [b"", b"a b", b"a\tb", b'a"b', b"k" * 129, b"\xc3\xa4", b"x\x00", b"a#b", b"a<b"]
)
def test_malformed_id_is_replaced(sent: bytes) -> None:
    """An id that a log or a URI would have to escape is replaced; nothing is refused."""
    identity = identify_request([(b"x-request-id", sent)])

    assert len(identity.id) == 32
    assert not identity.is_from_client


def test_two_ids_are_replaced() -> None:
    """If two ids are sent, neither is used."""
    identity = identify_request([(b"x-request-id", b"one"), (b"x-request-id", b"two")])

    assert identity.id not in {"one", "two"}


def test_secret_is_no_id() -> None:
    """A token sent as an id by mistake is neither logged nor recorded."""
    secret = generate_token_secret(UserKind.SERVICE)

    assert identify_request([(b"x-request-id", secret.encode())]).id != secret


def test_every_new_id_is_different() -> None:
    """Requests without an id get different ones."""
    assert len({identify_request([]).id for _ in range(100)}) == 100


def test_trace_of_the_client_is_taken_over() -> None:
    """A well-formed `traceparent` is returned, and its trace id is known."""
    identity = identify_request([(b"traceparent", TRACEPARENT.encode())])

    assert identity.trace_id == TRACE_ID
    assert (b"traceparent", TRACEPARENT.encode()) in identity.headers


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "00",
        TRACEPARENT.upper(),
        f"ff-{TRACE_ID}-b7ad6b7169203331-01",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"{TRACEPARENT}-x",
        f"{TRACEPARENT}\n",
    ],
)
def test_malformed_trace_is_ignored(sent: str) -> None:
    """W3C Trace Context §4.3: a malformed `traceparent` is treated as if there were none."""
    identity = identify_request([(b"traceparent", sent.encode())])

    assert identity.traceparent is None
    assert identity.trace_id is None


def test_identity_ends_with_its_request() -> None:
    """The identity is known during the block only."""
    identity = identify_request([])
    with identified_as(identity):
        assert current_request() is identity

    assert current_request() is None
