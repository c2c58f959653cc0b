"""Why an incomplete request would be refused, whatever its remaining fields contain."""

from __future__ import annotations

from collections.abc import Callable

from gatepost_domain.access.authorization import authorize_somewhere
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.deployments.request import require_deployable
from gatepost_domain.errors import NotFound, Refusal
from gatepost_domain.ports.unit_of_work import UnitOfWork


def find_request_refusals(
    uow: UnitOfWork,
    command: Command,
    *,
    service: str | None,
    environment: str | None,
    version: str | None,
) -> tuple[Refusal, ...]:
    """Return why a request with these fields would be refused, whatever its other fields contain.

    A field is None until it is chosen. Unknown names are not reported here; they make the request
    itself invalid.
    """

    def check_role() -> None:
        authorize_somewhere(command.actor, Right.REQUEST, service=service, environment=environment)

    def check_version() -> None:
        if service is not None and environment is not None and version is not None:
            require_deployable(uow, service, environment, version)

    refusals = (_catch_refusal(check) for check in (check_role, check_version))
    return tuple(refusal for refusal in refusals if refusal is not None)


def _catch_refusal(check: Callable[[], None]) -> Refusal | None:
    try:
        check()
    except NotFound:
        return None
    except Refusal as refusal:
        return refusal
    return None
