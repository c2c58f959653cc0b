from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deployment_status import DeploymentStatus
from ..models.health_source import HealthSource

T = TypeVar("T", bound="ServiceHealth")


@_attrs_define
class ServiceHealth:
    """The latest deployment of a service and the resources declared for its environment."""

    cpu_usage: None | str
    """ The CPU request of each pod as a Kubernetes quantity, such as `500m`. """
    deployment_status: DeploymentStatus | None
    environment: None | str
    """ The environment of the latest deployment. Null, like all fields below except `source`, if there is no
    deployment. """
    last_deployment_time: datetime.datetime | None
    """ When the latest deployment was deployed; if it has not been deployed, when it was requested. """
    memory_usage: None | str
    """ The memory request of each pod as a Kubernetes quantity, such as `512Mi`. """
    pod_count: int | None
    """ The number of pods declared in the contract. """
    service: str
    source: HealthSource
    """ The source of the resource figures. """
    version: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cpu_usage: None | str
        cpu_usage = self.cpu_usage

        deployment_status: None | str
        if isinstance(self.deployment_status, DeploymentStatus):
            deployment_status = self.deployment_status.value
        else:
            deployment_status = self.deployment_status

        environment: None | str
        environment = self.environment

        last_deployment_time: None | str
        if isinstance(self.last_deployment_time, datetime.datetime):
            last_deployment_time = self.last_deployment_time.isoformat()
        else:
            last_deployment_time = self.last_deployment_time

        memory_usage: None | str
        memory_usage = self.memory_usage

        pod_count: int | None
        pod_count = self.pod_count

        service = self.service

        source = self.source.value

        version: None | str
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cpu_usage": cpu_usage,
                "deployment_status": deployment_status,
                "environment": environment,
                "last_deployment_time": last_deployment_time,
                "memory_usage": memory_usage,
                "pod_count": pod_count,
                "service": service,
                "source": source,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_cpu_usage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cpu_usage = _parse_cpu_usage(d.pop("cpu_usage"))

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

        deployment_status = _parse_deployment_status(d.pop("deployment_status"))

        def _parse_environment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment = _parse_environment(d.pop("environment"))

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

        last_deployment_time = _parse_last_deployment_time(d.pop("last_deployment_time"))

        def _parse_memory_usage(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        memory_usage = _parse_memory_usage(d.pop("memory_usage"))

        def _parse_pod_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        pod_count = _parse_pod_count(d.pop("pod_count"))

        service = d.pop("service")

        source = HealthSource(d.pop("source"))

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        service_health = cls(
            cpu_usage=cpu_usage,
            deployment_status=deployment_status,
            environment=environment,
            last_deployment_time=last_deployment_time,
            memory_usage=memory_usage,
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
