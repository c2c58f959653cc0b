from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EventInclusion")


@_attrs_define
class EventInclusion:
    """The proof (RFC 6962) that an event is part of the log that the checkpoint covers."""

    hashes: list[str]
    """ The audit path, in Base64: the hashes to combine with the leaf, from the leaf up to the root. """
    index: int
    """ The position of the event in the tree, counted from 0: its `seq` minus 1. """
    seq: int
    """ The `seq` of the event. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hashes = self.hashes

        index = self.index

        seq = self.seq

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hashes": hashes,
                "index": index,
                "seq": seq,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hashes = cast(list[str], d.pop("hashes"))

        index = d.pop("index")

        seq = d.pop("seq")

        event_inclusion = cls(
            hashes=hashes,
            index=index,
            seq=seq,
        )

        event_inclusion.additional_properties = d
        return event_inclusion

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
