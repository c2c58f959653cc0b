from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_kind import EventKind
from ..plain_values import to_json

T = TypeVar("T", bound="RecordingEvent")


@_attrs_define
class RecordingEvent:
    """Who recorded or imported a deployment that was made elsewhere."""

    actor: str
    """ Who recorded or imported the deployment. """
    at: datetime.datetime
    """ When the deployment was recorded, which may be long after it took place. """
    event: int
    """ The `seq` of the event. """
    kind: EventKind
    """ What happened, in the past tense. """
    on_behalf_of: None | str
    """ The person the actor acted for. Null if the actor did not act for someone else. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        event = self.event

        kind = to_json(self.kind)

        on_behalf_of: None | str
        on_behalf_of = self.on_behalf_of

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "event": event,
                "kind": kind,
                "on_behalf_of": on_behalf_of,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        event = d.pop("event")

        kind = EventKind(d.pop("kind"))

        def _parse_on_behalf_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        on_behalf_of = _parse_on_behalf_of(d.pop("on_behalf_of", None))

        recording_event = cls(
            actor=actor,
            at=at,
            event=event,
            kind=kind,
            on_behalf_of=on_behalf_of,
        )

        recording_event.additional_properties = d
        return recording_event

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
