from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.ingest_mapping_status_map import IngestMappingStatusMap


T = TypeVar("T", bound="IngestMapping")


@_attrs_define
class IngestMapping:
    """Where in the payload each value of a deployment is found: JSON pointers, or fixed values."""

    commit_sha: None | str
    """ The commit from which the version was built. """
    delivery_id: None | str
    """ The sending system's id of the delivery. Null if the id is read from a header or is the digest of the body.
    """
    deployed_at: None | str
    """ When the version was deployed. Null means the time of receipt. """
    deployed_by: None | str
    """ Who deployed the version. """
    environment: str
    """ The environment, or a name that `environment_map` maps to an environment. """
    external_id: None | str
    """ The sending system's id of the deployment. Null means that the delivery id is used. """
    notes: None | str
    """ Free text about the deployment. """
    service: str
    """ The service, or a name that `service_map` maps to a service. """
    status: None | str
    """ The status. Null if every delivery is a deployment that succeeded. """
    status_map: IngestMappingStatusMap
    """ The outcome to which each status maps, ignoring case. """
    version: str
    """ The version that was deployed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        commit_sha: None | str
        commit_sha = self.commit_sha

        delivery_id: None | str
        delivery_id = self.delivery_id

        deployed_at: None | str
        deployed_at = self.deployed_at

        deployed_by: None | str
        deployed_by = self.deployed_by

        environment = self.environment

        external_id: None | str
        external_id = self.external_id

        notes: None | str
        notes = self.notes

        service = self.service

        status: None | str
        status = self.status

        status_map = to_json(self.status_map)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "commit_sha": commit_sha,
                "delivery_id": delivery_id,
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "environment": environment,
                "external_id": external_id,
                "notes": notes,
                "service": service,
                "status": status,
                "status_map": status_map,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingest_mapping_status_map import IngestMappingStatusMap  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_commit_sha(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        commit_sha = _parse_commit_sha(d.pop("commit_sha", None))

        def _parse_delivery_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        delivery_id = _parse_delivery_id(d.pop("delivery_id", None))

        def _parse_deployed_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_at = _parse_deployed_at(d.pop("deployed_at", None))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", None))

        environment = d.pop("environment")

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id", None))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes", None))

        service = d.pop("service")

        def _parse_status(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        status = _parse_status(d.pop("status", None))

        status_map = IngestMappingStatusMap.from_dict(d.pop("status_map"))

        version = d.pop("version")

        ingest_mapping = cls(
            commit_sha=commit_sha,
            delivery_id=delivery_id,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            environment=environment,
            external_id=external_id,
            notes=notes,
            service=service,
            status=status,
            status_map=status_map,
            version=version,
        )

        ingest_mapping.additional_properties = d
        return ingest_mapping

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
