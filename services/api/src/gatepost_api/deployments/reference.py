"""Parsing of deployment references in paths."""

from __future__ import annotations

from gatepost_domain.deployments.deployment import DeploymentReference, parse_reference
from gatepost_domain.errors import NotFound


def parse_deployment_reference(text: str) -> DeploymentReference:
    """Return the deployment reference in a path: an id or a number.

    Raises:
        NotFound: the text is neither an id nor a number.
    """
    reference = parse_reference(text)
    if reference is None:
        raise NotFound("deployment", text)
    return reference
