from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.service_status import ServiceStatus
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.contracts import Contracts


T = TypeVar("T", bound="RegisteredService")


@_attrs_define
class RegisteredService:
    """A newly registered or changed service with its generated contracts."""

    contracts: Contracts
    """ The files generated for a service: infrastructure, runtime and pipelines. """
    created_at: datetime.datetime
    """ When the service was registered. """
    created_by: str
    """ Who registered the service. """
    description: None | str
    """ A description of the service. Null if none was given. """
    display_name: str
    """ The human-readable name of the service. """
    name: str
    """ The name, which never changes. """
    repo_url: str
    """ The URL of the service's source repository. """
    revision: int
    """ The revision number: starts at 1 and increases with every change. Also the ETag. """
    status: ServiceStatus
    """ Whether a service is in use. """
    team: str
    """ The team that owns the service. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        contracts = to_json(self.contracts)

        created_at = to_json(self.created_at)

        created_by = self.created_by

        description: None | str
        description = self.description

        display_name = self.display_name

        name = self.name

        repo_url = self.repo_url

        revision = self.revision

        status = to_json(self.status)

        team = self.team

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "contracts": contracts,
                "created_at": created_at,
                "created_by": created_by,
                "description": description,
                "display_name": display_name,
                "name": name,
                "repo_url": repo_url,
                "revision": revision,
                "status": status,
                "team": team,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.contracts import Contracts  # noqa: PLC0415

        d = dict(src_dict)
        contracts = Contracts.from_dict(d.pop("contracts"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description", None))

        display_name = d.pop("display_name")

        name = d.pop("name")

        repo_url = d.pop("repo_url")

        revision = d.pop("revision")

        status = ServiceStatus(d.pop("status"))

        team = d.pop("team")

        registered_service = cls(
            contracts=contracts,
            created_at=created_at,
            created_by=created_by,
            description=description,
            display_name=display_name,
            name=name,
            repo_url=repo_url,
            revision=revision,
            status=status,
            team=team,
        )

        registered_service.additional_properties = d
        return registered_service

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
