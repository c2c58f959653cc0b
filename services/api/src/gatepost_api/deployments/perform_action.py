"""Handing an action on a deployment to the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from litestar import Response

from gatepost_api.deployments.reference import reference_to
from gatepost_api.deployments.responses import Deployment
from gatepost_api.http.etags import etag, expected_revision
from gatepost_api.http.idempotency import Answer, write
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.deployments.deployment import Reference
from gatepost_domain.ports.unit_of_work import Work


class Said(Protocol):
    """Who acts, and what they want to say."""

    @property
    def actor(self) -> str | None:
        """Whom the request names as acting."""
        ...

    @property
    def note(self) -> str | None:
        """The note."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InPerson:
    """What somebody says who can name nobody else as acting."""

    note: str
    actor: None = None


class Act(Protocol):
    """An action of the domain on one deployment."""

    def __call__(
        self, work: Work, reference: Reference, command: Command, *, revision: int | None
    ) -> domain.Deployment:
        """Load, decide, save."""
        ...


async def act(
    request: ApiRequest,
    deployment: str,
    said: Said,
    action: Act,
    key: str | None,
    if_match: str | None,
    *,
    makes_another: bool = False,
) -> Response[Deployment]:
    """Perform an action and answer with the deployment that comes of it, as it stands then."""
    reference, revision = reference_to(deployment), expected_revision(if_match)

    def changed(work: Work, after: domain.Deployment) -> Answer:
        policy = work.environments.policy(after.environment, after.policy_version)
        told, tag = Deployment.of(after, policy), etag(after.revision)
        if not makes_another:
            return Answer.of(told, ETag=tag)
        return Answer.of(told, Location=f"/api/v1/deployments/{after.id}", ETag=tag)

    return await write(
        request,
        request.wish(said.actor, note=said.note),
        key,
        partial(action, reference=reference, revision=revision),
        changed,
    )
