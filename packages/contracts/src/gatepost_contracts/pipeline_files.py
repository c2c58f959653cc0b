"""The two pipelines of a service, which build, test and deploy it through Gatepost.

Both run the same scripts against Gatepost's API. They contain no free text, only names that are DNS
labels. Free text would not be safe, because GitHub evaluates `${{ }}` in every string and Jenkins
runs Groovy. Text that a person enters reaches the scripts through environment variables.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from gatepost_contracts.file_templates import render
from gatepost_contracts.generation_input_output import ContractInput
from gatepost_contracts.literal_quoting import (
    escape_groovy_text,
    quote_groovy_label,
    quote_yaml,
    quote_yaml_list,
)


def pipeline_files(contract_input: ContractInput) -> Iterator[tuple[str, str]]:
    """Yield the path and text of a GitHub Actions workflow and of a Jenkinsfile."""
    yield f".github/workflows/{contract_input.service}.yml", _github_workflow(contract_input)
    yield f"jenkins/{contract_input.service}.Jenkinsfile", _jenkinsfile(contract_input)


def _github_workflow(contract_input: ContractInput) -> str:
    environment_names = [environment.name for environment in contract_input.environments_in_order]
    sign_in = render("sign_in_by_oidc.sh").rstrip()
    deploy = render("github_deploy.sh") + _deploy_script(sign_in)
    return render(
        "workflow.yml",
        plan=indent(_plan_script(environment_names), " " * 10).rstrip(),
        preview=indent(_preview_script(environment_names, sign_in), " " * 10).rstrip(),
        service=quote_yaml(contract_input.service),
        service_name=contract_input.service,
        environments=quote_yaml_list(environment_names),
        first_environment=environment_names[0],
        deploy=indent(deploy, " " * 10).rstrip(),
    )


def _jenkinsfile(contract_input: ContractInput) -> str:
    environment_names = [environment.name for environment in contract_input.environments_in_order]
    labels = [quote_groovy_label(name) for name in environment_names]
    sign_in = render("sign_in_by_token.sh").rstrip()
    preview = (
        render("jenkins_preview.sh")
        + _plan_script(environment_names)
        + _preview_script(environment_names, sign_in)
    )
    deploy = render("jenkins_deploy.sh") + _deploy_script(sign_in)
    return render(
        "Jenkinsfile",
        service=quote_groovy_label(contract_input.service),
        environments=f"[{', '.join(labels)}]",
        first_environment=labels[0],
        preview=indent(escape_groovy_text(preview), " " * 24).rstrip(),
        deploy=indent(escape_groovy_text(deploy), " " * 24).rstrip(),
    )


def _plan_script(environment_names: list[str]) -> str:
    return render("plan.sh", environment_names=" ".join(environment_names))


def _preview_script(environment_names: list[str], sign_in: str) -> str:
    names = " ".join(environment_names)
    return render(
        "preview.sh", sign_in=sign_in, call=_render_call_functions(), environment_names=names
    )


def _deploy_script(sign_in: str) -> str:
    return render("deploy.sh", sign_in=sign_in, call=_render_call_functions())


def _render_call_functions() -> str:
    return render("call.sh").rstrip()
