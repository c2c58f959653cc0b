from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RollbackBody")


@_attrs_define
class RollbackBody:
    """The reason for a rollback and whether to redeploy the previous version."""

    note: str
    """ The reason. Recorded permanently. """
    actor: None | str | Unset = UNSET
    """ The person to act for. Defaults to the caller; naming someone else requires the `act_as` role. No one can
    review for someone else. """
    redeploy: bool | Unset = UNSET
    """ Whether to also request the deployment of the last known good version and to block the rolled-back version
    in the environment until an operator unblocks it. """

    def to_dict(self) -> dict[str, Any]:
        note = self.note

        actor: None | str | Unset
        if isinstance(self.actor, Unset):
            actor = UNSET
        else:
            actor = self.actor

        redeploy = self.redeploy

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "note": note,
            }
        )
        if actor is not UNSET:
            field_dict["actor"] = actor
        if redeploy is not UNSET:
            field_dict["redeploy"] = redeploy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        note = d.pop("note")

        def _parse_actor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        actor = _parse_actor(d.pop("actor", UNSET))

        redeploy = d.pop("redeploy", UNSET)

        rollback_body = cls(
            note=note,
            actor=actor,
            redeploy=redeploy,
        )

        return rollback_body
