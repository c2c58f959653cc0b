"""The Terraform of a service: the platform's own modules with the values of each environment.

The platform defines what the modules do; a contract only passes values to them. A contract
lists the AWS actions that it grants, and limits them to the images of the service. AWS cannot limit
`ecr:GetAuthorizationToken` to a resource, so the module grants that action instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_contracts.literals import quote_hcl
from gatepost_contracts.rendering import render
from gatepost_contracts.sizes import SIZING_BY_TIER


def terraform_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of the two files of each environment."""
    for environment in contract_input.environments:
        folder = f"terraform/envs/{environment.name}/{contract_input.service}"
        yield f"{folder}/main.tf", _main_tf(contract_input, environment)
        yield f"{folder}/outputs.tf", render("outputs.tf")


def _main_tf(contract_input: ContractInput, environment: ContractEnvironment) -> str:
    sizing = SIZING_BY_TIER[environment.tier]
    return render(
        "main.tf",
        service=quote_hcl(contract_input.service),
        display_name=quote_hcl(contract_input.display_name),
        description=quote_hcl(contract_input.description or ""),
        team=quote_hcl(contract_input.team),
        repo_url=quote_hcl(contract_input.repo_url),
        environment=quote_hcl(environment.name),
        tier=quote_hcl(environment.tier),
        pod_count=sizing.pod_count,
        cpu_request=quote_hcl(sizing.cpu_request),
        cpu_limit=quote_hcl(sizing.cpu_limit),
        memory_request=quote_hcl(sizing.memory_request),
        memory_limit=quote_hcl(sizing.memory_limit),
    )
