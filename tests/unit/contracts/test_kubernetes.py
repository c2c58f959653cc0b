"""The Kubernetes deployment of a service: what a strict API server would accept."""

import re

import kubernetes_validate  # type: ignore[import-untyped]  # it has no types
import pytest

from gatepost_contracts.generation import generate
from gatepost_contracts.kubernetes import MAX_LABEL_LENGTH, label_value
from tests.support.contract_files import kubernetes_manifest
from tests.support.contracts import (
    AMBIGUOUS_NAMES,
    PAYMENTS,
    a_contract_input,
)

TAME = kubernetes_manifest(PAYMENTS)


def test_the_schema_check_refuses_what_kubernetes_does_not_know() -> None:
    """The check above would notice: it is strict."""
    document = kubernetes_manifest(PAYMENTS)
    document["spec"]["replicaz"] = 3

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(document, "1.37", strict=True)


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_any_name_is_a_text(name: str) -> None:
    """A service called on or 1e3 is deployed under its name, which is also a lawful label."""
    document = kubernetes_manifest(a_contract_input(service=name))

    assert document["metadata"]["name"] == name
    assert document["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] == name
    kubernetes_validate.validate(document, "1.37", strict=True)


def test_no_scalar_is_left_for_a_library_to_guess() -> None:
    """Names that YAML 1.1 and 1.2 read differently, such as 1e3, stand in quotes everywhere."""
    path = "kubernetes/envs/production/1e3-deployment.yaml"
    text = generate(a_contract_input(service="1e3")).files[path]

    assert set(re.findall(r".1e3.", text)) == {'"1e3"', '"1e3:'}


def test_pods_are_found_by_labels_they_have() -> None:
    """The selector, which can never be changed, holds what identifies the service and no more."""
    spec = TAME["spec"]

    assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
    assert set(spec["selector"]["matchLabels"]) == {
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
    }


def test_the_deployment_says_whose_it_is_and_where() -> None:
    """Standard labels, and Gatepost's own for environment, tier and team."""
    metadata = TAME["metadata"]

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


def test_the_pod_has_no_rights_it_does_not_need() -> None:
    """It runs as no root, gains no privileges, and is handed no token of the cluster."""
    pod = TAME["spec"]["template"]["spec"]
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
def test_a_team_that_is_a_lawful_label_stays_as_it_is(team: str) -> None:
    """Selecting by a team's own name works."""
    assert label_value(team) == team


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
def test_another_team_gets_a_label_near_its_name(team: str, label: str) -> None:
    """What a label cannot hold is left out, and some digits keep it from being another team's."""
    assert re.fullmatch(label, label_value(team))


def test_teams_that_look_alike_have_different_labels() -> None:
    """No team is taken for another one."""
    alike = ["Core Platform", "Core  Platform", "Core/Platform", "Core-Platform", "Core Platform!"]

    assert len({label_value(team) for team in alike}) == len(alike)
