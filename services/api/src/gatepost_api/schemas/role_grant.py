"""A grant of a role, in request bodies and identity provider settings."""

from __future__ import annotations

from gatepost_api.schemas.base import Name, RequestModel
from gatepost_domain.access import roles
from gatepost_domain.access.roles import Role


class GrantBody(RequestModel):
    """A role, optionally limited to one service, one environment or both."""

    example = {"role": "reviewer", "environment": "production"}

    role: Role
    service: Name | None = None
    """The service to limit the role to. Null means all services."""
    environment: Name | None = None
    """The environment to limit the role to. Null means all environments."""

    def to_domain(self) -> roles.Grant:
        """Return the domain grant."""
        return roles.Grant(role=self.role, service=self.service, environment=self.environment)
