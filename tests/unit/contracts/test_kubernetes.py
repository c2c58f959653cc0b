"""The Kubernetes manifest of a service, as a strict API server would accept it."""

import re

import kubernetes_validate  # type: ignore[import-untyped]  # the package has no types
import pytest

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.kubernetes_files import MAX_LABEL_LENGTH, to_label_value
from tests.support.contract_files import kubernetes_manifest
from tests.support.contracts import (
    AMBIGUOUS_NAMES,
    PAYMENTS,
    a_contract_input,
)

MANIFEST = kubernetes_manifest(PAYMENTS)


def test_strict_schema_refuses_an_unknown_field() -> None:
    """The strict schema of these tests detects fields that Kubernetes does not define."""
    document = kubernetes_manifest(PAYMENTS)
    document["spec"]["replicaz"] = 3

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, "1.37", strict=True)


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_ambiguous_name_is_a_string(name: str) -> None:
    """A service named `on` or `1e3` keeps its name and gets a valid label."""
    document = kubernetes_manifest(a_contract_input(service=name))

    assert document["metadata"]["name"] == name
    assert document["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] == name
    kubernetes_validate.validate(document, "1.37", strict=True)


def test_ambiguous_name_is_quoted_everywhere() -> None:
    """Names such as 1e3 are quoted, because YAML 1.1 and 1.2 interpret them differently."""
    path = "kubernetes/envs/production/1e3-deployment.yaml"
    text = generate_contract_files(a_contract_input(service="1e3")).files[path]

    assert set(re.findall(r".1e3.", text)) == {'"1e3"', '"1e3:'}


def test_selector_matches_the_labels_of_the_pods() -> None:
    """The selector is immutable, so it contains only labels that identify the service."""
    spec = MANIFEST["spec"]

    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    assert set(spec["selector"]["matchLabels"]) == {
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
    }


def test_manifest_has_labels_for_service_and_environment() -> None:
    """The labels are the standard ones and Gatepost's own for environment, tier and team."""
    metadata = MANIFEST["metadata"]

    assert metadata["namespace"] == "production"
    assert metadata["labels"] == {
        "app.kubernetes.io/name": "payments",
        "app.kubernetes.io/instance": "payments",
        "app.kubernetes.io/component": "service",
        "app.kubernetes.io/managed-by": "gatepost",
        "gatepost/environment": "production",
        "gatepost/tier": "production",
        "gatepost/team": "core-platform",
    }


def test_pod_has_minimal_privileges() -> None:
    """The pod does not run as root, cannot gain privileges and has no cluster token."""
    pod = MANIFEST["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()


@pytest.mark.parametrize("team", ["core-platform", "Core.Platform_2", "x", "x" * MAX_LABEL_LENGTH])
def test_valid_team_name_is_its_label(team: str) -> None:
    """A valid team name is used as the label without a change."""
    assert to_label_value(team) == team


@pytest.mark.parametrize(
    ("team", "label"),
    [
        ("Core Platform", r"Core-Platform-[0-9a-f]{8}"),
        ("-core-", r"core-[0-9a-f]{8}"),
        ("核心团队", r"[0-9a-f]{8}"),
        ("", r"[0-9a-f]{8}"),
        ("x" * 200, r"x{54}-[0-9a-f]{8}"),
        ("x" * 53 + "-" * 20 + "y", r"x{53}-[0-9a-f]{8}"),
    ],
)
def test_invalid_team_name_is_shortened_with_a_digest(team: str, label: str) -> None:
    """Invalid characters are removed, and a digest makes the label unique."""
    assert re.fullmatch(label, to_label_value(team))


def test_similar_team_names_have_different_labels() -> None:
    """Team names that look alike after shortening still get different labels."""
    teams = ["Core Platform", "Core  Platform", "Core/Platform", "Core-Platform", "Core Platform!"]

    assert len({to_label_value(team) for team in teams}) == len(teams)
