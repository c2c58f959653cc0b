from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

T = TypeVar("T", bound="Incident")


@_attrs_define
class Incident:
    """A period in which a service did not work as it should."""

    caused_by: None | str
    """ The number of the deployment that caused the incident, as in `DEP-42`. Null if the cause is unknown or is
    not a deployment. """
    detected_at: datetime.datetime | None
    """ When a person or a monitoring system noticed the incident. Null if unknown. """
    environment: str
    """ The environment in which the service did not work. """
    external_id: None | str
    """ The id of the incident in another system. """
    id: UUID
    """ The id of the incident. """
    opened_at: datetime.datetime
    """ When the incident was reported. """
    opened_by: str
    """ Who reported the incident. """
    resolved_at: datetime.datetime | None
    """ When the service worked again. Null if it is still not working. """
    resolved_by: None | str
    """ Who reported that the incident was resolved. Null if it is not resolved. """
    service: str
    """ The service that did not work. """
    started_at: datetime.datetime
    """ When the service stopped working. """
    title: str
    """ What happened, in a few words. """
    url: None | str
    """ The URL of the incident's page in another system. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        caused_by: None | str
        caused_by = self.caused_by

        detected_at: None | str
        if isinstance(self.detected_at, datetime.datetime):
            detected_at = to_json(self.detected_at)
        else:
            detected_at = self.detected_at

        environment = self.environment

        external_id: None | str
        external_id = self.external_id

        id = str(self.id)

        opened_at = to_json(self.opened_at)

        opened_by = self.opened_by

        resolved_at: None | str
        if isinstance(self.resolved_at, datetime.datetime):
            resolved_at = to_json(self.resolved_at)
        else:
            resolved_at = self.resolved_at

        resolved_by: None | str
        resolved_by = self.resolved_by

        service = self.service

        started_at = to_json(self.started_at)

        title = self.title

        url: None | str
        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "caused_by": caused_by,
                "detected_at": detected_at,
                "environment": environment,
                "external_id": external_id,
                "id": id,
                "opened_at": opened_at,
                "opened_by": opened_by,
                "resolved_at": resolved_at,
                "resolved_by": resolved_by,
                "service": service,
                "started_at": started_at,
                "title": title,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_caused_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        caused_by = _parse_caused_by(d.pop("caused_by", None))

        def _parse_detected_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                detected_at_type_0 = datetime.datetime.fromisoformat(data)

                return detected_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        detected_at = _parse_detected_at(d.pop("detected_at", None))

        environment = d.pop("environment")

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id", None))

        id = UUID(d.pop("id"))

        opened_at = datetime.datetime.fromisoformat(d.pop("opened_at"))

        opened_by = d.pop("opened_by")

        def _parse_resolved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_at_type_0 = datetime.datetime.fromisoformat(data)

                return resolved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resolved_at = _parse_resolved_at(d.pop("resolved_at", None))

        def _parse_resolved_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        resolved_by = _parse_resolved_by(d.pop("resolved_by", None))

        service = d.pop("service")

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))

        title = d.pop("title")

        def _parse_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        url = _parse_url(d.pop("url", None))

        incident = cls(
            caused_by=caused_by,
            detected_at=detected_at,
            environment=environment,
            external_id=external_id,
            id=id,
            opened_at=opened_at,
            opened_by=opened_by,
            resolved_at=resolved_at,
            resolved_by=resolved_by,
            service=service,
            started_at=started_at,
            title=title,
            url=url,
        )

        incident.additional_properties = d
        return incident

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
