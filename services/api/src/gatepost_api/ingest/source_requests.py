"""Request bodies for ingest sources."""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatepost_api.schemas.base import END_OF_TEXT, RULE, Line, Name, RequestModel, Text
from gatepost_domain.ingest import source as domain
from gatepost_domain.ingest.source import IngestSignature, MappedOutcome, UnknownActor

_MAX_ENTRIES = msgspec.Meta(max_length=500)

Pointer = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=500,
        description="A JSON pointer (RFC 6901) into the payload, such as `/app/name`. Text that "
        "does not begin with `/` is the value itself.",
        examples=["/app/name"],
    ),
]
Secret = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=500,
        description="The secret that the source shares with Gatepost: at least 16 printable ASCII "
        "characters. It is never returned.",
    ),
]
HeaderName = Annotated[
    str,
    msgspec.Meta(
        pattern=f"^[A-Za-z0-9-]+{END_OF_TEXT}",
        max_length=100,
        extra={RULE: "the name of a header: letters, digits and hyphens"},
        description="The name of a header.",
        examples=["X-Signature-256"],
    ),
]
Issuer = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=500,
        description="The issuer of users' logins, as in the pipeline settings.",
        examples=["https://token.actions.githubusercontent.com"],
    ),
]


class IngestMappingBody(RequestModel):
    """Where in the payload each value of a deployment is found."""

    service: Pointer
    """The service, or a name that `service_map` maps to a service."""
    environment: Pointer
    """The environment, or a name that `environment_map` maps to an environment."""
    version: Pointer
    """The version that was deployed."""
    status: Pointer | None = None
    """The status. If this field is omitted, every delivery counts as a deployment that
    succeeded."""
    deployed_at: Pointer | None = None
    """When the version was deployed: a time with a time zone, or seconds since 1970. If this field
    or the value in the payload is missing, the time of receipt is used."""
    deployed_by: Pointer | None = None
    """Who deployed the version."""
    commit_sha: Pointer | None = None
    """The commit from which the version was built."""
    external_id: Pointer | None = None
    """The sending system's id of the deployment. If this field or the value in the payload is
    missing, the delivery id is used."""
    notes: Pointer | None = None
    """Free text about the deployment."""
    delivery_id: Pointer | None = None
    """The sending system's id of the delivery. If this field or the value in the payload is
    missing, the id is read from a header; without such a header, it is the digest of the body."""
    status_map: Annotated[dict[Line, MappedOutcome], _MAX_ENTRIES] = msgspec.field(
        default_factory=dict[str, MappedOutcome]
    )
    """The outcome to which each status maps, ignoring case. If empty, `succeeded` and `success`
    mean success, and `failed`, `failure` and `error` mean failure."""

    def to_domain(self) -> domain.IngestMapping:
        """Convert this body to the domain's mapping."""
        return domain.IngestMapping(**msgspec.structs.asdict(self))


class RequestTextsBody(RequestModel):
    """The texts of requests created for GitHub jobs that wait for a deployment protection rule."""

    rollback_plan: Text
    """How to return to the previous version if the deployment fails."""
    risk: Text | None = None
    """The risk notes. Required for environments with the tier `production`."""

    def to_domain(self) -> domain.RequestTexts:
        """Convert this body to the domain's texts for requests."""
        return domain.RequestTexts(rollback_plan=self.rollback_plan, risk=self.risk)


class IngestSourcePut(RequestModel):
    """The secret of a source, and how its payloads are read. Omitted settings get defaults."""

    example = {
        "secret": "9f6d1c0b7a3e4d52b8c1f0a96e7d2b34",
        "environment_map": {"prod": "production", "pr-*": None},
        "create_missing": True,
    }

    secret: Secret | None = None
    """The secret. If this field is omitted, the stored secret is kept; a new source requires a
    secret."""
    environment_map: Annotated[dict[Line, Name | None], _MAX_ENTRIES] = msgspec.field(
        default_factory=dict[str, str | None]
    )
    """The environment for each name in payloads, or null to ignore deliveries with that name. A
    name can contain `*`. A name without an entry must be an environment's name."""
    service_map: Annotated[dict[Line, Name], _MAX_ENTRIES] = msgspec.field(
        default_factory=dict[str, str]
    )
    """The service for each repository (`owner/name`) or other name in payloads. By default, a
    repository belongs to the service whose `repo_url` names it."""
    create_missing: bool = False
    """Whether to register a version that the service does not have. If false, a delivery with such
    a version fails."""
    workflows: Annotated[dict[Line, Name], _MAX_ENTRIES] = msgspec.field(
        default_factory=dict[str, str]
    )
    """`github`: the environment to which each workflow, given by name or file, deploys. Runs that
    succeeded or failed are recorded. Use this for workflows without a GitHub environment."""
    pipelines: Annotated[dict[Line, Name], _MAX_ENTRIES] = msgspec.field(
        default_factory=dict[str, str]
    )
    """`gitlab`: the environment to which the pipelines of each ref deploy. Pipelines that succeeded
    or failed are recorded. Use this for pipelines without a GitLab environment."""
    signature: IngestSignature | None = None
    """`cdevents`, `argocd` and `generic`: how deliveries are signed. Null means the default of the
    source: `standard_webhooks`, `token` or `hmac_sha256`, respectively."""
    signature_header: HeaderName | None = None
    """The header with the HMAC or the token. Null means the default of the source."""
    login_issuer: Issuer | None = None
    """The issuer of the logins by which users are found. Null means the default of the source."""
    unknown_actor: UnknownActor = UnknownActor.MARK
    """What happens if no user has the login in the payload: with `mark`, the record is marked; with
    `refuse`, no record is created and the delivery fails."""
    account: Line | None = None
    """The service account that creates the records, using the account's roles. Null means that the
    source itself creates them: it has the role `requester` everywhere, but never `operator`."""
    mapping: IngestMappingBody | None = None
    """`generic` (required) and `argocd`: where in the payload each value of a deployment is
    found."""
    requests: RequestTextsBody | None = None
    """`github`: the texts of the requests that are created for jobs waiting for a deployment
    protection rule. Null means that such jobs are ignored."""

    def to_domain(self) -> domain.SourceSettings:
        """Convert this body, without the secret, to the domain's settings of a source."""
        return domain.SourceSettings(
            environment_map=self.environment_map,
            service_map=self.service_map,
            create_missing=self.create_missing,
            workflows=self.workflows,
            pipelines=self.pipelines,
            signature=self.signature,
            signature_header=self.signature_header,
            login_issuer=self.login_issuer,
            unknown_actor=self.unknown_actor,
            account=self.account,
            mapping=None if self.mapping is None else self.mapping.to_domain(),
            requests=None if self.requests is None else self.requests.to_domain(),
        )
