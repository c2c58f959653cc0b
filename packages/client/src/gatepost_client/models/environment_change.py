from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.tier import Tier
from ..plain_values import to_json
from ..types import UNSET, Unset

T = TypeVar("T", bound="EnvironmentChange")


@_attrs_define
class EnvironmentChange:
    """Changes to an environment. Omitted fields are unchanged."""

    archived: bool | None | Unset = UNSET
    """ `true` archives the environment, so that it accepts no new deployment requests; `false` unarchives it. """
    display_name: None | str | Unset = UNSET
    """ The new display name. """
    rank: int | None | Unset = UNSET
    """ The position in promotion order, lowest first. """
    reason: None | str | Unset = UNSET
    """ The reason for the change, shown to the admin who has to approve it. """
    tier: None | Tier | Unset = UNSET
    """ The tier. Existing deployments keep the tier they were requested with. """

    def to_dict(self) -> dict[str, Any]:
        archived: bool | None | Unset
        if isinstance(self.archived, Unset):
            archived = UNSET
        else:
            archived = self.archived

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        rank: int | None | Unset
        if isinstance(self.rank, Unset):
            rank = UNSET
        else:
            rank = self.rank

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        tier: None | str | Unset
        if isinstance(self.tier, Unset):
            tier = UNSET
        elif isinstance(self.tier, Tier):
            tier = to_json(self.tier)
        else:
            tier = self.tier

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if archived is not UNSET:
            field_dict["archived"] = archived
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if rank is not UNSET:
            field_dict["rank"] = rank
        if reason is not UNSET:
            field_dict["reason"] = reason
        if tier is not UNSET:
            field_dict["tier"] = tier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_archived(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        archived = _parse_archived(d.pop("archived", UNSET))

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        def _parse_rank(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        rank = _parse_rank(d.pop("rank", UNSET))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_tier(data: object) -> None | Tier | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                tier_type_0 = Tier(data)

                return tier_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Tier | Unset, data)

        tier = _parse_tier(d.pop("tier", UNSET))

        environment_change = cls(
            archived=archived,
            display_name=display_name,
            rank=rank,
            reason=reason,
            tier=tier,
        )

        return environment_change
