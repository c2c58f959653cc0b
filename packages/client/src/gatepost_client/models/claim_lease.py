from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ClaimLease")


@_attrs_define
class ClaimLease:
    """The lease of a claim."""

    deadline_at: datetime.datetime
    """ The time by which the deployment must have ended. """
    fencing_token: int
    """ The token to send with every report under the claim. Reports with a superseded token are refused. """
    id: UUID
    lease_s: int
    """ The lease duration in seconds. """
    leased_until: datetime.datetime
    """ When the lease expires and another worker can take over. """
    time_left_s: int
    """ Seconds until `deadline_at`, for workers whose clock differs from the server's. """

    def to_dict(self) -> dict[str, Any]:
        deadline_at = self.deadline_at.isoformat()

        fencing_token = self.fencing_token

        id = str(self.id)

        lease_s = self.lease_s

        leased_until = self.leased_until.isoformat()

        time_left_s = self.time_left_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "deadline_at": deadline_at,
                "fencing_token": fencing_token,
                "id": id,
                "lease_s": lease_s,
                "leased_until": leased_until,
                "time_left_s": time_left_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deadline_at = datetime.datetime.fromisoformat(d.pop("deadline_at"))

        fencing_token = d.pop("fencing_token")

        id = UUID(d.pop("id"))

        lease_s = d.pop("lease_s")

        leased_until = datetime.datetime.fromisoformat(d.pop("leased_until"))

        time_left_s = d.pop("time_left_s")

        claim_lease = cls(
            deadline_at=deadline_at,
            fencing_token=fencing_token,
            id=id,
            lease_s=lease_s,
            leased_until=leased_until,
            time_left_s=time_left_s,
        )

        return claim_lease
