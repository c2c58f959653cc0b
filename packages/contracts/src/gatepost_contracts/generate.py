"""From what is known of a service to its contracts."""

from __future__ import annotations

from gatepost_contracts.contract import ContractInput, Contracts, check_input
from gatepost_contracts.kubernetes import kubernetes_files
from gatepost_contracts.pipelines import pipeline_files
from gatepost_contracts.template import TEMPLATE_VERSION
from gatepost_contracts.terraform import terraform_files


def generate(given: ContractInput) -> Contracts:
    """The contracts of a service: the same bytes for the same input, whatever the machine.

    Environments count in the order of promotion, not in the one they are given in. A service
    without any has no files: there is nowhere yet that a contract could speak of.

    Raises:
        Invalid: a name is no DNS label, an environment is named twice, or a text is not Unicode.
    """
    check_input(given)
    files: dict[str, str] = {}
    if given.environments:
        files.update(terraform_files(given))
        files.update(kubernetes_files(given))
        files.update(pipeline_files(given))
    return Contracts(template_version=TEMPLATE_VERSION, files=dict(sorted(files.items())))
