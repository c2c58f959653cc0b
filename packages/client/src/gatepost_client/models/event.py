from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..models.event_kind import EventKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.event_data import EventData


T = TypeVar("T", bound="Event")


@_attrs_define
class Event:
    """An immutable record of an action."""

    actor: str
    """ Who performed the action: a user's name, or `system`. """
    at: datetime.datetime
    """ When the event happened. """
    data: EventData
    """ Additional data, depending on the kind of event. """
    deployment_id: None | UUID
    """ The deployment that the event is about. Null if it is about something else. """
    deployment_prev_hash: None | str
    """ The hash of the deployment's previous event: 64 zeros for its first event. Null if the event is not about a
    deployment. """
    from_status: DeploymentStatus | None
    """ The deployment's status before the event. Null if the event did not change the status. """
    hash_: str
    """ The SHA-256 digest of the event as JSON, without `hash`. The JSON has sorted keys, no whitespace, and times
    in UTC with six decimal places. """
    kind: EventKind
    """ What happened, in the past tense. """
    note: None | str
    """ The actor's note. Null if there is none. """
    on_behalf_of: None | str
    """ The person the actor acted for. Null if the actor did not act for someone else. """
    prev_hash: str
    """ The hash of the previous event. 64 zeros for the first event. """
    seq: int
    """ The position among all events. Starts at 1 and has no gaps. """
    stage: None | str
    """ The approval stage that the event is about. Null if it is not about a stage. """
    to_status: DeploymentStatus | None
    """ The deployment's status after the event. Null if the event did not change the status. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        actor = self.actor

        at = to_json(self.at)

        data = to_json(self.data)

        deployment_id: None | str
        if isinstance(self.deployment_id, UUID):
            deployment_id = str(self.deployment_id)
        else:
            deployment_id = self.deployment_id

        deployment_prev_hash: None | str
        deployment_prev_hash = self.deployment_prev_hash

        from_status: None | str
        if isinstance(self.from_status, DeploymentStatus):
            from_status = to_json(self.from_status)
        else:
            from_status = self.from_status

        hash_ = self.hash_

        kind = to_json(self.kind)

        note: None | str
        note = self.note

        on_behalf_of: None | str
        on_behalf_of = self.on_behalf_of

        prev_hash = self.prev_hash

        seq = self.seq

        stage: None | str
        stage = self.stage

        to_status: None | str
        if isinstance(self.to_status, DeploymentStatus):
            to_status = to_json(self.to_status)
        else:
            to_status = self.to_status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "actor": actor,
                "at": at,
                "data": data,
                "deployment_id": deployment_id,
                "deployment_prev_hash": deployment_prev_hash,
                "from_status": from_status,
                "hash": hash_,
                "kind": kind,
                "note": note,
                "on_behalf_of": on_behalf_of,
                "prev_hash": prev_hash,
                "seq": seq,
                "stage": stage,
                "to_status": to_status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_data import EventData  # noqa: PLC0415

        d = dict(src_dict)
        actor = d.pop("actor")

        at = datetime.datetime.fromisoformat(d.pop("at"))

        data = EventData.from_dict(d.pop("data"))

        def _parse_deployment_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployment_id_type_0 = UUID(data)

                return deployment_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        deployment_id = _parse_deployment_id(d.pop("deployment_id", None))

        def _parse_deployment_prev_hash(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployment_prev_hash = _parse_deployment_prev_hash(d.pop("deployment_prev_hash", None))

        def _parse_from_status(data: object) -> DeploymentStatus | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from_status_type_0 = DeploymentStatus(data)

                return from_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentStatus | None, data)

        from_status = _parse_from_status(d.pop("from_status", None))

        hash_ = d.pop("hash")

        kind = EventKind(d.pop("kind"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note", None))

        def _parse_on_behalf_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        on_behalf_of = _parse_on_behalf_of(d.pop("on_behalf_of", None))

        prev_hash = d.pop("prev_hash")

        seq = d.pop("seq")

        def _parse_stage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stage = _parse_stage(d.pop("stage", None))

        def _parse_to_status(data: object) -> DeploymentStatus | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                to_status_type_0 = DeploymentStatus(data)

                return to_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentStatus | None, data)

        to_status = _parse_to_status(d.pop("to_status", None))

        event = cls(
            actor=actor,
            at=at,
            data=data,
            deployment_id=deployment_id,
            deployment_prev_hash=deployment_prev_hash,
            from_status=from_status,
            hash_=hash_,
            kind=kind,
            note=note,
            on_behalf_of=on_behalf_of,
            prev_hash=prev_hash,
            seq=seq,
            stage=stage,
            to_status=to_status,
        )

        event.additional_properties = d
        return event

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
