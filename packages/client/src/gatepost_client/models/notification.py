from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.notification_reason import NotificationReason
from ..models.notification_state import NotificationState
from ..plain_values import to_json

T = TypeVar("T", bound="Notification")


@_attrs_define
class Notification:
    """The notification of one event through a channel."""

    attempts: int
    """ The number of attempts that have ended. """
    channel: UUID
    """ The id of the channel. """
    created_at: datetime.datetime
    """ When the notification was queued. """
    deployment: None | UUID
    """ The deployment that the notification is about. Null for a test notification. """
    detail: None | str
    """ What went wrong in the latest attempt; empty if it succeeded. Null if no attempt has ended. """
    ended_at: datetime.datetime | None
    """ When the notification was sent, failed or was dropped. Null while it is pending. """
    id: UUID
    """ The id of the notification. """
    last_attempt_at: datetime.datetime | None
    """ When the latest attempt ended. Null if no attempt has ended. """
    next_attempt_at: datetime.datetime | None
    """ When the next attempt is due. Null if the notification is not pending. """
    reason: NotificationReason
    """ Why people are notified. """
    seq: int
    """ The `seq` of the event. """
    stage: None | str
    """ The stage that is waiting for approval. Null if the notification has another reason. """
    state: NotificationState
    """ Whether a notification is pending, was sent, has failed or was dropped. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempts = self.attempts

        channel = str(self.channel)

        created_at = to_json(self.created_at)

        deployment: None | str
        if isinstance(self.deployment, UUID):
            deployment = str(self.deployment)
        else:
            deployment = self.deployment

        detail: None | str
        detail = self.detail

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = to_json(self.ended_at)
        else:
            ended_at = self.ended_at

        id = str(self.id)

        last_attempt_at: None | str
        if isinstance(self.last_attempt_at, datetime.datetime):
            last_attempt_at = to_json(self.last_attempt_at)
        else:
            last_attempt_at = self.last_attempt_at

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = to_json(self.next_attempt_at)
        else:
            next_attempt_at = self.next_attempt_at

        reason = to_json(self.reason)

        seq = self.seq

        stage: None | str
        stage = self.stage

        state = to_json(self.state)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "channel": channel,
                "created_at": created_at,
                "deployment": deployment,
                "detail": detail,
                "ended_at": ended_at,
                "id": id,
                "last_attempt_at": last_attempt_at,
                "next_attempt_at": next_attempt_at,
                "reason": reason,
                "seq": seq,
                "stage": stage,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempts = d.pop("attempts")

        channel = UUID(d.pop("channel"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_deployment(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployment_type_0 = UUID(data)

                return deployment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        deployment = _parse_deployment(d.pop("deployment", None))

        def _parse_detail(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        detail = _parse_detail(d.pop("detail", None))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at", None))

        id = UUID(d.pop("id"))

        def _parse_last_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_attempt_at = _parse_last_attempt_at(d.pop("last_attempt_at", None))

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at", None))

        reason = NotificationReason(d.pop("reason"))

        seq = d.pop("seq")

        def _parse_stage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stage = _parse_stage(d.pop("stage", None))

        state = NotificationState(d.pop("state"))

        notification = cls(
            attempts=attempts,
            channel=channel,
            created_at=created_at,
            deployment=deployment,
            detail=detail,
            ended_at=ended_at,
            id=id,
            last_attempt_at=last_attempt_at,
            next_attempt_at=next_attempt_at,
            reason=reason,
            seq=seq,
            stage=stage,
            state=state,
        )

        notification.additional_properties = d
        return notification

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
