"""The limits on the number of deployments waiting to start."""

from __future__ import annotations

from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.deployments.errors.requests import TooManyOpenRequests
from gatepost_domain.ports.unit_of_work import UnitOfWork


def require_room(uow: UnitOfWork, requested: Deployment, policy: Policy) -> None:
    """Refuse a new deployment if too many others are waiting to start.

    Redeployments after a rollback are not refused.

    Raises:
        TooManyOpenRequests: the requester or the lane already has the maximum number.
    """
    service, environment, requester = requested.service, requested.environment, requested.requester
    limit = policy.max_open_per_lane
    if limit is not None and uow.deployments.has_waiting_in_lane(
        service, environment, at_least=limit
    ):
        raise TooManyOpenRequests(
            f"{service} in {environment}", limit, "max_open_per_lane", environment
        )
    limit = policy.max_open_per_requester
    if limit is not None and uow.deployments.has_waiting_of_requester(
        _names_of(uow, requester), environment, at_least=limit
    ):
        raise TooManyOpenRequests(
            f"{requester} in {environment}", limit, "max_open_per_requester", environment
        )


def _names_of(uow: UnitOfWork, requester: str) -> tuple[str, ...]:
    """Return a requester's name and, if an older release used another name, that name too."""
    user = uow.users.find_by_recorded_name(requester)
    names = (requester,) if user is None else (requester, user.name, user.former_name)
    return tuple(dict.fromkeys(name for name in names if name is not None))
