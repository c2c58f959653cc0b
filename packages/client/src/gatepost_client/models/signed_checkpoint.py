from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SignedCheckpoint")


@_attrs_define
class SignedCheckpoint:
    """A signed statement of the number of events and the root hash of their tree."""

    note: str
    """ The checkpoint as a signed note (C2SP `tlog-checkpoint`). """
    public_key: str
    """ The public key of the signature, as `NAME+ID+BASE64`. Auditors should not rely on this copy, but ask the
    operator for the key. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        note = self.note

        public_key = self.public_key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "note": note,
                "public_key": public_key,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        note = d.pop("note")

        public_key = d.pop("public_key")

        signed_checkpoint = cls(
            note=note,
            public_key=public_key,
        )

        signed_checkpoint.additional_properties = d
        return signed_checkpoint

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
