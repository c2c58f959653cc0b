"""How a deployment is named in a path."""

from __future__ import annotations

from gatepost_domain.deployments.deployment import DeploymentReference, parse_reference
from gatepost_domain.errors import NotFound


def require_reference(text: str) -> DeploymentReference:
    """The deployment that a path names, by id or number.

    Raises:
        Unknown: no deployment can have such a name.
    """
    reference = parse_reference(text)
    if reference is None:
        raise NotFound("deployment", text)
    return reference
