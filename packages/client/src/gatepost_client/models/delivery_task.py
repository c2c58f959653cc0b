from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.message_header import MessageHeader


T = TypeVar("T", bound="DeliveryTask")


@_attrs_define
class DeliveryTask:
    """A claimed delivery: a message to send once to a URL."""

    body: str
    """ The body, to be sent unchanged in UTF-8. """
    fencing_token: int
    """ The fencing token to send with the result. A result with a superseded token is refused. """
    headers: list[MessageHeader]
    """ The headers, including the signatures of the message. """
    id: UUID
    """ The delivery's id. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can send the message. """
    outgoing_allow: list[str]
    """ The hosts and networks that the setting `GATEPOST_OUTGOING_ALLOW` permits. """
    timeout_s: int
    """ How long the whole request may take, in seconds. """
    url: str
    """ The URL to send the message to with POST. Redirects must not be followed. """
    kind: Literal["webhook_delivery"] = "webhook_delivery"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        body = self.body

        fencing_token = self.fencing_token

        headers = []
        for headers_item_data in self.headers:
            headers_item = to_json(headers_item_data)
            headers.append(headers_item)

        id = str(self.id)

        kind = self.kind

        leased_until = to_json(self.leased_until)

        outgoing_allow = self.outgoing_allow

        timeout_s = self.timeout_s

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "body": body,
                "fencing_token": fencing_token,
                "headers": headers,
                "id": id,
                "kind": kind,
                "leased_until": leased_until,
                "outgoing_allow": outgoing_allow,
                "timeout_s": timeout_s,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_header import MessageHeader  # noqa: PLC0415

        d = dict(src_dict)
        body = d.pop("body")

        fencing_token = d.pop("fencing_token")

        headers = []
        _headers = d.pop("headers")
        for headers_item_data in _headers:
            headers_item = MessageHeader.from_dict(headers_item_data)

            headers.append(headers_item)

        id = UUID(d.pop("id"))

        kind = cast(Literal["webhook_delivery"], d.pop("kind"))
        if kind != "webhook_delivery":
            raise ValueError(f"kind must match const 'webhook_delivery', got '{kind}'")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        timeout_s = d.pop("timeout_s")

        url = d.pop("url")

        delivery_task = cls(
            body=body,
            fencing_token=fencing_token,
            headers=headers,
            id=id,
            kind=kind,
            leased_until=leased_until,
            outgoing_allow=outgoing_allow,
            timeout_s=timeout_s,
            url=url,
        )

        delivery_task.additional_properties = d
        return delivery_task

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
