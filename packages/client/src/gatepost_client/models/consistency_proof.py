from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ConsistencyProof")


@_attrs_define
class ConsistencyProof:
    """The proof that a later log contains an earlier one unchanged, as in RFC 6962."""

    checkpoint: str
    """ The signed checkpoint of the later tree. """
    hashes: list[str]
    """ The proof, in Base64. """
    old_root: str
    """ The root hash of the earlier tree, in Base64. """
    old_size: int
    """ The number of events in the earlier tree. """
    root: str
    """ The root hash of the later tree, in Base64. """
    size: int
    """ The number of events in the later tree. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checkpoint = self.checkpoint

        hashes = self.hashes

        old_root = self.old_root

        old_size = self.old_size

        root = self.root

        size = self.size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
                "hashes": hashes,
                "old_root": old_root,
                "old_size": old_size,
                "root": root,
                "size": size,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        checkpoint = d.pop("checkpoint")

        hashes = cast(list[str], d.pop("hashes"))

        old_root = d.pop("old_root")

        old_size = d.pop("old_size")

        root = d.pop("root")

        size = d.pop("size")

        consistency_proof = cls(
            checkpoint=checkpoint,
            hashes=hashes,
            old_root=old_root,
            old_size=old_size,
            root=root,
            size=size,
        )

        consistency_proof.additional_properties = d
        return consistency_proof

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
