from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.deployment_step import DeploymentStep


T = TypeVar("T", bound="VouchedSteps")


@_attrs_define
class VouchedSteps:
    """The steps that workers reported, and the event that contains their digest."""

    digest: str
    """ The SHA-256 digest of the steps. """
    items: list[DeploymentStep]
    """ The steps that workers reported, oldest first. """
    vouched_for_by: int | None
    """ The `seq` of the event that ended the deployment and contains the digest. Null if no worker ended the
    deployment. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        items = []
        for items_item_data in self.items:
            items_item = to_json(items_item_data)
            items.append(items_item)

        vouched_for_by: int | None
        vouched_for_by = self.vouched_for_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "digest": digest,
                "items": items,
                "vouched_for_by": vouched_for_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment_step import DeploymentStep  # noqa: PLC0415

        d = dict(src_dict)
        digest = d.pop("digest")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = DeploymentStep.from_dict(items_item_data)

            items.append(items_item)

        def _parse_vouched_for_by(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        vouched_for_by = _parse_vouched_for_by(d.pop("vouched_for_by", None))

        vouched_steps = cls(
            digest=digest,
            items=items,
            vouched_for_by=vouched_for_by,
        )

        vouched_steps.additional_properties = d
        return vouched_steps

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
