from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EnvelopeSignature")


@_attrs_define
class EnvelopeSignature:
    """A signature of an envelope."""

    keyid: str
    """ The id of the public key, in hexadecimal. It is only a hint, because it is not signed. """
    sig: str
    """ The Ed25519 signature, in Base64. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        keyid = self.keyid

        sig = self.sig

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "keyid": keyid,
                "sig": sig,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        keyid = d.pop("keyid")

        sig = d.pop("sig")

        envelope_signature = cls(
            keyid=keyid,
            sig=sig,
        )

        envelope_signature.additional_properties = d
        return envelope_signature

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
