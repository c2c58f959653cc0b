"""The two pipelines of a service, which build, test and deploy it through Gatepost.

Both run the same script against Gatepost's API. They contain no free text, only names that are DNS
labels. Free text would not be safe, because GitHub evaluates `${{ }}` in every string and Jenkins
runs Groovy. Text that a person enters reaches the script through environment variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from gatepost_contracts.contract import ContractInput
from gatepost_contracts.literals import (
    escape_groovy_text,
    quote_groovy_label,
    quote_yaml,
    quote_yaml_list,
)
from gatepost_contracts.rendering import render


def pipeline_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Yield the path and text of a GitHub Actions workflow and of a Jenkinsfile."""
    yield f".github/workflows/{contract_input.service}.yml", _github_workflow(contract_input)
    yield f"jenkins/{contract_input.service}.Jenkinsfile", _jenkinsfile(contract_input)


def _github_workflow(contract_input: ContractInput) -> str:
    environment_names = [environment.name for environment in contract_input.environments_in_order]
    deploy = render("deploy.sh", sign_in=render("sign_in_by_oidc.sh").rstrip())
    return render(
        "workflow.yml",
        service=quote_yaml(contract_input.service),
        service_name=contract_input.service,
        environments=quote_yaml_list(environment_names),
        first_environment=environment_names[0],
        deploy=indent(deploy, " " * 10).rstrip(),
    )


def _jenkinsfile(contract_input: ContractInput) -> str:
    environment_names = [
        quote_groovy_label(environment.name) for environment in contract_input.environments_in_order
    ]
    deploy_script = render("deploy.sh", sign_in=render("sign_in_by_token.sh").rstrip())
    deploy = render("jenkins_deploy.sh") + deploy_script
    return render(
        "Jenkinsfile",
        service=quote_groovy_label(contract_input.service),
        environments=f"[{', '.join(environment_names)}]",
        first_environment=environment_names[0],
        deploy=indent(escape_groovy_text(deploy), " " * 24).rstrip(),
    )
