from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.deployment import Deployment


T = TypeVar("T", bound="Stats")


@_attrs_define
class Stats:
    """The numbers of services and of the last week's deployments, and the latest deployments."""

    deployments_this_week: int
    """ The number of deployments in the last seven days, including those rolled back later. """
    recent: list[Deployment]
    """ The ten most recent deployments, newest first. """
    services: int
    """ The number of registered services. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deployments_this_week = self.deployments_this_week

        recent = []
        for recent_item_data in self.recent:
            recent_item = to_json(recent_item_data)
            recent.append(recent_item)

        services = self.services

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deployments_this_week": deployments_this_week,
                "recent": recent,
                "services": services,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment import Deployment  # noqa: PLC0415

        d = dict(src_dict)
        deployments_this_week = d.pop("deployments_this_week")

        recent = []
        _recent = d.pop("recent")
        for recent_item_data in _recent:
            recent_item = Deployment.from_dict(recent_item_data)

            recent.append(recent_item)

        services = d.pop("services")

        stats = cls(
            deployments_this_week=deployments_this_week,
            recent=recent,
            services=services,
        )

        stats.additional_properties = d
        return stats

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
