"""The two pipelines of a service: equal stages, the same script and no injected text."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.generation_input_output import ContractEnvironment, ContractInput
from gatepost_domain.catalog.tier import Tier
from tests.support.contract_files import scripts_of
from tests.support.contracts import AMBIGUOUS_NAMES, PAYMENTS, a_contract_input

WORKFLOW = ".github/workflows/payments.yml"
JENKINSFILE = "jenkins/payments.Jenkinsfile"


def workflow(contract_input: ContractInput) -> dict[Any, Any]:
    """Return the parsed GitHub workflow. YAML 1.1 parses its key `on` as true."""
    text = generate_contract_files(contract_input).files[
        f".github/workflows/{contract_input.service}.yml"
    ]
    return dict(yaml.safe_load(text))


def jenkinsfile(contract_input: ContractInput) -> str:
    """Return the text of the Jenkinsfile."""
    return generate_contract_files(contract_input).files[
        f"jenkins/{contract_input.service}.Jenkinsfile"
    ]


def scripts_of_workflow(contract_input: ContractInput) -> dict[str, str]:
    """Return the shell script of each job."""
    jobs = workflow(contract_input)["jobs"].items()
    return {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs}


def scripts_of_jenkinsfile(contract_input: ContractInput) -> list[str]:
    """Return the shell script of each `sh` step that has more than one line."""
    return scripts_of(jenkinsfile(contract_input))


def test_both_pipelines_build_test_push_and_deploy() -> None:
    """Each stage requires the previous one, so no failed build or untested version is deployed."""
    jobs = workflow(PAYMENTS)["jobs"]

    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "preview": None,
        "build": None,
        "test": "build",
        "image": "test",
        "deploy": "image",
    }
    stages = re.findall(r"stage\('(\w+)'\)", jenkinsfile(PAYMENTS))
    assert stages == ["Preview", "Build", "Test", "Image", "Deploy"]


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_ambiguous_name_is_a_string(name: str) -> None:
    """The pipelines are complete even if the service is named `on` and the environment `null`."""
    environment = ContractEnvironment(name="null", tier=Tier.TEST)
    service = a_contract_input(service=name, environments=(environment,))
    document = workflow(service)
    (inputs,) = document[True]["workflow_dispatch"].values()

    assert document["name"] == name
    assert inputs["environment"]["options"] == ["null"]
    assert document["jobs"]["deploy"]["steps"][0]["env"]["GATEPOST_SERVICE"] == name
    assert f"GATEPOST_SERVICE = '{name}'\n" in jenkinsfile(service)


def test_environments_are_listed_in_promotion_order() -> None:
    """A push deploys to the first environment, so it never reaches production by default."""
    tiers = {"ring-b": Tier.PRODUCTION, "ring-a": Tier.PRODUCTION, "zoo": Tier.DEVELOPMENT}
    service = a_contract_input(
        environments=tuple(ContractEnvironment(name=name, tier=tiers[name]) for name in tiers)
    )
    document = workflow(service)
    env = document["jobs"]["deploy"]["steps"][0]["env"]

    options = document[True]["workflow_dispatch"]["inputs"]["environment"]["options"]
    assert options == ["zoo", "ring-a", "ring-b"]
    assert env["GATEPOST_ENVIRONMENT"] == "${{ inputs.environment || 'zoo' }}"
    assert "choices: ['zoo', 'ring-a', 'ring-b']" in jenkinsfile(service)
    assert "FIRST_ENVIRONMENT = 'zoo'\n" in jenkinsfile(service)


def test_jobs_have_minimal_permissions() -> None:
    """Jobs can read the code, and only three of them can request an identity token."""
    document = workflow(PAYMENTS)

    assert document["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in document["jobs"].items()} == {
        "build": None,
        "test": None,
        "image": {"contents": "read", "id-token": "write"},
        "deploy": {"contents": "read", "id-token": "write", "pull-requests": "read"},
        "preview": {"contents": "read", "id-token": "write", "pull-requests": "write"},
    }


def test_contracts_contain_no_secrets() -> None:
    """GitHub exchanges its identity for a token, and Jenkins keeps its token as a credential."""
    for path, text in generate_contract_files(PAYMENTS).files.items():
        assert not re.search(r"gp_|secrets\.|AKIA|PRIVATE KEY|password\s*[:=]", text), path
    assert "audience=gatepost" in scripts_of_workflow(PAYMENTS)["deploy"]
    assert "string(credentialsId: 'gatepost-token', variable: 'GATEPOST_TOKEN')" in jenkinsfile(
        PAYMENTS
    )


def test_scripts_contain_no_user_input() -> None:
    """Scripts receive values only through environment variables."""
    for script in scripts_of_workflow(PAYMENTS).values():
        assert "${{" not in script
    groovy = re.sub(r"'''.*?'''", "", jenkinsfile(PAYMENTS), flags=re.DOTALL)
    assert '"' not in groovy


def test_both_pipelines_use_the_same_script() -> None:
    """The two scripts differ only in how they authenticate."""
    github, jenkins = scripts_of_workflow(PAYMENTS)["deploy"], scripts_of_jenkinsfile(PAYMENTS)[-1]
    script = github[github.index("# call PATH") :]

    assert jenkins.rstrip().endswith(script.rstrip())


def test_shell_scripts_have_valid_syntax() -> None:
    """`bash -n` and `sh -n` accept each script."""
    scripts = [*scripts_of_workflow(PAYMENTS).values(), *scripts_of_jenkinsfile(PAYMENTS)]

    assert len(scripts) == 8
    for script in scripts:
        for shell in ("bash", "sh"):
            subprocess.run([shell, "-n"], input=script, encoding="utf-8", check=True)


def test_groovy_strings_and_brackets_are_balanced() -> None:
    """By Groovy's rules, every string and bracket in the Jenkinsfile is closed."""
    text = jenkinsfile(PAYMENTS)
    token = re.compile(
        r"//[^\n]*|'''(?:[^\\']|\\.|'(?!''))*'''|'(?:[^\\'\n]|\\.)*'|[(){}\[\]]|[^'\"/(){}\[\]]+|/"
    )
    open_brackets: list[str] = []
    position = 0
    while position < len(text):
        lexeme = token.match(text, position)
        assert lexeme, text[position : position + 60]
        match lexeme[0]:
            case "(" | "[" | "{":
                open_brackets.append(lexeme[0])
            case ")" | "]" | "}":
                assert open_brackets.pop() + lexeme[0] in {"()", "[]", "{}"}
            case _:
                pass
        position = lexeme.end()

    assert open_brackets == []
