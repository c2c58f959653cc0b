"""Tasks to answer a job of GitHub that waits for a deployment protection rule."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Self
from uuid import UUID

from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_api.signing.github_app import GitHubApp
from gatepost_domain.actions.ingest import answer_claims as domain
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.ingest.protection_answer import REQUEST_TIMEOUT


class ProtectionAnswerTask(ResponseModel, tag="protection_answer", tag_field="kind"):
    """A claimed answer: a token to request, and a message to send once with that token."""

    id: UUID
    """The answer's id."""
    fencing_token: int
    """The token to send with the result. A result with a superseded token is refused."""
    leased_until: Instant
    """When another worker can send the answer."""
    token_url: str
    """The URL that issues the token of the installation, with POST."""
    app_token: str
    """The bearer token for `token_url`, which the GitHub App signed. It is valid for five
    minutes."""
    url: str
    """The URL to which the answer is sent with POST and the token of the installation. Redirects
    must not be followed."""
    body: str
    """The body, to be sent unchanged in UTF-8."""
    timeout_s: int
    """How long each of the two requests may take, in seconds."""
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
        """Return the task to answer a job. `address` is that of the server for people."""
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
    """Return the comment: the status of the deployment, and its page."""
    number = format_number(deployment.number)
    status = deployment.status.value.replace("_", " ")
    return f"Gatepost: {number} is {status}. {address}/deployments/{number}"
