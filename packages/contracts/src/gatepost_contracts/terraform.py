"""The Terraform of a service: the platform's own modules, wired for one environment each.

What a module does is the platform's; a contract says with which values it is used. The actions
granted are written out, and reach the images of this one service. `ecr:GetAuthorizationToken` is
not among them: AWS knows no narrower resource for it than all, so it is for the module to grant.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_contracts.literals import quote_hcl
from gatepost_contracts.rendering import render
from gatepost_contracts.sizes import SIZING_BY_TIER


def terraform_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Two files for each environment, by path."""
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
