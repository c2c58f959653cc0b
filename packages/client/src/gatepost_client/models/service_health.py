from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..models.execution_state import ExecutionState
from ..models.health_source import HealthSource
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.cell import Cell


T = TypeVar("T", bound="ServiceHealth")


@_attrs_define
class ServiceHealth:
    """A service's latest rollout, declared resources and live versions."""

    build_id: None | UUID
    """ The build id of the latest rollout. Null for a record, or if there has been no rollout. """
    cpu_usage: None | str
    """ The CPU request of each pod as a Kubernetes quantity, such as `500m`. """
    deployment_id: None | UUID
    """ The id of the latest rollout's deployment. Null if there has been no rollout. """
    deployment_status: DeploymentStatus | None
    """ The status of the deployment in the latest rollout. Null if there has been no rollout. """
    environment: None | str
    """ The environment of the latest rollout. If there has been no rollout, the environment whose resources are
    shown: the requested one or the first in promotion order. Null if there is no environment. """
    execution_state: ExecutionState | None
    """ The state of the latest rollout. Null if there has been no rollout. """
    last_deployment_time: datetime.datetime | None
    """ When the version of the latest rollout went live or, if the rollout has not succeeded, when it started or
    was queued. Null if there has been no rollout. Requests that were never queued or started, and hidden records,
    are ignored. """
    live: list[Cell]
    """ The live version in each environment, or only in the requested one. """
    memory_usage: None | str
    """ The memory request of each pod as a Kubernetes quantity, such as `512Mi`. """
    number: None | str
    """ The number of the latest rollout's deployment. Null if there has been no rollout. """
    pod_count: int | None
    """ The number of pods declared in the service's contract. """
    service: str
    """ The service's name. """
    source: HealthSource
    """ The source of `pod_count`, `cpu_usage` and `memory_usage`. """
    version: None | str
    """ The version in the latest rollout. Null if there has been no rollout. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        build_id: None | str
        if isinstance(self.build_id, UUID):
            build_id = str(self.build_id)
        else:
            build_id = self.build_id

        cpu_usage: None | str
        cpu_usage = self.cpu_usage

        deployment_id: None | str
        if isinstance(self.deployment_id, UUID):
            deployment_id = str(self.deployment_id)
        else:
            deployment_id = self.deployment_id

        deployment_status: None | str
        if isinstance(self.deployment_status, DeploymentStatus):
            deployment_status = to_json(self.deployment_status)
        else:
            deployment_status = self.deployment_status

        environment: None | str
        environment = self.environment

        execution_state: None | str
        if isinstance(self.execution_state, ExecutionState):
            execution_state = to_json(self.execution_state)
        else:
            execution_state = self.execution_state

        last_deployment_time: None | str
        if isinstance(self.last_deployment_time, datetime.datetime):
            last_deployment_time = to_json(self.last_deployment_time)
        else:
            last_deployment_time = self.last_deployment_time

        live = []
        for live_item_data in self.live:
            live_item = to_json(live_item_data)
            live.append(live_item)

        memory_usage: None | str
        memory_usage = self.memory_usage

        number: None | str
        number = self.number

        pod_count: int | None
        pod_count = self.pod_count

        service = self.service

        source = to_json(self.source)

        version: None | str
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "build_id": build_id,
                "cpu_usage": cpu_usage,
                "deployment_id": deployment_id,
                "deployment_status": deployment_status,
                "environment": environment,
                "execution_state": execution_state,
                "last_deployment_time": last_deployment_time,
                "live": live,
                "memory_usage": memory_usage,
                "number": number,
                "pod_count": pod_count,
                "service": service,
                "source": source,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cell import Cell  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_build_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                build_id_type_0 = UUID(data)

                return build_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        build_id = _parse_build_id(d.pop("build_id", None))

        def _parse_cpu_usage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cpu_usage = _parse_cpu_usage(d.pop("cpu_usage", None))

        def _parse_deployment_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployment_id_type_0 = UUID(data)

                return deployment_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        deployment_id = _parse_deployment_id(d.pop("deployment_id", None))

        def _parse_deployment_status(data: object) -> DeploymentStatus | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deployment_status_type_0 = DeploymentStatus(data)

                return deployment_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeploymentStatus | None, data)

        deployment_status = _parse_deployment_status(d.pop("deployment_status", None))

        def _parse_environment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment = _parse_environment(d.pop("environment", None))

        def _parse_execution_state(data: object) -> ExecutionState | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                execution_state_type_0 = ExecutionState(data)

                return execution_state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExecutionState | None, data)

        execution_state = _parse_execution_state(d.pop("execution_state", None))

        def _parse_last_deployment_time(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_deployment_time_type_0 = datetime.datetime.fromisoformat(data)

                return last_deployment_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_deployment_time = _parse_last_deployment_time(d.pop("last_deployment_time", None))

        live = []
        _live = d.pop("live")
        for live_item_data in _live:
            live_item = Cell.from_dict(live_item_data)

            live.append(live_item)

        def _parse_memory_usage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        memory_usage = _parse_memory_usage(d.pop("memory_usage", None))

        def _parse_number(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        number = _parse_number(d.pop("number", None))

        def _parse_pod_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pod_count = _parse_pod_count(d.pop("pod_count", None))

        service = d.pop("service")

        source = HealthSource(d.pop("source"))

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version", None))

        service_health = cls(
            build_id=build_id,
            cpu_usage=cpu_usage,
            deployment_id=deployment_id,
            deployment_status=deployment_status,
            environment=environment,
            execution_state=execution_state,
            last_deployment_time=last_deployment_time,
            live=live,
            memory_usage=memory_usage,
            number=number,
            pod_count=pod_count,
            service=service,
            source=source,
            version=version,
        )

        service_health.additional_properties = d
        return service_health

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
