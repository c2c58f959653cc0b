"""The Terraform of a service: the platform's own modules, wired for one environment each.

What a module does is the platform's; a contract says with which values it is used. The actions
granted are written out, and reach the images of this one service. `ecr:GetAuthorizationToken` is
not among them: AWS knows no narrower resource for it than all, so it is for the module to grant.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_contracts.quoting import hcl
from gatepost_contracts.sizing import DECLARED
from gatepost_contracts.template import filled


def terraform_files(given: ContractInput) -> Iterator[tuple[str, str]]:
    """Two files for each environment, by path."""
    for environment in given.environments:
        folder = f"terraform/envs/{environment.name}/{given.service}"
        yield f"{folder}/main.tf", _main(given, environment)
        yield f"{folder}/outputs.tf", filled("outputs.tf")


def _main(given: ContractInput, environment: ContractEnvironment) -> str:
    sizing = DECLARED[environment.tier]
    return filled(
        "main.tf",
        service=hcl(given.service),
        display_name=hcl(given.display_name),
        description=hcl(given.description or ""),
        team=hcl(given.team),
        repo_url=hcl(given.repo_url),
        environment=hcl(environment.name),
        tier=hcl(environment.tier),
        pod_count=sizing.pod_count,
        cpu_request=hcl(sizing.cpu_request),
        cpu_limit=hcl(sizing.cpu_limit),
        memory_request=hcl(sizing.memory_request),
        memory_limit=hcl(sizing.memory_limit),
    )
