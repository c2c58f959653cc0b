"""Signed envelopes are accepted, and forged ones refused, by an implementation of others.

The other implementation is securesystemslib, of the authors of the specification.
"""

from __future__ import annotations

import json

import pytest
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # not in `__all__`

from gatepost_domain.status_transitions import Status
from gatepost_domain.verification.signed_note import VerifierKey
from tests.support.http.api import Api, ok_json
from tests.support.http.evidence import key_of


def to_other_key(key: VerifierKey) -> SSlibKey:
    """Return the public key as the other implementation represents it."""
    public = {"public": key.public_key.hex()}
    return SSlibKey(key.key_id.hex(), "ed25519", "ed25519", public)


async def test_other_implementation_verifies_our_envelopes(api: Api) -> None:
    """It finds the statement, and a change of one character."""
    await api.deployment(Status.SUCCEEDED)
    path = "/deployments/DEP-1/evidence"
    envelope = Envelope.from_dict(ok_json(await api.get(path, params={"format": "dsse"})))
    statement = json.loads(envelope.payload)
    key = to_other_key(key_of(statement["predicate"]))

    accepted = envelope.verify([key], threshold=1)
    forged = Envelope(
        envelope.payload.replace(b'"succeeded"', b'"failed"', 1),
        envelope.payload_type,
        envelope.signatures,
    )

    assert list(accepted) == [key.keyid]
    assert statement["predicate"]["deployment"]["status"] == "succeeded"
    with pytest.raises(VerificationError):
        forged.verify([key], threshold=1)
