from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ingest_signature import IngestSignature
from ..models.ingest_source_kind import IngestSourceKind
from ..models.unknown_actor import UnknownActor
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.ingest_mapping import IngestMapping
    from ..models.ingest_source_environment_map import IngestSourceEnvironmentMap
    from ..models.ingest_source_pipelines import IngestSourcePipelines
    from ..models.ingest_source_service_map import IngestSourceServiceMap
    from ..models.ingest_source_workflows import IngestSourceWorkflows
    from ..models.request_texts import RequestTexts


T = TypeVar("T", bound="IngestSource")


@_attrs_define
class IngestSource:
    """A source of deliveries, without its secret."""

    account: None | str
    """ The service account that creates the records. Null if the source itself creates them. """
    changed_at: datetime.datetime
    """ When the secret or the settings were last changed. """
    changed_by: str
    """ Who last changed the secret or the settings. """
    create_missing: bool
    """ Whether a version that the service does not have is registered. If false, a delivery with such a version
    fails. """
    environment_map: IngestSourceEnvironmentMap
    """ The environment for each name in payloads. Deliveries with a name mapped to null are ignored. """
    login_issuer: None | str
    """ The issuer of the logins by which users are found. Null means the default of the source. """
    mapping: IngestMapping | None
    """ Where in the payload each value of a deployment is found. Null if the source's payloads have a known
    structure. """
    pipelines: IngestSourcePipelines
    """ The environment to which the GitLab pipelines of each ref deploy. """
    requests: None | RequestTexts
    """ The texts of the requests that are created for jobs waiting for a deployment protection rule. Null if such
    jobs are ignored. """
    revision: int
    """ The revision number: starts at 1 and increases with every change. """
    service_map: IngestSourceServiceMap
    """ The service for each repository or other name in payloads. """
    signature: IngestSignature
    """ How a delivery proves that its sender knows the secret. """
    signature_header: None | str
    """ The header with the HMAC or the token. Null for Standard Webhooks. """
    source: IngestSourceKind
    """ A system that sends deliveries. There is at most one source of each kind. """
    unknown_actor: UnknownActor
    """ What happens if no user has the login of the person that a payload names. """
    url: str
    """ The path to which the source sends its deliveries. """
    workflows: IngestSourceWorkflows
    """ The environment to which each GitHub workflow deploys. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.ingest_mapping import IngestMapping  # noqa: PLC0415
        from ..models.request_texts import RequestTexts  # noqa: PLC0415

        account: None | str
        account = self.account

        changed_at = to_json(self.changed_at)

        changed_by = self.changed_by

        create_missing = self.create_missing

        environment_map = to_json(self.environment_map)

        login_issuer: None | str
        login_issuer = self.login_issuer

        mapping: dict[str, Any] | None
        if isinstance(self.mapping, IngestMapping):
            mapping = to_json(self.mapping)
        else:
            mapping = self.mapping

        pipelines = to_json(self.pipelines)

        requests: dict[str, Any] | None
        if isinstance(self.requests, RequestTexts):
            requests = to_json(self.requests)
        else:
            requests = self.requests

        revision = self.revision

        service_map = to_json(self.service_map)

        signature = to_json(self.signature)

        signature_header: None | str
        signature_header = self.signature_header

        source = to_json(self.source)

        unknown_actor = to_json(self.unknown_actor)

        url = self.url

        workflows = to_json(self.workflows)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account": account,
                "changed_at": changed_at,
                "changed_by": changed_by,
                "create_missing": create_missing,
                "environment_map": environment_map,
                "login_issuer": login_issuer,
                "mapping": mapping,
                "pipelines": pipelines,
                "requests": requests,
                "revision": revision,
                "service_map": service_map,
                "signature": signature,
                "signature_header": signature_header,
                "source": source,
                "unknown_actor": unknown_actor,
                "url": url,
                "workflows": workflows,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingest_mapping import IngestMapping  # noqa: PLC0415
        from ..models.ingest_source_environment_map import IngestSourceEnvironmentMap  # noqa: PLC0415
        from ..models.ingest_source_pipelines import IngestSourcePipelines  # noqa: PLC0415
        from ..models.ingest_source_service_map import IngestSourceServiceMap  # noqa: PLC0415
        from ..models.ingest_source_workflows import IngestSourceWorkflows  # noqa: PLC0415
        from ..models.request_texts import RequestTexts  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_account(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        account = _parse_account(d.pop("account", None))

        changed_at = datetime.datetime.fromisoformat(d.pop("changed_at"))

        changed_by = d.pop("changed_by")

        create_missing = d.pop("create_missing")

        environment_map = IngestSourceEnvironmentMap.from_dict(d.pop("environment_map"))

        def _parse_login_issuer(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        login_issuer = _parse_login_issuer(d.pop("login_issuer", None))

        def _parse_mapping(data: object) -> IngestMapping | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                mapping_type_0 = IngestMapping.from_dict(data)

                return mapping_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IngestMapping | None, data)

        mapping = _parse_mapping(d.pop("mapping", None))

        pipelines = IngestSourcePipelines.from_dict(d.pop("pipelines"))

        def _parse_requests(data: object) -> None | RequestTexts:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                requests_type_0 = RequestTexts.from_dict(data)

                return requests_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RequestTexts, data)

        requests = _parse_requests(d.pop("requests", None))

        revision = d.pop("revision")

        service_map = IngestSourceServiceMap.from_dict(d.pop("service_map"))

        signature = IngestSignature(d.pop("signature"))

        def _parse_signature_header(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        signature_header = _parse_signature_header(d.pop("signature_header", None))

        source = IngestSourceKind(d.pop("source"))

        unknown_actor = UnknownActor(d.pop("unknown_actor"))

        url = d.pop("url")

        workflows = IngestSourceWorkflows.from_dict(d.pop("workflows"))

        ingest_source = cls(
            account=account,
            changed_at=changed_at,
            changed_by=changed_by,
            create_missing=create_missing,
            environment_map=environment_map,
            login_issuer=login_issuer,
            mapping=mapping,
            pipelines=pipelines,
            requests=requests,
            revision=revision,
            service_map=service_map,
            signature=signature,
            signature_header=signature_header,
            source=source,
            unknown_actor=unknown_actor,
            url=url,
            workflows=workflows,
        )

        ingest_source.additional_properties = d
        return ingest_source

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
