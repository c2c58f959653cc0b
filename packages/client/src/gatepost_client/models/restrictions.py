from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.hold import Hold
    from ..models.version_block import VersionBlock


T = TypeVar("T", bound="Restrictions")


@_attrs_define
class Restrictions:
    """The blocked versions of a service and the holds on its automatic promotion."""

    blocks: list[VersionBlock]
    """ The blocked versions, ordered by environment, then by version. """
    holds: list[Hold]
    """ The promotion holds, ordered by environment. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        blocks = []
        for blocks_item_data in self.blocks:
            blocks_item = to_json(blocks_item_data)
            blocks.append(blocks_item)

        holds = []
        for holds_item_data in self.holds:
            holds_item = to_json(holds_item_data)
            holds.append(holds_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "blocks": blocks,
                "holds": holds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hold import Hold  # noqa: PLC0415
        from ..models.version_block import VersionBlock  # noqa: PLC0415

        d = dict(src_dict)
        blocks = []
        _blocks = d.pop("blocks")
        for blocks_item_data in _blocks:
            blocks_item = VersionBlock.from_dict(blocks_item_data)

            blocks.append(blocks_item)

        holds = []
        _holds = d.pop("holds")
        for holds_item_data in _holds:
            holds_item = Hold.from_dict(holds_item_data)

            holds.append(holds_item)

        restrictions = cls(
            blocks=blocks,
            holds=holds,
        )

        restrictions.additional_properties = d
        return restrictions

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
