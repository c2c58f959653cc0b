"""Tasks to answer a GitHub job that waits for a deployment protection rule."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.signing.github_app import GitHubApp
from gatepost_domain.actions.ingest import github_protection_answer_claims as domain
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.ingest.github_protection_answer import REQUEST_TIMEOUT


class ProtectionAnswerTask(ResponseModel, tag="protection_answer", tag_field="kind"):
    """A task to answer a GitHub job: request a token, then send a message once with that token."""

    id: UUID
    """The answer's id."""
    fencing_token: int
    """The fencing token to send with the result. A result with a superseded token is refused."""
    leased_until: Instant
    """When the lease expires and another worker can send the answer."""
    token_url: str
    """The URL that issues a token for the GitHub App's installation in response to a POST
    request."""
    app_token: str
    """The bearer token for `token_url`, signed with the GitHub App's private key. It is valid for
    five minutes."""
    url: str
    """The URL to which the answer is sent with POST and the installation's token. Redirects must
    not be followed."""
    body: str
    """The body of the answer, to be sent unchanged in UTF-8."""
    timeout_s: int
    """The time limit for each of the two requests, in seconds."""
    outgoing_allow: list[str]
    """The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits."""

    @classmethod
    def from_domain_task(
        cls,
        task: domain.ProtectionAnswerTask,
        app: GitHubApp,
        *,
        address: str,
        outgoing_allow: tuple[str, ...],
        at: datetime,
    ) -> Self:
        """Map a domain task to its response; the link to the deployment begins with `address`."""
        answer = task.answer
        body = {
            "environment_name": answer.environment_name,
            "state": task.verdict.value,
            "comment": _comment(task.deployment, address),
        }
        return cls(
            id=answer.id,
            fencing_token=answer.claims,
            leased_until=answer.due_at,
            token_url=app.token_url(answer.installation),
            app_token=app.sign_token(at),
            url=answer.callback_url,
            body=json.dumps(body, ensure_ascii=False),
            timeout_s=int(REQUEST_TIMEOUT.total_seconds()),
            outgoing_allow=list(outgoing_allow),
        )


def _comment(deployment: Deployment, address: str) -> str:
    """Return a comment with the status of the deployment and a link to its page."""
    number = format_number(deployment.number)
    status = deployment.status.value.replace("_", " ")
    return f"Gatepost: {number} is {status}. {address}/deployments/{number}"
