"""Encoding of events as CDEvents 0.5 in CloudEvents 1.0, in structured mode.

Source: https://cdevents.dev/docs/ and its binding to CloudEvents. The id of a CloudEvent is the
event's `seq`, so it is the same for every webhook and attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from gatepost_domain.actions.webhooks.claims import DeliveryTask
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.event import EventKind, to_rfc3339

SPEC_VERSION: Final = "0.5.1"
EVENT_VERSION: Final = "0.3.0"
"""The version of all event types used here, as in CDEvents 0.5."""
CONTENT_TYPE: Final = "application/cloudevents+json"
TEST_TYPE: Final = "dev.cdeventsx.gatepost-webhook.tested.0.1.0"
"""The type of the test event: a custom type, because CDEvents defines no test event."""

_ENVIRONMENT_PREDICATES: Final = {
    EventKind.ENVIRONMENT_CREATED: "created",
    EventKind.ENVIRONMENT_CHANGED: "modified",
}


def encode_cdevent(task: DeliveryTask, *, source: str) -> str:
    """Return the CDEvent that corresponds to an event, as a CloudEvent in JSON."""
    kind, deployment = task.entry.event.kind, task.deployment
    data = task.entry.event.data
    if kind is EventKind.WEBHOOK_TESTED:
        type_, subject = TEST_TYPE, _subject(str(task.webhook.id), {})
    elif deployment is not None and kind is EventKind.ROLLED_BACK and task.live_again is None:
        type_ = _type("service", "removed")
        subject = _subject(deployment.service, {"environment": {"id": deployment.environment}})
    elif deployment is not None:
        type_ = _type("service", _service_predicate(task, deployment))
        content = {
            "environment": {"id": deployment.environment},
            "artifactId": package_url(task.live_again or deployment),
        }
        subject = _subject(deployment.service, content)
    elif kind is EventKind.TARGET_RETIRED:
        type_ = _type("service", "removed")
        subject = _subject(str(data["service"]), {"environment": {"id": str(data["environment"])}})
    else:
        type_ = _type("environment", _ENVIRONMENT_PREDICATES[kind])
        name = str(data["environment"])
        subject = _subject(name, {"name": name})
    return _in_cloud_event(task, type_, subject, source=source)


def package_url(deployment: Deployment) -> str:
    """Return the package URL of the deployed version, used as the artifact's id in CDEvents."""
    url = f"pkg:generic/{deployment.service}@{quote(deployment.version, safe='')}"
    if deployment.artifact_digest is None:
        return url
    return f"{url}?checksum={quote(deployment.artifact_digest, safe=':')}"


def _service_predicate(task: DeliveryTask, deployment: Deployment) -> str:
    is_rollback = deployment.kind is DeploymentKind.ROLLBACK or deployment.recorded_rollback
    if is_rollback or task.live_again is not None:
        return "rolledback"
    return "deployed" if task.is_first_in_lane else "upgraded"


def _type(subject: str, predicate: str) -> str:
    return f"dev.cdevents.{subject}.{predicate}.{EVENT_VERSION}"


def _subject(name: str, content: Mapping[str, object]) -> dict[str, object]:
    return {"id": name, "content": dict(content)}


def _in_cloud_event(
    task: DeliveryTask, type_: str, subject: dict[str, object], *, source: str
) -> str:
    event_id, at = str(task.entry.seq), _happened_at(task)
    data: dict[str, Any] = {
        "context": {
            "specversion": SPEC_VERSION,
            "id": event_id,
            "source": source,
            "type": type_,
            "timestamp": to_rfc3339(at),
        },
        "subject": subject,
        "customData": _custom_data(task),
        "customDataContentType": "application/json",
    }
    attributes = {
        "id": event_id,
        "source": source,
        "type": type_,
        "subject": str(subject["id"]),
        "time": at,
        "datacontenttype": "application/json",
    }
    return JSONFormat().write(CloudEvent(attributes, data)).decode()


def _happened_at(task: DeliveryTask) -> datetime:
    """Return when the event happened: for a record, when the version was deployed."""
    event, deployment = task.entry.event, task.deployment
    if event.kind is EventKind.RECORDED and deployment is not None and deployment.deployed_at:
        return deployment.deployed_at
    return event.at


def _custom_data(task: DeliveryTask) -> dict[str, object]:
    event, deployment = task.entry.event, task.deployment
    return {
        "kind": str(event.kind),
        "actor": event.actor,
        "deployment": None if deployment is None else format_number(deployment.number),
    }
