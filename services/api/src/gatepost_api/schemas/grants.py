"""A grant of a role, in request bodies and in the settings of an identity provider."""

from __future__ import annotations

from gatepost_api.schemas.base import Name, RequestModel
from gatepost_domain.access import roles
from gatepost_domain.access.roles import Role


class GrantBody(RequestModel):
    """A role, everywhere or only for one service, one environment, or one of each."""

    example = {"role": "reviewer", "environment": "production"}

    role: Role
    service: Name | None = None
    """Only for this service."""
    environment: Name | None = None
    """Only in this environment."""

    def to_domain(self) -> roles.Grant:
        """As the domain has it."""
        return roles.Grant(role=self.role, service=self.service, environment=self.environment)
