from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="RecordCreate")


@_attrs_define
class RecordCreate:
    """An external deployment to record. It cannot be changed later."""

    environment: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    service: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    version: str
    """ A registered version of the service. """
    deployed_at: datetime.datetime | None | Unset = UNSET
    """ When the version was deployed. Must not be in the future. Defaults to now. """
    deployed_by: None | str | Unset = UNSET
    """ Who carried out the deployment. Defaults to the caller. """
    external_id: None | str | Unset = UNSET
    """ The id of the record in another system. Within a service and environment, only one record has this id. """
    notes: None | str | Unset = UNSET
    """ Free text about the deployment. """

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        service = self.service

        version = self.version

        deployed_at: None | str | Unset
        if isinstance(self.deployed_at, Unset):
            deployed_at = UNSET
        elif isinstance(self.deployed_at, datetime.datetime):
            deployed_at = to_json(self.deployed_at)
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

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "service": service,
                "version": version,
            }
        )
        if deployed_at is not UNSET:
            field_dict["deployed_at"] = deployed_at
        if deployed_by is not UNSET:
            field_dict["deployed_by"] = deployed_by
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if notes is not UNSET:
            field_dict["notes"] = notes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        environment = d.pop("environment")

        service = d.pop("service")

        version = d.pop("version")

        def _parse_deployed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployed_at_type_0 = datetime.datetime.fromisoformat(data)

                return deployed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

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

        record_create = cls(
            environment=environment,
            service=service,
            version=version,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            external_id=external_id,
            notes=notes,
        )

        return record_create
