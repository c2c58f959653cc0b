"""Finding the service, environment and version that a payload refers to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from gatepost_domain.catalog.service import Version
from gatepost_domain.ingest.name_patterns import find_by_name_or_pattern
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.payload_values import MappingFault, short_line
from gatepost_domain.ingest.repository_urls import normalize_repository
from gatepost_domain.ingest.source import IngestSourceKind, SourceSettings


class ServiceRepositoryUrl(NamedTuple):
    """An active service, and the URL of its repository."""

    service: str
    repo_url: str


def find_service(
    reported: ReportedDeployment,
    settings: SourceSettings,
    services: Sequence[ServiceRepositoryUrl],
) -> str:
    """Return the service that the payload names or, without a name, the one with its repository.

    Raises:
        MappingFault: there is no such service, or the repository belongs to several.
    """
    names = {service.service for service in services}
    if reported.service is not None:
        return _find_service_by_name(reported.service, settings, names)
    for repository in reported.repositories:
        if (mapped := find_by_name_or_pattern(settings.service_map, repository)) is not None:
            return _require_service(mapped[0], names)
    addresses = {normalize_repository(address) for address in reported.repositories}
    found = [each.service for each in services if normalize_repository(each.repo_url) in addresses]
    shown = short_line(reported.repositories[0]) if reported.repositories else "(none)"
    if not found:
        raise MappingFault(
            f"No service has the repository {shown}. Set `repo_url` of the service, or add the "
            "repository to `service_map` in the settings; then replay the delivery."
        )
    if len(found) > 1:
        raise MappingFault(
            f"The repository {shown} belongs to several services: {', '.join(sorted(found))}. Add "
            "it to `service_map` in the settings, or name the service in the payload; then replay "
            "the delivery."
        )
    return found[0]


def find_environment(name: str, settings: SourceSettings, known: Collection[str]) -> str | None:
    """Return the environment that a payload names; None if the settings ignore it.

    A name that is not in `environment_map` is compared case-insensitively.

    Raises:
        MappingFault: there is no such environment.
    """
    mapped = find_by_name_or_pattern(settings.environment_map, name)
    environment = name.strip().lower() if mapped is None else mapped[0]
    if environment is None or environment in known:
        return environment
    if mapped is None:
        raise MappingFault(
            f"There is no environment {short_line(name)}. Add it to `environment_map` in the "
            "settings, with the corresponding environment, or with null to ignore it; then replay "
            "the delivery."
        )
    raise MappingFault(
        f"The settings map {short_line(name)} to {environment}, and there is no such environment. "
        "Create it, or correct `environment_map`; then replay the delivery."
    )


def choose_version(
    reported: ReportedDeployment, by_name: Sequence[Version], by_build: Sequence[Version]
) -> Version | None:
    """Return the version that a payload refers to, or None if the service does not have it.

    `by_name` are the service's versions with one of the reported names, and `by_build` those with
    the reported commit or artifact. Names take precedence over builds, unless the name is that of a
    branch.
    """
    names = {version.version: version for version in by_name}
    for name in reported.versions[:1]:
        if name in names:
            return names[name]
    if len(by_build) == 1:
        return by_build[0]
    return next((names[name] for name in reported.versions if name in names), None)


def missing_version(service: str, reported: ReportedDeployment) -> MappingFault:
    """Return the fault for a payload with a version that the service does not have."""
    names = " or ".join(map(short_line, reported.versions)) or "of this commit"
    return MappingFault(
        f"{service} has no version {names}. Register it, or set `create_missing` in the settings; "
        "then replay the delivery."
    )


def unknown_person(source: IngestSourceKind, person: str, issuer: str | None) -> MappingFault:
    """Return the fault for a payload with a person whose login no user has."""
    return MappingFault(
        f"No user has the login {short_line(person)} of {issuer or source}, and the settings "
        "refuse unknown people. Add the login to this person's user, then replay the delivery."
    )


def _find_service_by_name(name: str, settings: SourceSettings, known: Collection[str]) -> str:
    mapped = find_by_name_or_pattern(settings.service_map, name)
    if mapped is not None:
        return _require_service(mapped[0], known)
    for candidate in (name, name.lower(), name.rpartition("/")[2].lower()):
        if candidate in known:
            return candidate
    raise MappingFault(
        f"There is no service {short_line(name)}. Register it, or add the name to `service_map` in "
        "the settings; then replay the delivery."
    )


def _require_service(service: str, known: Collection[str]) -> str:
    if service not in known:
        raise MappingFault(
            f"The settings map the payload to the service {service}, and there is no such active "
            "service. Register it, or correct `service_map`; then replay the delivery."
        )
    return service
