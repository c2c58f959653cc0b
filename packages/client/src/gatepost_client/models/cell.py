from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.age import Age
from ..models.tier import Tier
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.in_progress import InProgress
    from ..models.rollback_target import RollbackTarget


T = TypeVar("T", bound="Cell")


@_attrs_define
class Cell:
    """The live deployment of one service in one environment."""

    age: Age
    """ A category for how long a deployment has been live. """
    deployed_at: datetime.datetime
    """ When this version went live. """
    deployed_by: None | str
    """ Who carried out the deployment. Null if unknown. """
    deployment_id: UUID
    """ The id of the deployment. """
    environment: str
    """ The environment's name. """
    in_progress: InProgress | None
    """ The deployment in progress or next in the queue. Null if there is none, and for past states. """
    number: str
    """ The number of the deployment, as in `DEP-42`. """
    rolling_back_to: None | RollbackTarget
    """ The deployment that will replace this one, if this one was rolled back but is still live. Null if there is
    none, and for past states. """
    service: str
    """ The service's name. """
    tier: Tier
    """ The importance of an environment. Rules depend on the tier, never on the name. """
    version: str
    """ The version that is live. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.in_progress import InProgress  # noqa: PLC0415
        from ..models.rollback_target import RollbackTarget  # noqa: PLC0415

        age = to_json(self.age)

        deployed_at = to_json(self.deployed_at)

        deployed_by: None | str
        deployed_by = self.deployed_by

        deployment_id = str(self.deployment_id)

        environment = self.environment

        in_progress: dict[str, Any] | None
        if isinstance(self.in_progress, InProgress):
            in_progress = to_json(self.in_progress)
        else:
            in_progress = self.in_progress

        number = self.number

        rolling_back_to: dict[str, Any] | None
        if isinstance(self.rolling_back_to, RollbackTarget):
            rolling_back_to = to_json(self.rolling_back_to)
        else:
            rolling_back_to = self.rolling_back_to

        service = self.service

        tier = to_json(self.tier)

        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "age": age,
                "deployed_at": deployed_at,
                "deployed_by": deployed_by,
                "deployment_id": deployment_id,
                "environment": environment,
                "in_progress": in_progress,
                "number": number,
                "rolling_back_to": rolling_back_to,
                "service": service,
                "tier": tier,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.in_progress import InProgress  # noqa: PLC0415
        from ..models.rollback_target import RollbackTarget  # noqa: PLC0415

        d = dict(src_dict)
        age = Age(d.pop("age"))

        deployed_at = datetime.datetime.fromisoformat(d.pop("deployed_at"))

        def _parse_deployed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        deployed_by = _parse_deployed_by(d.pop("deployed_by", None))

        deployment_id = UUID(d.pop("deployment_id"))

        environment = d.pop("environment")

        def _parse_in_progress(data: object) -> InProgress | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                in_progress_type_0 = InProgress.from_dict(data)

                return in_progress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(InProgress | None, data)

        in_progress = _parse_in_progress(d.pop("in_progress", None))

        number = d.pop("number")

        def _parse_rolling_back_to(data: object) -> None | RollbackTarget:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rolling_back_to_type_0 = RollbackTarget.from_dict(data)

                return rolling_back_to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RollbackTarget, data)

        rolling_back_to = _parse_rolling_back_to(d.pop("rolling_back_to", None))

        service = d.pop("service")

        tier = Tier(d.pop("tier"))

        version = d.pop("version")

        cell = cls(
            age=age,
            deployed_at=deployed_at,
            deployed_by=deployed_by,
            deployment_id=deployment_id,
            environment=environment,
            in_progress=in_progress,
            number=number,
            rolling_back_to=rolling_back_to,
            service=service,
            tier=tier,
            version=version,
        )

        cell.additional_properties = d
        return cell

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
