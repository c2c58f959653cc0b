from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_state import DeliveryState
from ..models.event_kind import EventKind
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.delivery_attempt import DeliveryAttempt


T = TypeVar("T", bound="WebhookDelivery")


@_attrs_define
class WebhookDelivery:
    """The delivery of one event to one webhook."""

    attempts: int
    """ The number of attempts that have ended since the delivery was queued or, if a person has resent it, since it
    was last resent. Automatic retries do not reset the number. """
    created_at: datetime.datetime
    """ When the delivery was queued. """
    ended_at: datetime.datetime | None
    """ When the event was delivered or the delivery failed. Null while it is pending. """
    id: UUID
    """ The id of the delivery, which every attempt sends as `webhook-id`. """
    kind: EventKind
    """ What happened, in the past tense. """
    last_attempt: DeliveryAttempt | None
    """ The latest attempt that has ended. Null if no attempt has ended. """
    next_attempt_at: datetime.datetime | None
    """ When the next attempt is due. Null if the delivery has ended. """
    seq: int
    """ The `seq` of the event. """
    state: DeliveryState
    """ Whether a delivery is pending, was delivered or has failed. """
    webhook: UUID
    """ The id of the webhook. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.delivery_attempt import DeliveryAttempt  # noqa: PLC0415

        attempts = self.attempts

        created_at = to_json(self.created_at)

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = to_json(self.ended_at)
        else:
            ended_at = self.ended_at

        id = str(self.id)

        kind = to_json(self.kind)

        last_attempt: dict[str, Any] | None
        if isinstance(self.last_attempt, DeliveryAttempt):
            last_attempt = to_json(self.last_attempt)
        else:
            last_attempt = self.last_attempt

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = to_json(self.next_attempt_at)
        else:
            next_attempt_at = self.next_attempt_at

        seq = self.seq

        state = to_json(self.state)

        webhook = str(self.webhook)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "created_at": created_at,
                "ended_at": ended_at,
                "id": id,
                "kind": kind,
                "last_attempt": last_attempt,
                "next_attempt_at": next_attempt_at,
                "seq": seq,
                "state": state,
                "webhook": webhook,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delivery_attempt import DeliveryAttempt  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

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

        kind = EventKind(d.pop("kind"))

        def _parse_last_attempt(data: object) -> DeliveryAttempt | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_attempt_type_0 = DeliveryAttempt.from_dict(data)

                return last_attempt_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeliveryAttempt | None, data)

        last_attempt = _parse_last_attempt(d.pop("last_attempt", None))

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

        seq = d.pop("seq")

        state = DeliveryState(d.pop("state"))

        webhook = UUID(d.pop("webhook"))

        webhook_delivery = cls(
            attempts=attempts,
            created_at=created_at,
            ended_at=ended_at,
            id=id,
            kind=kind,
            last_attempt=last_attempt,
            next_attempt_at=next_attempt_at,
            seq=seq,
            state=state,
            webhook=webhook,
        )

        webhook_delivery.additional_properties = d
        return webhook_delivery

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
