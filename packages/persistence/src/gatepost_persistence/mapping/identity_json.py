"""Mapping between stored JSON and identities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from gatepost_domain.access.credential_provenance import Identity


def identity_from_json(stored: Mapping[str, Any]) -> Identity:
    """Return an identity from its stored form, which older releases may have written."""
    return msgspec.convert(upgrade_identity_json(stored), Identity)


def upgrade_identity_json(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a stored identity in the current form; older releases stored a human and an issuer.

    The human and the issuer count as the same person, as they did when the identity was stored.
    """
    if "humans" in stored:
        return stored
    names = (stored["human"], stored["issuer"])
    return {"humans": sorted({name for name in names if name is not None})}
