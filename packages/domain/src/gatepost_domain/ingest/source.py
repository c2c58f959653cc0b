"""The sources of deliveries, and the settings by which their payloads are read."""

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
    """Any system that sends JSON, which the settings map."""


class IngestSignature(StrEnum):
    """How a delivery proves that its sender knows the secret."""

    HMAC_SHA256 = "hmac_sha256"
    """A header has the HMAC-SHA256 of the body, in hexadecimal, as GitHub sends it."""
    STANDARD_WEBHOOKS = "standard_webhooks"
    """The headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of Standard Webhooks;
    the timestamp must be within five minutes."""
    TOKEN = "token"  # noqa: S105  # the name of a scheme, not a secret
    """A header has the secret itself."""


class UnknownActor(StrEnum):
    """What happens if no user has the login of the person that a payload names."""

    MARK = "mark"
    """The record has the name from the payload, and is marked as made by an unknown person."""
    REFUSE = "refuse"
    """The delivery fails, and can be replayed once a user has the login."""


class MappedOutcome(StrEnum):
    """What a status in a payload says about a deployment."""

    SUCCEEDED = "succeeded"
    """It succeeded, and is recorded."""
    FAILED = "failed"
    """It failed, and is recorded as failed."""
    IGNORED = "ignored"
    """It has not ended, or is of no interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestMapping:
    """Where a payload says what was deployed.

    Text that begins with `/` is a JSON pointer (RFC 6901) into the payload; any other text is the
    value itself.
    """

    service: str
    environment: str
    version: str
    status: str | None = None
    """If None, every delivery is a deployment that succeeded."""
    deployed_at: str | None = None
    """If None, the time of receipt."""
    deployed_by: str | None = None
    commit_sha: str | None = None
    external_id: str | None = None
    """If None, the delivery id."""
    notes: str | None = None
    delivery_id: str | None = None
    """If None, a header or the digest of the body."""
    status_map: Mapping[str, MappedOutcome] = field(
        default_factory=dict[str, MappedOutcome], hash=False
    )
    """The outcome that each status means, independent of case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTexts:
    """What the requests of jobs say that wait for a deployment protection rule."""

    rollback_plan: str
    risk: str | None = None
    """The risk notes, which environments of tier production require."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How the payloads of a source are authenticated and read."""

    environment_map: Mapping[str, str | None] = field(
        default_factory=dict[str, str | None], hash=False
    )
    """The environment for each name in payloads, or None to ignore it. A name may contain `*`."""
    service_map: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """The service for each repository (`owner/name`) or other name in payloads."""
    create_missing: bool = False
    """Whether to register a version that the service does not have."""
    workflows: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """GitHub: the environment to which each workflow deploys, by its name or the path of its file.
    """
    pipelines: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """GitLab: the environment to which the pipelines of each ref deploy. A ref may contain `*`."""
    signature: IngestSignature | None = None
    """None means the scheme of the source."""
    signature_header: str | None = None
    """The header of the HMAC or token; None means the one of the source."""
    login_issuer: str | None = None
    """The issuer of the logins that payloads name; None means the one of the source."""
    unknown_actor: UnknownActor = UnknownActor.MARK
    account: str | None = None
    """The service account that records the deployments; None means the source itself."""
    mapping: IngestMapping | None = None
    """Argo CD and generic: where payloads say what was deployed."""
    requests: RequestTexts | None = None
    """GitHub: what requests say for jobs that wait for a deployment protection rule; None ignores
    such jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSource:
    """A system whose deliveries are accepted."""

    kind: IngestSourceKind
    secret: str = field(repr=False)
    """The secret that the system shares with Gatepost."""
    salt: str = field(repr=False)
    """Random text, so that the digest of the secret in the event log reveals nothing about it."""
    settings: SourceSettings
    identity: Identity
    """The humans behind the last change, who know the secret."""
    revision: int
    """Starts at 1 and increases with every change."""
    changed_at: datetime
    changed_by: str

    @property
    def actor_name(self) -> str:
        """The name under which the source acts unless it has an account."""
        return f"{ACTOR_PREFIX}{self.kind}"


ACTOR_PREFIX: Final = "ingest:"
"""The beginning of the names under which sources act; no user is called so."""

OWN_SCHEMES: Final[Mapping[IngestSourceKind, IngestSignature]] = {
    IngestSourceKind.GITHUB: IngestSignature.HMAC_SHA256,
    IngestSourceKind.GITLAB: IngestSignature.TOKEN,
    IngestSourceKind.CDEVENTS: IngestSignature.STANDARD_WEBHOOKS,
    IngestSourceKind.ARGOCD: IngestSignature.TOKEN,
    IngestSourceKind.GENERIC: IngestSignature.HMAC_SHA256,
}
"""The scheme of each source, unless its settings name another."""

OWN_HEADERS: Final[Mapping[IngestSourceKind, str]] = {
    IngestSourceKind.GITHUB: "X-Hub-Signature-256",
    IngestSourceKind.GITLAB: "X-Gitlab-Token",
    IngestSourceKind.CDEVENTS: "X-Signature-256",
    IngestSourceKind.ARGOCD: "X-Gatepost-Token",
    IngestSourceKind.GENERIC: "X-Signature-256",
}
"""The header of the HMAC or token of each source, unless its settings name another."""

FIXED_SCHEMES: Final = frozenset({IngestSourceKind.GITHUB, IngestSourceKind.GITLAB})
"""The sources whose scheme and header cannot be changed."""
