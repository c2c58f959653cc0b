from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.consented_target_settings import ConsentedTargetSettings


T = TypeVar("T", bound="ConsentedTarget")


@_attrs_define
class ConsentedTarget:
    """The settings of the target with which the deployment is rolled out."""

    digest: str
    """ The SHA-256 digest of `settings`, which is part of what reviewers approve. """
    environment: str
    """ The environment's name. """
    service: str
    """ The service's name. """
    set_at: datetime.datetime
    """ When this version of the settings was set. """
    set_by: str
    """ Who set this version of the settings. """
    settings: ConsentedTargetSettings
    """ The settings in the form from which `digest` is computed. The bodies and expected values of checks are JSON
    text. """
    version: int
    """ The version of the target's settings. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        digest = self.digest

        environment = self.environment

        service = self.service

        set_at = to_json(self.set_at)

        set_by = self.set_by

        settings = to_json(self.settings)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "digest": digest,
                "environment": environment,
                "service": service,
                "set_at": set_at,
                "set_by": set_by,
                "settings": settings,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consented_target_settings import ConsentedTargetSettings  # noqa: PLC0415

        d = dict(src_dict)
        digest = d.pop("digest")

        environment = d.pop("environment")

        service = d.pop("service")

        set_at = datetime.datetime.fromisoformat(d.pop("set_at"))

        set_by = d.pop("set_by")

        settings = ConsentedTargetSettings.from_dict(d.pop("settings"))

        version = d.pop("version")

        consented_target = cls(
            digest=digest,
            environment=environment,
            service=service,
            set_at=set_at,
            set_by=set_by,
            settings=settings,
            version=version,
        )

        consented_target.additional_properties = d
        return consented_target

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
