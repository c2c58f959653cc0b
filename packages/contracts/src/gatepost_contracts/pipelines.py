"""The two pipelines of a service: build, test, image, and a deployment that Gatepost decides on.

Both run the same script against Gatepost's own API. They hold names only, which are DNS labels:
free text has no safe place where GitHub evaluates `${{ }}` in every string and Jenkins runs Groovy.
What a person says when starting one reaches the script by the environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from gatepost_contracts.contract import ContractInput
from gatepost_contracts.quoting import groovy_lines, groovy_name, yaml, yaml_list
from gatepost_contracts.template import filled


def pipeline_files(given: ContractInput) -> Iterator[tuple[str, str]]:
    """A GitHub Actions workflow, where GitHub looks for it, and a Jenkinsfile."""
    yield f".github/workflows/{given.service}.yml", _workflow(given)
    yield f"jenkins/{given.service}.Jenkinsfile", _jenkinsfile(given)


def _workflow(given: ContractInput) -> str:
    names = [environment.name for environment in given.in_order]
    deploy = filled("deploy.sh", sign_in=filled("sign_in_by_oidc.sh").rstrip())
    return filled(
        "workflow.yml",
        service=yaml(given.service),
        service_name=given.service,
        environments=yaml_list(names),
        first_environment=names[0],
        deploy=indent(deploy, " " * 10).rstrip(),
    )


def _jenkinsfile(given: ContractInput) -> str:
    names = [groovy_name(environment.name) for environment in given.in_order]
    ask = filled("deploy.sh", sign_in=filled("sign_in_by_token.sh").rstrip())
    deploy = filled("jenkins_deploy.sh") + ask
    return filled(
        "Jenkinsfile",
        service=groovy_name(given.service),
        environments=f"[{', '.join(names)}]",
        first_environment=names[0],
        deploy=indent(groovy_lines(deploy), " " * 24).rstrip(),
    )
