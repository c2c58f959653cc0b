"""Ingest sources, and the settings that determine how their payloads are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from gatepost_domain.access.credential_provenance import Identity


class IngestSourceKind(StrEnum):
    """A system that sends deliveries. There is at most one source of each kind."""

    GITHUB = "github"
    GITLAB = "gitlab"
    CDEVENTS = "cdevents"
    """Any system that sends CDEvents in CloudEvents."""
    ARGOCD = "argocd"
    """Argo CD Notifications, with the template in docs/ingest.md."""
    GENERIC = "generic"
    """Any system that sends JSON, which is read according to a mapping in the settings."""


class IngestSignature(StrEnum):
    """How a delivery proves that its sender knows the secret."""

    HMAC_SHA256 = "hmac_sha256"
    """A header contains the HMAC-SHA256 of the body, in hexadecimal, as GitHub sends it."""
    STANDARD_WEBHOOKS = "standard_webhooks"
    """The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks;
    the timestamp must be within five minutes."""
    TOKEN = "token"  # noqa: S105  # the name of a scheme, not a secret
    """A header contains the secret itself."""


class UnknownActor(StrEnum):
    """What happens if no user has the login of the person that a payload names."""

    MARK = "mark"
    """The deployment is recorded with the name from the payload, and marked as deployed by
    an unknown person."""
    REFUSE = "refuse"
    """The delivery fails, and can be replayed once a user has the login."""


class MappedOutcome(StrEnum):
    """The deployment outcome that a status value in a payload maps to."""

    SUCCEEDED = "succeeded"
    """The deployment succeeded, and is recorded."""
    FAILED = "failed"
    """The deployment failed, and is recorded as failed."""
    IGNORED = "ignored"
    """The deployment has not ended, or is of no interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestMapping:
    """Where in a payload to find what was deployed.

    Text that begins with `/` is a JSON pointer (RFC 6901) into the payload; any other text is the
    value itself.
    """

    service: str
    environment: str
    version: str
    status: str | None = None
    """Where the status is; if None, every delivery counts as a deployment that succeeded."""
    deployed_at: str | None = None
    """Where the time of the deployment is; if None, the time of receipt is used."""
    deployed_by: str | None = None
    commit_sha: str | None = None
    external_id: str | None = None
    """Where the sending system's id of the deployment is; if None, the delivery id is used."""
    notes: str | None = None
    delivery_id: str | None = None
    """Where the delivery id is; if None, a header or the digest of the body is used."""
    status_map: Mapping[str, MappedOutcome] = field(
        default_factory=dict[str, MappedOutcome], hash=False
    )
    """Maps each status, compared case-insensitively, to its outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTexts:
    """The text fields of deployments requested for jobs that a protection rule holds."""

    rollback_plan: str
    risk: str | None = None
    """The risk notes, required for environments of tier production."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How a source's payloads are authenticated and read."""

    environment_map: Mapping[str, str | None] = field(
        default_factory=dict[str, str | None], hash=False
    )
    """Maps names in payloads to environments, or to None to ignore them. A name may contain `*`."""
    service_map: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Maps repositories (`owner/name`) and other names in payloads to services."""
    create_missing: bool = False
    """Whether to register a version that the service does not have."""
    workflows: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """GitHub: maps workflows, by name or by the path to their file, to the environment they deploy
    to.
    """
    pipelines: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """GitLab: maps refs to the environment that their pipelines deploy to. A ref may contain
    `*`."""
    signature: IngestSignature | None = None
    """The signature scheme; None means the source's default."""
    signature_header: str | None = None
    """The header that contains the HMAC or token; None means the source's default."""
    login_issuer: str | None = None
    """The issuer of the logins named in payloads; None means the source's default."""
    unknown_actor: UnknownActor = UnknownActor.MARK
    account: str | None = None
    """The service account that records the deployments; None means the source itself."""
    mapping: IngestMapping | None = None
    """Argo CD and generic: where in payloads to find what was deployed."""
    requests: RequestTexts | None = None
    """GitHub only: the text fields of the deployments that are requested for jobs that a deployment
    protection rule holds. If None, such jobs are ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSource:
    """A system whose deliveries are accepted."""

    kind: IngestSourceKind
    secret: str = field(repr=False)
    """The secret that the system shares with Gatepost."""
    salt: str = field(repr=False)
    """Random text that keeps the secret's digest in the event log from revealing the secret."""
    settings: SourceSettings
    identity: Identity
    """The people behind the latest change of the source, who know the secret."""
    revision: int
    """Starts at 1 and increases with every change."""
    changed_at: datetime
    changed_by: str

    @property
    def actor_name(self) -> str:
        """The name under which the source acts if it has no account."""
        return f"{ACTOR_PREFIX}{self.kind}"


ACTOR_PREFIX: Final = "ingest:"
"""The prefix of the names under which sources act; no user's name can start with it."""

OWN_SCHEMES: Final[Mapping[IngestSourceKind, IngestSignature]] = {
    IngestSourceKind.GITHUB: IngestSignature.HMAC_SHA256,
    IngestSourceKind.GITLAB: IngestSignature.TOKEN,
    IngestSourceKind.CDEVENTS: IngestSignature.STANDARD_WEBHOOKS,
    IngestSourceKind.ARGOCD: IngestSignature.TOKEN,
    IngestSourceKind.GENERIC: IngestSignature.HMAC_SHA256,
}
"""Maps each source to its default signature scheme."""

OWN_HEADERS: Final[Mapping[IngestSourceKind, str]] = {
    IngestSourceKind.GITHUB: "X-Hub-Signature-256",
    IngestSourceKind.GITLAB: "X-Gitlab-Token",
    IngestSourceKind.CDEVENTS: "X-Signature-256",
    IngestSourceKind.ARGOCD: "X-Gatepost-Token",
    IngestSourceKind.GENERIC: "X-Signature-256",
}
"""Maps each source to the default header for its HMAC or token."""

FIXED_SCHEMES: Final = frozenset({IngestSourceKind.GITHUB, IngestSourceKind.GITLAB})
"""The sources whose scheme and header cannot be changed."""
