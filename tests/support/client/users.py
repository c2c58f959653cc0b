"""Users of a running server, created through the client."""

from __future__ import annotations

from collections.abc import Sequence

from gatepost_client import Gatepost
from gatepost_client.models import GrantBody, Role, UserCreate
from tests.support.client.enrolment import enrol


def create_user(
    owner: Gatepost, name: str, role: Role = Role.REVIEWER, *, groups: Sequence[str] = ()
) -> str:
    """Create a user with one unlimited role and return the secret of the user's new token."""
    owner.add_user(UserCreate(name=name, grants=[GrantBody(role=role)], groups=list(groups)))
    return enrol(owner, name)
