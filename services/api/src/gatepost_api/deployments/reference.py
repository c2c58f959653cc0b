"""How a deployment is named in a path."""

from __future__ import annotations

from gatepost_domain.deployments.deployment import Reference, parse_reference
from gatepost_domain.errors import Unknown


def require_reference(text: str) -> Reference:
    """The deployment that a path names, by id or number.

    Raises:
        Unknown: no deployment can have such a name.
    """
    reference = parse_reference(text)
    if reference is None:
        raise Unknown("deployment", text)
    return reference
