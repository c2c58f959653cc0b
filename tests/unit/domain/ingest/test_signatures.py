"""Verifying signatures over the body as it was sent."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest

from gatepost_domain.access.credential_provenance import Identity
from gatepost_domain.ingest.signatures import (
    TIMESTAMP_TOLERANCE,
    InvalidSignature,
    header_of,
    scheme_of,
    verify_signature,
)
from gatepost_domain.ingest.source import (
    IngestSignature,
    IngestSource,
    IngestSourceKind,
    SourceSettings,
)
from tests.support.builders import NOON
from tests.support.domain.ingest import SECRET
from tests.support.http.ingest import hub_signature, standard_headers

BODY = b'{"a":  1}'
SECOND = timedelta(seconds=1)


def a_source(kind: str, secret: str = SECRET, **settings: object) -> IngestSource:
    """Return a source."""
    return IngestSource(
        kind=IngestSourceKind(kind),
        secret=secret,
        salt="salt",
        settings=SourceSettings(**settings),  # type: ignore[arg-type]  # by name
        identity=Identity(),
        revision=1,
        changed_at=NOON,
        changed_by="root",
    )


def lowered(headers: dict[str, str]) -> dict[str, str]:
    """Return headers as a server reads them."""
    return {name.lower(): value for name, value in headers.items()}


def refuse(source: IngestSource, headers: dict[str, str], body: bytes = BODY) -> str:
    """Check that a delivery is refused, and return why."""
    with pytest.raises(InvalidSignature) as caught:
        verify_signature(source, lowered(headers), body, NOON)
    return str(caught.value)


def test_github_signs_the_body() -> None:
    """Also in capitals, but not another body, and not with another secret."""
    source = a_source("github")
    headers = {"X-Hub-Signature-256": hub_signature(BODY)}

    verify_signature(source, lowered(headers), BODY, NOON)
    verify_signature(
        source, lowered({"X-Hub-Signature-256": hub_signature(BODY).upper()}), BODY, NOON
    )

    assert "does not match" in refuse(source, headers, b'{"a": 1}')
    assert "does not match" in refuse(source, {"X-Hub-Signature-256": hub_signature(BODY, "x")})
    assert "does not match" in refuse(source, {"X-Hub-Signature-256": "é"})
    assert "is missing" in refuse(source, {})


def test_gitlab_sends_its_token_or_signs() -> None:
    """A wrong signature is refused even with the right token."""
    source = a_source("gitlab")
    signed = standard_headers(BODY, id_="d-1", at=NOON)

    verify_signature(source, {"x-gitlab-token": SECRET}, BODY, NOON)
    verify_signature(source, lowered(signed), BODY, NOON)

    assert refuse(source, {"X-Gitlab-Token": "other"})
    assert refuse(source, {**signed, "X-Gitlab-Token": SECRET, "webhook-signature": "v1,x"})


def test_standard_webhooks_sign_id_time_and_body() -> None:
    """With the key that `whsec_` encodes."""
    key = b"a key of twenty-four bytes"
    source = a_source("cdevents", f"whsec_{b64encode(key).decode()}")
    headers = standard_headers(BODY, id_="d-1", at=NOON, key=key)

    verify_signature(source, lowered(headers), BODY, NOON)
    rotated = {**headers, "webhook-signature": f"v1,other v1a,x {headers['webhook-signature']}"}
    verify_signature(source, lowered(rotated), BODY, NOON)

    assert refuse(source, {**headers, "webhook-id": "d-2"})
    assert refuse(source, headers, b"{}")
    assert "webhook-id" in refuse(source, {})


def test_secret_that_is_no_base64_is_the_key_itself() -> None:
    """Some senders use the text."""
    source = a_source("cdevents", "whsec_not base64!")
    headers = standard_headers(BODY, id_="d-1", at=NOON, key=b"whsec_not base64!")

    verify_signature(source, lowered(headers), BODY, NOON)


@pytest.mark.parametrize("age", [-TIMESTAMP_TOLERANCE - SECOND, TIMESTAMP_TOLERANCE + SECOND])
def test_delivery_outside_of_the_window_is_refused(age: timedelta) -> None:
    """Somebody could have kept it."""
    headers = standard_headers(BODY, id_="d-1", at=NOON - age)

    assert "five minutes" in refuse(a_source("cdevents"), headers)


def test_timestamp_that_is_no_number_is_refused() -> None:
    """It causes no error of the server."""
    headers = standard_headers(BODY, id_="d-1", at=NOON)

    assert "five minutes" in refuse(a_source("cdevents"), {**headers, "webhook-timestamp": "x"})


def test_settings_choose_scheme_and_header() -> None:
    """Except where the source has its own."""
    token = a_source("generic", signature=IngestSignature.TOKEN, signature_header="Authorization")
    github = a_source("github", signature=IngestSignature.TOKEN, signature_header="X-Token")

    verify_signature(token, {"authorization": f"Bearer {SECRET}"}, BODY, NOON)
    verify_signature(a_source("generic"), {"x-signature-256": hub_signature(BODY)}, BODY, NOON)
    verify_signature(a_source("argocd"), {"x-gatepost-token": SECRET}, BODY, NOON)

    assert scheme_of(github) is IngestSignature.HMAC_SHA256
    assert header_of(github) == "X-Hub-Signature-256"
    assert "PUT /ingest/generic" in refuse(token, {"Authorization": "Bearer other"})
