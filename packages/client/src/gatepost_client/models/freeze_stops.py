from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.stopped_deployment import StoppedDeployment


T = TypeVar("T", bound="FreezeStops")


@_attrs_define
class FreezeStops:
    """The services, environments and waiting deployments in the scope of a freeze."""

    environments: int
    """ The number of environments in the scope, excluding archived ones. """
    services: int
    """ The number of services in the scope, excluding archived ones. """
    waiting: list[StoppedDeployment]
    """ The deployments waiting to start, oldest first; at most 50. Rollbacks are left out, because a freeze does
    not block them. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        environments = self.environments

        services = self.services

        waiting = []
        for waiting_item_data in self.waiting:
            waiting_item = to_json(waiting_item_data)
            waiting.append(waiting_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "environments": environments,
                "services": services,
                "waiting": waiting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stopped_deployment import StoppedDeployment  # noqa: PLC0415

        d = dict(src_dict)
        environments = d.pop("environments")

        services = d.pop("services")

        waiting = []
        _waiting = d.pop("waiting")
        for waiting_item_data in _waiting:
            waiting_item = StoppedDeployment.from_dict(waiting_item_data)

            waiting.append(waiting_item)

        freeze_stops = cls(
            environments=environments,
            services=services,
            waiting=waiting,
        )

        freeze_stops.additional_properties = d
        return freeze_stops

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
