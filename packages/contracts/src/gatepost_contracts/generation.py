"""From what is known of a service to its contracts."""

from __future__ import annotations

from gatepost_contracts.contract import ContractInput, Contracts, validate_input
from gatepost_contracts.kubernetes import kubernetes_files
from gatepost_contracts.pipelines import pipeline_files
from gatepost_contracts.rendering import TEMPLATE_VERSION
from gatepost_contracts.terraform import terraform_files


def generate(contract_input: ContractInput) -> Contracts:
    """The contracts of a service: the same bytes for the same input, whatever the machine.

    Environments count in the order of promotion, not in the one they are given in. A service
    without any has no files: there is nowhere yet that a contract could speak of.

    Raises:
        Invalid: a name is no DNS label, an environment is named twice, or a text is not Unicode.
    """
    validate_input(contract_input)
    files: dict[str, str] = {}
    if contract_input.environments:
        files.update(terraform_files(contract_input))
        files.update(kubernetes_files(contract_input))
        files.update(pipeline_files(contract_input))
    return Contracts(template_version=TEMPLATE_VERSION, files=dict(sorted(files.items())))
