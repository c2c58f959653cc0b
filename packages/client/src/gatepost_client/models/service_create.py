from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ServiceCreate")


@_attrs_define
class ServiceCreate:
    """A service to register."""

    name: str
    """ A DNS label (RFC 1123): up to 63 lowercase letters, digits or hyphens. """
    repo_url: str
    """ The source repository: an http, https, ssh or git URL, or `user@host:path`. """
    team: str
    """ The team responsible for the service. """
    description: None | str | Unset = UNSET
    """ What the service does, in free text. """
    display_name: None | str | Unset = UNSET
    """ A human-readable name. Defaults to `name`. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        repo_url = self.repo_url

        team = self.team

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "repo_url": repo_url,
                "team": team,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if display_name is not UNSET:
            field_dict["display_name"] = display_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        repo_url = d.pop("repo_url")

        team = d.pop("team")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        service_create = cls(
            name=name,
            repo_url=repo_url,
            team=team,
            description=description,
            display_name=display_name,
        )

        return service_create
