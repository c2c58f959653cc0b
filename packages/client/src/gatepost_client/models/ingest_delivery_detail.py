from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ingest_source_kind import IngestSourceKind
from ..models.ingest_state import IngestState
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.ingested_deployment import IngestedDeployment
    from ..models.protection_answer import ProtectionAnswer


T = TypeVar("T", bound="IngestDeliveryDetail")


@_attrs_define
class IngestDeliveryDetail:
    """A delivery with its body."""

    attempts: int
    """ How many times the delivery was processed: once on receipt, plus once for each replay. """
    content_type: str
    """ The media type of the body, as the source sent it. """
    delivery_id: str
    """ The id that the source gave the delivery or, if it gave none, the digest of the body. """
    deployments: list[IngestedDeployment]
    """ At most one deployment: the one that the delivery recorded, requested or ended or, if the delivery was
    `ignored` as a repetition, the existing one. """
    event: str
    """ The type of the event, as the source names it. """
    id: UUID
    """ The id of the delivery in Gatepost. """
    payload: None | str
    """ The body as text. Null once it has been removed. """
    payload_kept_until: datetime.datetime
    """ When the body will be or was removed. The delivery cannot be replayed after that. """
    payload_sha256: str
    """ The SHA-256 digest of the body, in hexadecimal. """
    payload_size: int
    """ The size of the body, in bytes. """
    protection_answer: None | ProtectionAnswer
    """ The answer to the GitHub job that the delivery reported. Null if it reported none. """
    reason: None | str
    """ Why the delivery was ignored, or why it failed and what to do. Null if it was applied. """
    received_at: datetime.datetime
    """ When the delivery was received. """
    replayed_at: datetime.datetime | None
    """ When the delivery was last replayed. Null if it never was. """
    replayed_by: None | str
    """ Who last replayed the delivery. Null if it was never replayed. """
    source: IngestSourceKind
    """ A system that sends deliveries. There is at most one source of each kind. """
    state: IngestState
    """ The result of processing a delivery. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.protection_answer import ProtectionAnswer  # noqa: PLC0415

        attempts = self.attempts

        content_type = self.content_type

        delivery_id = self.delivery_id

        deployments = []
        for deployments_item_data in self.deployments:
            deployments_item = to_json(deployments_item_data)
            deployments.append(deployments_item)

        event = self.event

        id = str(self.id)

        payload: None | str
        payload = self.payload

        payload_kept_until = to_json(self.payload_kept_until)

        payload_sha256 = self.payload_sha256

        payload_size = self.payload_size

        protection_answer: dict[str, Any] | None
        if isinstance(self.protection_answer, ProtectionAnswer):
            protection_answer = to_json(self.protection_answer)
        else:
            protection_answer = self.protection_answer

        reason: None | str
        reason = self.reason

        received_at = to_json(self.received_at)

        replayed_at: None | str
        if isinstance(self.replayed_at, datetime.datetime):
            replayed_at = to_json(self.replayed_at)
        else:
            replayed_at = self.replayed_at

        replayed_by: None | str
        replayed_by = self.replayed_by

        source = to_json(self.source)

        state = to_json(self.state)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempts": attempts,
                "content_type": content_type,
                "delivery_id": delivery_id,
                "deployments": deployments,
                "event": event,
                "id": id,
                "payload": payload,
                "payload_kept_until": payload_kept_until,
                "payload_sha256": payload_sha256,
                "payload_size": payload_size,
                "protection_answer": protection_answer,
                "reason": reason,
                "received_at": received_at,
                "replayed_at": replayed_at,
                "replayed_by": replayed_by,
                "source": source,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ingested_deployment import IngestedDeployment  # noqa: PLC0415
        from ..models.protection_answer import ProtectionAnswer  # noqa: PLC0415

        d = dict(src_dict)
        attempts = d.pop("attempts")

        content_type = d.pop("content_type")

        delivery_id = d.pop("delivery_id")

        deployments = []
        _deployments = d.pop("deployments")
        for deployments_item_data in _deployments:
            deployments_item = IngestedDeployment.from_dict(deployments_item_data)

            deployments.append(deployments_item)

        event = d.pop("event")

        id = UUID(d.pop("id"))

        def _parse_payload(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        payload = _parse_payload(d.pop("payload", None))

        payload_kept_until = datetime.datetime.fromisoformat(d.pop("payload_kept_until"))

        payload_sha256 = d.pop("payload_sha256")

        payload_size = d.pop("payload_size")

        def _parse_protection_answer(data: object) -> None | ProtectionAnswer:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                protection_answer_type_0 = ProtectionAnswer.from_dict(data)

                return protection_answer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProtectionAnswer, data)

        protection_answer = _parse_protection_answer(d.pop("protection_answer", None))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason", None))

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        def _parse_replayed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                replayed_at_type_0 = datetime.datetime.fromisoformat(data)

                return replayed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        replayed_at = _parse_replayed_at(d.pop("replayed_at", None))

        def _parse_replayed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        replayed_by = _parse_replayed_by(d.pop("replayed_by", None))

        source = IngestSourceKind(d.pop("source"))

        state = IngestState(d.pop("state"))

        ingest_delivery_detail = cls(
            attempts=attempts,
            content_type=content_type,
            delivery_id=delivery_id,
            deployments=deployments,
            event=event,
            id=id,
            payload=payload,
            payload_kept_until=payload_kept_until,
            payload_sha256=payload_sha256,
            payload_size=payload_size,
            protection_answer=protection_answer,
            reason=reason,
            received_at=received_at,
            replayed_at=replayed_at,
            replayed_by=replayed_by,
            source=source,
            state=state,
        )

        ingest_delivery_detail.additional_properties = d
        return ingest_delivery_detail

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
