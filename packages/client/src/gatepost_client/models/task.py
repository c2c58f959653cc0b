from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.deployment import Deployment
    from ..models.target_settings import TargetSettings


T = TypeVar("T", bound="Task")


@_attrs_define
class Task:
    """A claimed deployment and everything needed to carry it out."""

    deadline_at: datetime.datetime
    """ The time by which the deployment must have ended. """
    deployment: Deployment
    """ One deployment from request to outcome. """
    fencing_token: int
    """ The fencing token to send with every report under the claim. Reports with a superseded token are refused.
    """
    id: UUID
    """ The id of the claim. """
    lease_s: int
    """ The lease duration in seconds. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can take over. """
    outgoing_allow: list[str]
    """ The hosts and networks that the policy allows checks and executors to call. """
    previous_version: None | str
    """ The version that is currently live. Null if there is none. """
    rolled_out: bool
    """ Whether an earlier attempt reported that the rollout itself was complete. """
    target: TargetSettings
    """ How a service is rolled out to an environment and checked there. """
    time_left_s: int
    """ The number of seconds until `deadline_at`, for workers whose clocks differ from the server's. """
    kind: Literal["deployment"] = "deployment"
    """ Identifies which of the alternatives the object is. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deadline_at = to_json(self.deadline_at)

        deployment = to_json(self.deployment)

        fencing_token = self.fencing_token

        id = str(self.id)

        kind = self.kind

        lease_s = self.lease_s

        leased_until = to_json(self.leased_until)

        outgoing_allow = self.outgoing_allow

        previous_version: None | str
        previous_version = self.previous_version

        rolled_out = self.rolled_out

        target = to_json(self.target)

        time_left_s = self.time_left_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deadline_at": deadline_at,
                "deployment": deployment,
                "fencing_token": fencing_token,
                "id": id,
                "kind": kind,
                "lease_s": lease_s,
                "leased_until": leased_until,
                "outgoing_allow": outgoing_allow,
                "previous_version": previous_version,
                "rolled_out": rolled_out,
                "target": target,
                "time_left_s": time_left_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deployment import Deployment  # noqa: PLC0415
        from ..models.target_settings import TargetSettings  # noqa: PLC0415

        d = dict(src_dict)
        deadline_at = datetime.datetime.fromisoformat(d.pop("deadline_at"))

        deployment = Deployment.from_dict(d.pop("deployment"))

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        kind = cast(Literal["deployment"], d.pop("kind"))
        if kind != "deployment":
            raise ValueError(f"kind must match const 'deployment', got '{kind}'")

        lease_s = d.pop("lease_s")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        outgoing_allow = cast(list[str], d.pop("outgoing_allow"))

        def _parse_previous_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        previous_version = _parse_previous_version(d.pop("previous_version", None))

        rolled_out = d.pop("rolled_out")

        target = TargetSettings.from_dict(d.pop("target"))

        time_left_s = d.pop("time_left_s")

        task = cls(
            deadline_at=deadline_at,
            deployment=deployment,
            fencing_token=fencing_token,
            id=id,
            kind=kind,
            lease_s=lease_s,
            leased_until=leased_until,
            outgoing_allow=outgoing_allow,
            previous_version=previous_version,
            rolled_out=rolled_out,
            target=target,
            time_left_s=time_left_s,
        )

        task.additional_properties = d
        return task

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
