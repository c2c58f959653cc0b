from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InclusionProof")


@_attrs_define
class InclusionProof:
    """The proof that an event is part of the log, as in RFC 6962."""

    checkpoint: str
    """ The signed checkpoint of the tree with this size and root hash. """
    hashes: list[str]
    """ The audit path, in Base64: the hashes to combine with the leaf, from the leaf up to the root. """
    index: int
    """ The position of the event in the tree, counted from 0: its `seq` minus 1. """
    leaf_hash: str
    """ SHA-256, in Base64, of a zero byte and the 32 bytes of the event's `hash`. """
    root: str
    """ The root hash of the tree, in Base64, which must result from the leaf and the path. """
    size: int
    """ The number of events in the tree. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checkpoint = self.checkpoint

        hashes = self.hashes

        index = self.index

        leaf_hash = self.leaf_hash

        root = self.root

        size = self.size

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "checkpoint": checkpoint,
                "hashes": hashes,
                "index": index,
                "leaf_hash": leaf_hash,
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

        index = d.pop("index")

        leaf_hash = d.pop("leaf_hash")

        root = d.pop("root")

        size = d.pop("size")

        inclusion_proof = cls(
            checkpoint=checkpoint,
            hashes=hashes,
            index=index,
            leaf_hash=leaf_hash,
            root=root,
            size=size,
        )

        inclusion_proof.additional_properties = d
        return inclusion_proof

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
