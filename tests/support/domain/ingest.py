"""Sources, payloads in the shapes that senders publish, and the actions of ingest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.actions.ingest.receive import (
    IncomingDelivery,
    receive_delivery,
    replay_delivery,
)
from gatepost_domain.actions.ingest.sources import put_source, remove_source
from gatepost_domain.ingest.delivery import IngestDelivery
from gatepost_domain.ingest.source import IngestSource, IngestSourceKind, SourceSettings
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.builders import NOON, a_command, an_id

SECRET: Final = "a-secret-of-the-tests"
COMMIT: Final = "0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa"
CALLBACK_URL: Final = (
    "https://api.github.com/repos/example/shop/actions/runs/30433642/deployment_protection_rule"
)
INSTALLATION: Final = 42
KEEP: Final = timedelta(days=30)

Json = dict[str, Any]


def github_status(
    state: str = "success",
    *,
    environment: str = "production",
    ref: str = "v1.4.2",
    number: int = 7,
    repository: str = "example/shop",
    created_at: str = "2026-11-20T09:30:00Z",
    **deployment: object,
) -> Json:
    """Return the payload of GitHub's event `deployment_status`."""
    return {
        "action": "created",
        "deployment_status": {
            "state": state,
            "environment": environment,
            "created_at": created_at,
        },
        "deployment": {
            "id": number,
            "sha": COMMIT,
            "ref": ref,
            "environment": environment,
            "payload": {},
            "description": "Deploys the shop.",
            "creator": {"login": "octo-ada"},
            **deployment,
        },
        "repository": {
            "full_name": repository,
            "html_url": f"https://github.com/{repository}",
            "clone_url": f"https://github.com/{repository}.git",
            "ssh_url": f"git@github.com:{repository}.git",
        },
        "sender": {"login": "octo-ada"},
    }


def github_run(conclusion: str = "success", **run: object) -> Json:
    """Return the payload of GitHub's event `workflow_run`."""
    return {
        "action": "completed",
        "workflow_run": {
            "id": 30433642,
            "name": "Deploy",
            "path": ".github/workflows/deploy.yml@main",
            "head_branch": "main",
            "head_sha": COMMIT,
            "conclusion": conclusion,
            "updated_at": "2026-11-20T09:30:00Z",
            "display_title": "Deploy the shop",
            "actor": {"login": "octo-ada"},
            "triggering_actor": {"login": "octo-bo"},
            **run,
        },
        "repository": github_status()["repository"],
    }


def github_job(
    *,
    environment: str = "production",
    number: int = 7,
    ref: str = "v1.4.2",
    sha: str = COMMIT,
    **fields: object,
) -> Json:
    """Return the payload of GitHub's event `deployment_protection_rule`."""
    status = github_status(environment=environment, number=number, ref=ref, sha=sha)
    return {
        "action": "requested",
        "environment": environment,
        "event": "push",
        "sha": sha,
        "ref": ref,
        "deployment_callback_url": CALLBACK_URL,
        "deployment": status["deployment"],
        "pull_requests": [{"number": 12}],
        "repository": status["repository"],
        "installation": {"id": INSTALLATION},
        "sender": {"login": "octo-ada"},
        **fields,
    }


def gitlab_deployment(status: str = "success", **fields: object) -> Json:
    """Return the payload of GitLab's Deployment Hook."""
    return {
        "object_kind": "deployment",
        "status": status,
        "status_changed_at": "2026-11-20 11:30:00 +0200",
        "deployment_id": 15,
        "deployable_id": 796,
        "environment": "production",
        "environment_tier": "production",
        "ref": "1.4.2",
        "short_sha": COMMIT[:8],
        "commit_url": f"https://gitlab.example/example/shop/-/commit/{COMMIT}",
        "commit_title": "Add the basket",
        "user": {"username": "ada"},
        "project": {
            "path_with_namespace": "example/shop",
            "web_url": "https://gitlab.example/example/shop",
            "git_http_url": "https://gitlab.example/example/shop.git",
            "git_ssh_url": "git@gitlab.example:example/shop.git",
        },
        **fields,
    }


def gitlab_pipeline(status: str = "success", **attributes: object) -> Json:
    """Return the payload of GitLab's Pipeline Hook."""
    return {
        "object_kind": "pipeline",
        "object_attributes": {
            "id": 31,
            "ref": "main",
            "tag": False,
            "sha": COMMIT,
            "status": status,
            "finished_at": "2026-11-20 09:30:00 UTC",
            **attributes,
        },
        "user": {"username": "ada"},
        "commit": {"title": "Add the basket"},
        "project": gitlab_deployment()["project"],
    }


def cdevent(
    kind: str = "service.deployed",
    artifact: str = "pkg:generic/shop@1.4.2",
    *,
    id: str = "271069a8",  # noqa: A002  # the field's own name
    **subject: object,
) -> Json:
    """Return a CDEvent about a service."""
    return {
        "context": {
            "version": "0.4.1",
            "id": id,
            "source": "/cluster/1",
            "type": f"dev.cdevents.{kind}.0.2.0",
            "timestamp": "2026-11-20T09:30:00Z",
        },
        "subject": {
            "id": "service/shop",
            "type": "service",
            "content": {"environment": {"id": "production"}, "artifactId": artifact},
            **subject,
        },
    }


def encode(payload: object) -> bytes:
    """Return a payload as JSON."""
    return json.dumps(payload).encode()


async def set_up(
    ledger: Ledger,
    kind: str = "github",
    *,
    by: Actor | str = "root",
    secret: str | None = SECRET,
    salt: str = "salt",
    at: datetime = NOON,
    **settings: Any,
) -> IngestSource:
    """Set up a source."""
    return await ledger.perform(
        partial(
            put_source,
            kind=IngestSourceKind(kind),
            settings=SourceSettings(**settings),
            command=a_command(by, at=at),
            secret=secret,
            salt=salt,
        )
    )


async def remove(ledger: Ledger, kind: str = "github", *, at: datetime = NOON) -> IngestSource:
    """Remove a source."""
    return await ledger.perform(
        partial(remove_source, kind=IngestSourceKind(kind), command=a_command("root", at=at))
    )


async def deliver(
    ledger: Ledger,
    payload: Mapping[str, object],
    kind: str = "github",
    *,
    event: str = "deployment_status",
    delivery_id: str = "d-1",
    at: datetime = NOON,
) -> IngestDelivery:
    """Receive a delivery."""
    incoming = IncomingDelivery(
        source=IngestSourceKind(kind),
        delivery_id=delivery_id,
        event=event,
        content_type="application/json",
        body=encode(payload),
    )
    return await ledger.perform(
        partial(receive_delivery, incoming=incoming, at=at, keep=KEEP, new_id=an_id)
    )


async def replay(
    ledger: Ledger, delivery: UUID, *, by: Actor | str = "root", at: datetime = NOON
) -> IngestDelivery:
    """Replay a delivery."""
    return await ledger.perform(
        partial(replay_delivery, delivery=delivery, command=a_command(by, at=at), new_id=an_id)
    )
