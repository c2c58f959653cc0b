from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.envelope_signature import EnvelopeSignature


T = TypeVar("T", bound="SignedEnvelope")


@_attrs_define
class SignedEnvelope:
    """Evidence as an in-toto statement, signed as a whole (DSSE)."""

    payload: str
    """ The statement, in Base64. Its predicate is the evidence. """
    payload_type: str
    """ The media type of the payload, `application/vnd.in-toto+json`. """
    signatures: list[EnvelopeSignature]
    """ The signatures of the payload. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        payload = self.payload

        payload_type = self.payload_type

        signatures = []
        for signatures_item_data in self.signatures:
            signatures_item = to_json(signatures_item_data)
            signatures.append(signatures_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "payload": payload,
                "payloadType": payload_type,
                "signatures": signatures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.envelope_signature import EnvelopeSignature  # noqa: PLC0415

        d = dict(src_dict)
        payload = d.pop("payload")

        payload_type = d.pop("payloadType")

        signatures = []
        _signatures = d.pop("signatures")
        for signatures_item_data in _signatures:
            signatures_item = EnvelopeSignature.from_dict(signatures_item_data)

            signatures.append(signatures_item)

        signed_envelope = cls(
            payload=payload,
            payload_type=payload_type,
            signatures=signatures,
        )

        signed_envelope.additional_properties = d
        return signed_envelope

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
