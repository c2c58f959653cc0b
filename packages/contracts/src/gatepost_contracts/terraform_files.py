"""The Terraform of a service: three modules, and the values that each environment passes to them.

The modules are the same for every service, so that the files of several services can share a
repository. Everything that differs is an argument, including the actions that each role may
perform; the module `iam` limits them to the images of the service.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost_contracts.file_templates import render, template_names
from gatepost_contracts.generation_input_output import ContractEnvironment, ContractInput
from gatepost_contracts.literal_quoting import quote_hcl
from gatepost_contracts.pod_sizing import SIZING_BY_TIER


def terraform_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of the modules and of the files of each environment."""
    for name in template_names("modules"):
        yield f"terraform/{name}", render(name)
    for environment in contract_input.environments:
        folder = f"terraform/envs/{environment.name}/{contract_input.service}"
        yield f"{folder}/main.tf", _main_tf(contract_input, environment)
        yield f"{folder}/variables.tf", render("variables.tf")
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
