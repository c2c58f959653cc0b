"""The setup checklist: a team's first steps, shown to admins until they are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from litestar.datastructures import Cookie

from gatepost_api.console.views.catalog_choices import load_active_services, load_users
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.roles import Right
from gatepost_domain.access.users import UserKind
from gatepost_domain.deployments.deployment import DeploymentKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.status_transitions import Status

MAX_DEPLOYMENTS: Final = 50
"""The number of recent deployments to search for an approved one."""
MAX_SERVICES: Final = 20
"""The number of services to search for a version and a target."""

_COOKIE: Final = "gatepost-checklist"
_YEAR_S: Final = 365 * 24 * 3600
_REQUESTS: Final = DeploymentFilter(kinds=(DeploymentKind.REQUEST,))
_COMPLETED: Final = DeploymentFilter(
    kinds=(DeploymentKind.REQUEST, DeploymentKind.PROMOTION),
    statuses=(Status.SUCCEEDED, Status.ROLLED_BACK),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in the checklist."""

    text: str
    url: str | None
    """The page for the step; None if the user lacks the required role."""
    is_done: bool


async def load_checklist(request: ApiRequest) -> list[Step]:
    """Return the steps; an empty list for non-admins, or once all steps are done or hidden."""
    reads, actor = request.context.reads, request.auth.actor
    if not actor.may(Right.MANAGE_PEOPLE) or request.cookies.get(_COOKIE):
        return []
    has_approved = await _has_completed_approved_deployment(reads)
    people = [user for user in await load_users(reads) if user.kind is UserKind.HUMAN]
    if has_approved and len(people) > 1:
        return []
    services = await load_active_services(reads)
    has_version = has_target = False
    for service in services[:MAX_SERVICES]:
        has_version |= bool((await reads.versions(service.name, PageRequest(limit=1))).items)
        has_target |= bool((await reads.targets(service.name, PageRequest(limit=1))).items)
    requests = await reads.deployments(_REQUESTS, PageRequest(limit=1))
    service_path = f"/services/{services[0].name}" if services else "/services"
    return [
        Step(text="Invite reviewers", url="/people#invite", is_done=len(people) > 1),
        Step(
            text="Register a service",
            url="/services/new" if actor.may_somewhere(Right.REGISTER) else None,
            is_done=bool(services),
        ),
        Step(
            text="Register a version",
            url=f"{service_path}/versions" if services else service_path,
            is_done=has_version,
        ),
        Step(
            text="Configure a target and checks",
            url=f"{service_path}/targets" if services else service_path,
            is_done=has_target,
        ),
        Step(
            text="Request a deployment",
            url="/deployments/new" if actor.may_somewhere(Right.REQUEST) else None,
            is_done=bool(requests.items),
        ),
        Step(text="Complete an approved deployment", url="/inbox", is_done=has_approved),
    ]


def dismissal_cookie(*, secure: bool) -> Cookie:
    """Return a cookie that hides the checklist in a browser."""
    return Cookie(
        key=_COOKIE,
        value="dismissed",
        max_age=_YEAR_S,
        httponly=True,
        secure=secure,
        samesite="strict",
    )


async def _has_completed_approved_deployment(reads: ReadModel) -> bool:
    page = await reads.deployments(_COMPLETED, PageRequest(limit=MAX_DEPLOYMENTS))
    return any(each.approvals and each.deployed_at is not None for each in page.items)
