from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tier import Tier
from ..plain_values import to_json

T = TypeVar("T", bound="Environment")


@_attrs_define
class Environment:
    """An environment in which versions run."""

    archived: bool
    """ Whether the environment is archived. An archived environment accepts no new deployment requests; its history
    remains. """
    created_at: datetime.datetime
    """ When the environment was created. """
    created_by: str
    """ Who created the environment. """
    display_name: str
    """ The human-readable name of the environment. """
    name: str
    """ The name, which never changes. """
    policy_version: int
    """ The current version of the policy. """
    rank: int
    """ The position in promotion order, lowest first. """
    revision: int
    """ The revision number: starts at 1 and increases with every change, including policy changes. Also the ETag.
    """
    tier: Tier
    """ The importance of an environment. Rules depend on the tier, never on the name. """
    was_production: bool
    """ Whether the tier is, or ever was, `production`. If true, this value never changes, and a deployment that
    starts here without a human's approval is permanently marked as `review.waived`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        archived = self.archived

        created_at = to_json(self.created_at)

        created_by = self.created_by

        display_name = self.display_name

        name = self.name

        policy_version = self.policy_version

        rank = self.rank

        revision = self.revision

        tier = to_json(self.tier)

        was_production = self.was_production

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "archived": archived,
                "created_at": created_at,
                "created_by": created_by,
                "display_name": display_name,
                "name": name,
                "policy_version": policy_version,
                "rank": rank,
                "revision": revision,
                "tier": tier,
                "was_production": was_production,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        archived = d.pop("archived")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        display_name = d.pop("display_name")

        name = d.pop("name")

        policy_version = d.pop("policy_version")

        rank = d.pop("rank")

        revision = d.pop("revision")

        tier = Tier(d.pop("tier"))

        was_production = d.pop("was_production")

        environment = cls(
            archived=archived,
            created_at=created_at,
            created_by=created_by,
            display_name=display_name,
            name=name,
            policy_version=policy_version,
            rank=rank,
            revision=revision,
            tier=tier,
            was_production=was_production,
        )

        environment.additional_properties = d
        return environment

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
