"""The declared sizes, which the contracts and the service health page share."""

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.generation_input_output import ContractEnvironment
from gatepost_contracts.pod_sizing import SIZING_BY_TIER
from gatepost_domain.catalog.tier import Tier
from tests.support.contracts import a_contract_input


@pytest.mark.parametrize("tier", Tier)
def test_manifest_requests_the_declared_size_of_its_tier(tier: Tier) -> None:
    """The requested sizes equal those shown in the service health."""
    environment = ContractEnvironment(name="somewhere", tier=tier)
    files = generate_contract_files(a_contract_input(environments=(environment,))).files
    spec = yaml.safe_load(files["kubernetes/envs/somewhere/payments-deployment.yaml"])["spec"]
    (container,) = spec["template"]["spec"]["containers"]
    declared = SIZING_BY_TIER[tier]

    assert spec["replicas"] == declared.pod_count
    assert container["resources"] == {
        "requests": {"cpu": declared.cpu_request, "memory": declared.memory_request},
        "limits": {"cpu": declared.cpu_limit, "memory": declared.memory_limit},
    }


def test_production_has_three_pods() -> None:
    """With three pods, production stays available while one is replaced and another one fails."""
    declared = SIZING_BY_TIER[Tier.PRODUCTION]

    assert (declared.pod_count, declared.cpu_request, declared.memory_request) == (
        3,
        "120m",
        "256Mi",
    )
