from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ingest_mapping_body_status_map import IngestMappingBodyStatusMap


T = TypeVar("T", bound="IngestMappingBody")


@_attrs_define
class IngestMappingBody:
    """Where in the payload each value of a deployment is found."""

    environment: str
    """ The environment, or a name that `environment_map` maps to an environment. """
    service: str
    """ The service, or a name that `service_map` maps to a service. """
    version: str
    """ The version that was deployed. """
    commit_sha: None | str | Unset = UNSET
    """ The commit from which the version was built. """
    delivery_id: None | str | Unset = UNSET
    """ The sending system's id of the delivery. If this field or the value in the payload is missing, the id is
    read from a header; without such a header, it is the digest of the body. """
    deployed_at: None | str | Unset = UNSET
    """ When the version was deployed: a time with a time zone, or seconds since 1970. If this field or the value in
    the payload is missing, the time of receipt is used. """
    deployed_by: None | str | Unset = UNSET
    """ Who deployed the version. """
    external_id: None | str | Unset = UNSET
    """ The sending system's id of the deployment. If this field or the value in the payload is missing, the
    delivery id is used. """
    notes: None | str | Unset = UNSET
    """ Free text about the deployment. """
    status: None | str | Unset = UNSET
    """ The status. If this field is omitted, every delivery counts as a deployment that succeeded. """
    status_map: IngestMappingBodyStatusMap | Unset = UNSET
    """ The outcome to which each status maps, ignoring case. If empty, `succeeded` and `success` mean success, and
    `failed`, `failure` and `error` mean failure. """

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        service = self.service

        version = self.version

        commit_sha: None | str | Unset
        if isinstance(self.commit_sha, Unset):
            commit_sha = UNSET
        else:
            commit_sha = self.commit_sha

        delivery_id: None | str | Unset
        if isinstance(self.delivery_id, Unset):
            delivery_id = UNSET
        else:
            delivery_id = self.delivery_id

        deployed_at: None | str | Unset
        if isinstance(self.deployed_at, Unset):
            deployed_at = UNSET
        else:
            deployed_at = self.deployed_at

        deployed_by: None | str | Unset
        if isinstance(self.deployed_by, Unset):
            deployed_by = UNSET
        else:
            deployed_by = self.deployed_by

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        else:
            status = self.status

        status_map: dict[str, Any] | Unset = UNSET
        if not isinstance(self.status_map, Unset):
            status_map = to_json(self.status_map)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "service": service,
                "version": version,
            }
        )
        if commit_sha is not UNSET:
            field_dict["commit_sha"] = commit_sha
        if delivery_id is not UNSET:
            field_dict["delivery_id"] = delivery_id
        if deployed_at is not UNSET:
            field_dict["deployed_at"] = deployed_at
        if deployed_by is not UNSET:
            field_dict["deployed_by"] = deployed_by
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if notes is not UNSET:
            field_dict["notes"] = notes
        if status is not UNSET:
            field_dict["status"] = status
        if status_map is not UNSET:
            field_dict["status_map"] = status_map

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingest_mapping_body_status_map import IngestMappingBodyStatusMap  # noqa: PLC0415

        d = dict(src_dict)
        environment = d.pop("environment")

        service = d.pop("service")

        version = d.pop("version")

        def _parse_commit_sha(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        commit_sha = _parse_commit_sha(d.pop("commit_sha", UNSET))

        def _parse_delivery_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        delivery_id = _parse_delivery_id(d.pop("delivery_id", UNSET))

        def _parse_deployed_at(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        deployed_at = _parse_deployed_at(d.pop("deployed_at", UNSET))

        def _parse_deployed_by(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", UNSET))

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        def _parse_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        _status_map = d.pop("status_map", UNSET)
        status_map: IngestMappingBodyStatusMap | Unset
        if isinstance(_status_map, Unset):
            status_map = UNSET
        else:
            status_map = IngestMappingBodyStatusMap.from_dict(_status_map)

        ingest_mapping_body = cls(
            environment=environment,
            service=service,
            version=version,
            commit_sha=commit_sha,
            delivery_id=delivery_id,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            external_id=external_id,
            notes=notes,
            status=status,
            status_map=status_map,
        )

        return ingest_mapping_body
