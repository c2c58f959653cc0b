from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.ingest_signature import IngestSignature
from ..models.unknown_actor import UnknownActor
from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ingest_mapping_body import IngestMappingBody
    from ..models.ingest_source_put_environment_map import IngestSourcePutEnvironmentMap
    from ..models.ingest_source_put_pipelines import IngestSourcePutPipelines
    from ..models.ingest_source_put_service_map import IngestSourcePutServiceMap
    from ..models.ingest_source_put_workflows import IngestSourcePutWorkflows
    from ..models.request_texts_body import RequestTextsBody


T = TypeVar("T", bound="IngestSourcePut")


@_attrs_define
class IngestSourcePut:
    """The secret of a source, and how its payloads are read. Omitted settings get defaults."""

    account: None | str | Unset = UNSET
    """ The service account that creates the records, using the account's roles. Null means that the source itself
    creates them: it has the role `requester` everywhere, but never `operator`. """
    create_missing: bool | Unset = UNSET
    """ Whether to register a version that the service does not have. If false, a delivery with such a version
    fails. """
    environment_map: IngestSourcePutEnvironmentMap | Unset = UNSET
    """ The environment for each name in payloads, or null to ignore deliveries with that name. A name can contain
    `*`. A name without an entry must be an environment's name. """
    login_issuer: None | str | Unset = UNSET
    """ The issuer of the logins by which users are found. Null means the default of the source. """
    mapping: IngestMappingBody | None | Unset = UNSET
    """ `generic` (required) and `argocd`: where in the payload each value of a deployment is found. """
    pipelines: IngestSourcePutPipelines | Unset = UNSET
    """ `gitlab`: the environment to which the pipelines of each ref deploy. Pipelines that succeeded or failed are
    recorded. Use this for pipelines without a GitLab environment. """
    requests: None | RequestTextsBody | Unset = UNSET
    """ `github`: the texts of the requests that are created for jobs waiting for a deployment protection rule. Null
    means that such jobs are ignored. """
    secret: None | str | Unset = UNSET
    """ The secret. If this field is omitted, the stored secret is kept; a new source requires a secret. """
    service_map: IngestSourcePutServiceMap | Unset = UNSET
    """ The service for each repository (`owner/name`) or other name in payloads. By default, a repository belongs
    to the service whose `repo_url` names it. """
    signature: IngestSignature | None | Unset = UNSET
    """ `cdevents`, `argocd` and `generic`: how deliveries are signed. Null means the default of the source:
    `standard_webhooks`, `token` or `hmac_sha256`, respectively. """
    signature_header: None | str | Unset = UNSET
    """ The header with the HMAC or the token. Null means the default of the source. """
    unknown_actor: UnknownActor | Unset = UNSET
    """ What happens if no user has the login of the person that a payload names. """
    workflows: IngestSourcePutWorkflows | Unset = UNSET
    """ `github`: the environment to which each workflow, given by name or file, deploys. Runs that succeeded or
    failed are recorded. Use this for workflows without a GitHub environment. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.ingest_mapping_body import IngestMappingBody  # noqa: PLC0415
        from ..models.request_texts_body import RequestTextsBody  # noqa: PLC0415

        account: None | str | Unset
        if isinstance(self.account, Unset):
            account = UNSET
        else:
            account = self.account

        create_missing = self.create_missing

        environment_map: dict[str, Any] | Unset = UNSET
        if not isinstance(self.environment_map, Unset):
            environment_map = to_json(self.environment_map)

        login_issuer: None | str | Unset
        if isinstance(self.login_issuer, Unset):
            login_issuer = UNSET
        else:
            login_issuer = self.login_issuer

        mapping: dict[str, Any] | None | Unset
        if isinstance(self.mapping, Unset):
            mapping = UNSET
        elif isinstance(self.mapping, IngestMappingBody):
            mapping = to_json(self.mapping)
        else:
            mapping = self.mapping

        pipelines: dict[str, Any] | Unset = UNSET
        if not isinstance(self.pipelines, Unset):
            pipelines = to_json(self.pipelines)

        requests: dict[str, Any] | None | Unset
        if isinstance(self.requests, Unset):
            requests = UNSET
        elif isinstance(self.requests, RequestTextsBody):
            requests = to_json(self.requests)
        else:
            requests = self.requests

        secret: None | str | Unset
        if isinstance(self.secret, Unset):
            secret = UNSET
        else:
            secret = self.secret

        service_map: dict[str, Any] | Unset = UNSET
        if not isinstance(self.service_map, Unset):
            service_map = to_json(self.service_map)

        signature: None | str | Unset
        if isinstance(self.signature, Unset):
            signature = UNSET
        elif isinstance(self.signature, IngestSignature):
            signature = to_json(self.signature)
        else:
            signature = self.signature

        signature_header: None | str | Unset
        if isinstance(self.signature_header, Unset):
            signature_header = UNSET
        else:
            signature_header = self.signature_header

        unknown_actor: str | Unset = UNSET
        if not isinstance(self.unknown_actor, Unset):
            unknown_actor = to_json(self.unknown_actor)

        workflows: dict[str, Any] | Unset = UNSET
        if not isinstance(self.workflows, Unset):
            workflows = to_json(self.workflows)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if account is not UNSET:
            field_dict["account"] = account
        if create_missing is not UNSET:
            field_dict["create_missing"] = create_missing
        if environment_map is not UNSET:
            field_dict["environment_map"] = environment_map
        if login_issuer is not UNSET:
            field_dict["login_issuer"] = login_issuer
        if mapping is not UNSET:
            field_dict["mapping"] = mapping
        if pipelines is not UNSET:
            field_dict["pipelines"] = pipelines
        if requests is not UNSET:
            field_dict["requests"] = requests
        if secret is not UNSET:
            field_dict["secret"] = secret
        if service_map is not UNSET:
            field_dict["service_map"] = service_map
        if signature is not UNSET:
            field_dict["signature"] = signature
        if signature_header is not UNSET:
            field_dict["signature_header"] = signature_header
        if unknown_actor is not UNSET:
            field_dict["unknown_actor"] = unknown_actor
        if workflows is not UNSET:
            field_dict["workflows"] = workflows

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingest_mapping_body import IngestMappingBody  # noqa: PLC0415
        from ..models.ingest_source_put_environment_map import (
            IngestSourcePutEnvironmentMap,  # noqa: PLC0415
        )
        from ..models.ingest_source_put_pipelines import IngestSourcePutPipelines  # noqa: PLC0415
        from ..models.ingest_source_put_service_map import IngestSourcePutServiceMap  # noqa: PLC0415
        from ..models.ingest_source_put_workflows import IngestSourcePutWorkflows  # noqa: PLC0415
        from ..models.request_texts_body import RequestTextsBody  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_account(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        account = _parse_account(d.pop("account", UNSET))

        create_missing = d.pop("create_missing", UNSET)

        _environment_map = d.pop("environment_map", UNSET)
        environment_map: IngestSourcePutEnvironmentMap | Unset
        if isinstance(_environment_map, Unset):
            environment_map = UNSET
        else:
            environment_map = IngestSourcePutEnvironmentMap.from_dict(_environment_map)

        def _parse_login_issuer(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        login_issuer = _parse_login_issuer(d.pop("login_issuer", UNSET))

        def _parse_mapping(data: object) -> IngestMappingBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                mapping_type_0 = IngestMappingBody.from_dict(data)

                return mapping_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IngestMappingBody | None | Unset, data)

        mapping = _parse_mapping(d.pop("mapping", UNSET))

        _pipelines = d.pop("pipelines", UNSET)
        pipelines: IngestSourcePutPipelines | Unset
        if isinstance(_pipelines, Unset):
            pipelines = UNSET
        else:
            pipelines = IngestSourcePutPipelines.from_dict(_pipelines)

        def _parse_requests(data: object) -> None | RequestTextsBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                requests_type_0 = RequestTextsBody.from_dict(data)

                return requests_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RequestTextsBody | Unset, data)

        requests = _parse_requests(d.pop("requests", UNSET))

        def _parse_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        secret = _parse_secret(d.pop("secret", UNSET))

        _service_map = d.pop("service_map", UNSET)
        service_map: IngestSourcePutServiceMap | Unset
        if isinstance(_service_map, Unset):
            service_map = UNSET
        else:
            service_map = IngestSourcePutServiceMap.from_dict(_service_map)

        def _parse_signature(data: object) -> IngestSignature | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                signature_type_0 = IngestSignature(data)

                return signature_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IngestSignature | None | Unset, data)

        signature = _parse_signature(d.pop("signature", UNSET))

        def _parse_signature_header(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        signature_header = _parse_signature_header(d.pop("signature_header", UNSET))

        _unknown_actor = d.pop("unknown_actor", UNSET)
        unknown_actor: UnknownActor | Unset
        if isinstance(_unknown_actor, Unset):
            unknown_actor = UNSET
        else:
            unknown_actor = UnknownActor(_unknown_actor)

        _workflows = d.pop("workflows", UNSET)
        workflows: IngestSourcePutWorkflows | Unset
        if isinstance(_workflows, Unset):
            workflows = UNSET
        else:
            workflows = IngestSourcePutWorkflows.from_dict(_workflows)

        ingest_source_put = cls(
            account=account,
            create_missing=create_missing,
            environment_map=environment_map,
            login_issuer=login_issuer,
            mapping=mapping,
            pipelines=pipelines,
            requests=requests,
            secret=secret,
            service_map=service_map,
            signature=signature,
            signature_header=signature_header,
            unknown_actor=unknown_actor,
            workflows=workflows,
        )

        return ingest_source_put
