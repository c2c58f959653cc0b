from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="IncidentCreate")


@_attrs_define
class IncidentCreate:
    """An incident to report."""

    environment: str
    """ The environment in which the service did not work. """
    service: str
    """ The service that did not work. """
    title: str
    """ What happened, in a few words. """
    actor: None | str | Unset = UNSET
    """ The person to act for. Defaults to the caller; naming someone else requires the `act_as` role. """
    caused_by: None | str | Unset = UNSET
    """ The deployment that caused the incident. Null if the cause is unknown or is not a deployment. """
    detected_at: datetime.datetime | None | Unset = UNSET
    """ When a person or a monitoring system noticed the incident. """
    external_id: None | str | Unset = UNSET
    """ The id of the incident in another system. A second incident with the same id is not created. """
    resolved_at: datetime.datetime | None | Unset = UNSET
    """ When the service worked again. Null if it is still not working. """
    started_at: datetime.datetime | None | Unset = UNSET
    """ When the service stopped working. Must not be in the future. Defaults to now. """
    url: None | str | Unset = UNSET
    """ The URL of the incident's page in another system. """

    def to_dict(self) -> dict[str, Any]:
        environment = self.environment

        service = self.service

        title = self.title

        actor: None | str | Unset
        if isinstance(self.actor, Unset):
            actor = UNSET
        else:
            actor = self.actor

        caused_by: None | str | Unset
        if isinstance(self.caused_by, Unset):
            caused_by = UNSET
        else:
            caused_by = self.caused_by

        detected_at: None | str | Unset
        if isinstance(self.detected_at, Unset):
            detected_at = UNSET
        elif isinstance(self.detected_at, datetime.datetime):
            detected_at = to_json(self.detected_at)
        else:
            detected_at = self.detected_at

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        resolved_at: None | str | Unset
        if isinstance(self.resolved_at, Unset):
            resolved_at = UNSET
        elif isinstance(self.resolved_at, datetime.datetime):
            resolved_at = to_json(self.resolved_at)
        else:
            resolved_at = self.resolved_at

        started_at: None | str | Unset
        if isinstance(self.started_at, Unset):
            started_at = UNSET
        elif isinstance(self.started_at, datetime.datetime):
            started_at = to_json(self.started_at)
        else:
            started_at = self.started_at

        url: None | str | Unset
        if isinstance(self.url, Unset):
            url = UNSET
        else:
            url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "service": service,
                "title": title,
            }
        )
        if actor is not UNSET:
            field_dict["actor"] = actor
        if caused_by is not UNSET:
            field_dict["caused_by"] = caused_by
        if detected_at is not UNSET:
            field_dict["detected_at"] = detected_at
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if resolved_at is not UNSET:
            field_dict["resolved_at"] = resolved_at
        if started_at is not UNSET:
            field_dict["started_at"] = started_at
        if url is not UNSET:
            field_dict["url"] = url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        environment = d.pop("environment")

        service = d.pop("service")

        title = d.pop("title")

        def _parse_actor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        actor = _parse_actor(d.pop("actor", UNSET))

        def _parse_caused_by(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        caused_by = _parse_caused_by(d.pop("caused_by", UNSET))

        def _parse_detected_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                detected_at_type_0 = datetime.datetime.fromisoformat(data)

                return detected_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        detected_at = _parse_detected_at(d.pop("detected_at", UNSET))

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        def _parse_resolved_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_at_type_0 = datetime.datetime.fromisoformat(data)

                return resolved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        resolved_at = _parse_resolved_at(d.pop("resolved_at", UNSET))

        def _parse_started_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                started_at_type_0 = datetime.datetime.fromisoformat(data)

                return started_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        started_at = _parse_started_at(d.pop("started_at", UNSET))

        def _parse_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        url = _parse_url(d.pop("url", UNSET))

        incident_create = cls(
            environment=environment,
            service=service,
            title=title,
            actor=actor,
            caused_by=caused_by,
            detected_at=detected_at,
            external_id=external_id,
            resolved_at=resolved_at,
            started_at=started_at,
            url=url,
        )

        return incident_create
