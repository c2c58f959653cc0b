"""Reasons why a person with powers in guarded environments cannot be invited."""

from __future__ import annotations

from dataclasses import dataclass

from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.errors import GuardedPowers
from gatepost_domain.access.users import User
from gatepost_domain.actions.access.guarded_powers import (
    Guards,
    find_guarded_powers,
    find_powers_blocking_invitation,
)
from gatepost_domain.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRefusals:
    """Why a person cannot be invited now or after a reset; None if an invitation is possible."""

    now: str | None
    after_reset: str | None


async def load_invitation_refusals(request: ApiRequest, user: User) -> InvitationRefusals:
    """Return why an admin cannot invite a person now, and why not after a reset."""

    def load(uow: UnitOfWork) -> InvitationRefusals:
        return InvitationRefusals(
            now=_refusal(user, find_powers_blocking_invitation(uow, user)),
            after_reset=_refusal(user, find_guarded_powers(uow, None, user)),
        )

    return await request.context.reads.read_snapshot(load)


def _refusal(user: User, guards: Guards) -> str | None:
    if not guards.environments:
        return None
    return str(GuardedPowers(user.name, guards.gives, guards.environments, by="invitation"))
