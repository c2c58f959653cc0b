"""The two pipelines of a service: the same stages and the same script, with no text to run."""

import re
import subprocess
import textwrap
from typing import Any

import pytest
import yaml

from gatepost_contracts.contract import ContractEnvironment, ContractInput
from gatepost_contracts.generation import generate
from gatepost_domain.catalog.tier import Tier
from tests.support.contracts import AMBIGUOUS_NAMES, PAYMENTS, a_contract_input

WORKFLOW = ".github/workflows/payments.yml"
JENKINSFILE = "jenkins/payments.Jenkinsfile"


def workflow(given: ContractInput) -> dict[Any, Any]:
    """The workflow as GitHub reads it; YAML 1.1 takes its `on` for true."""
    text = generate(given).files[f".github/workflows/{given.service}.yml"]
    return dict(yaml.safe_load(text))


def jenkinsfile(given: ContractInput) -> str:
    """The Jenkinsfile's text."""
    return generate(given).files[f"jenkins/{given.service}.Jenkinsfile"]


def scripts_of_workflow(given: ContractInput) -> dict[str, str]:
    """What each job runs in a shell."""
    jobs = workflow(given)["jobs"].items()
    return {name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs}


def scripts_of_jenkinsfile(given: ContractInput) -> list[str]:
    """What each triple-quoted `sh` runs, as Groovy hands it to the shell."""
    found = re.findall(r"sh '''\n(.*?)'''", jenkinsfile(given), re.DOTALL)
    return [textwrap.dedent(script).replace("\\\\", "\\") for script in found]


def test_both_pipelines_build_test_push_and_deploy_in_this_order() -> None:
    """A version that does not build or pass its tests is never asked for."""
    jobs = workflow(PAYMENTS)["jobs"]

    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "test": "build",
        "image": "test",
        "deploy": "image",
    }
    stages = re.findall(r"stage\('(\w+)'\)", jenkinsfile(PAYMENTS))
    assert stages == ["Build", "Test", "Image", "Deploy"]


@pytest.mark.parametrize("name", AMBIGUOUS_NAMES)
def test_any_name_is_a_text(name: str) -> None:
    """A service called on or 1e3, in an environment called null, has whole pipelines."""
    nowhere = ContractEnvironment(name="null", tier=Tier.TEST)
    service = a_contract_input(service=name, environments=(nowhere,))
    found = workflow(service)
    (inputs,) = found[True]["workflow_dispatch"].values()

    assert found["name"] == name
    assert inputs["environment"]["options"] == ["null"]
    assert found["jobs"]["deploy"]["steps"][0]["env"]["GATEPOST_SERVICE"] == name
    assert f"GATEPOST_SERVICE = '{name}'\n" in jenkinsfile(service)


def test_environments_are_offered_in_the_order_of_promotion() -> None:
    """The first one is where a push goes; nobody deploys to production by not choosing."""
    named = {"ring-b": Tier.PRODUCTION, "ring-a": Tier.PRODUCTION, "zoo": Tier.DEVELOPMENT}
    service = a_contract_input(
        environments=tuple(ContractEnvironment(name=name, tier=named[name]) for name in named)
    )
    found = workflow(service)
    env = found["jobs"]["deploy"]["steps"][0]["env"]

    options = found[True]["workflow_dispatch"]["inputs"]["environment"]["options"]
    assert options == ["zoo", "ring-a", "ring-b"]
    assert env["GATEPOST_ENVIRONMENT"] == "${{ inputs.environment || 'zoo' }}"
    assert "choices: ['zoo', 'ring-a', 'ring-b']" in jenkinsfile(service)
    assert "FIRST_ENVIRONMENT = 'zoo'\n" in jenkinsfile(service)


def test_each_job_may_do_no_more_than_it_needs() -> None:
    """Reading the code is all, but where GitHub has to vouch for the job."""
    found = workflow(PAYMENTS)

    assert found["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in found["jobs"].items()} == {
        "build": None,
        "test": None,
        "image": {"contents": "read", "id-token": "write"},
        "deploy": {"contents": "read", "id-token": "write"},
    }


def test_no_secret_is_in_a_contract_or_asked_of_github() -> None:
    """GitHub's identity is exchanged for a token; Jenkins keeps its token among its credentials."""
    for path, text in generate(PAYMENTS).files.items():
        assert not re.search(r"gp_|secrets\.|AKIA|PRIVATE KEY|password\s*[:=]", text), path
    assert "audience=gatepost" in scripts_of_workflow(PAYMENTS)["deploy"]
    assert "string(credentialsId: 'gatepost-token', variable: 'GATEPOST_TOKEN')" in jenkinsfile(
        PAYMENTS
    )


def test_nothing_a_person_says_becomes_part_of_a_script() -> None:
    """GitHub evaluates no expression in a script, Groovy none in a string: all goes by `env`."""
    for script in scripts_of_workflow(PAYMENTS).values():
        assert "${{" not in script
    groovy = re.sub(r"'''.*?'''", "", jenkinsfile(PAYMENTS), flags=re.DOTALL)
    assert '"' not in groovy


def test_the_pipelines_ask_and_wait_with_the_same_script() -> None:
    """What one of them does, the other does; they differ in how they sign in."""
    github, jenkins = scripts_of_workflow(PAYMENTS)["deploy"], scripts_of_jenkinsfile(PAYMENTS)[-1]
    asking = github[github.index("# call PATH") :]

    assert jenkins.rstrip().endswith(asking.rstrip())


def test_every_shell_script_is_well_formed() -> None:
    """`bash -n` and `sh -n` read each of them to the end."""
    scripts = [*scripts_of_workflow(PAYMENTS).values(), *scripts_of_jenkinsfile(PAYMENTS)]

    assert len(scripts) == 6
    for script in scripts:
        for shell in ("bash", "sh"):
            subprocess.run([shell, "-n"], input=script, encoding="utf-8", check=True)


def test_the_strings_and_brackets_of_groovy_close() -> None:
    """Read as Groovy reads it, each literal ends where it should and brackets are nested."""
    text = jenkinsfile(PAYMENTS)
    token = re.compile(
        r"//[^\n]*|'''(?:[^\\']|\\.|'(?!''))*'''|'(?:[^\\'\n]|\\.)*'|[(){}\[\]]|[^'\"/(){}\[\]]+|/"
    )
    nested: list[str] = []
    place = 0
    while place < len(text):
        found = token.match(text, place)
        assert found, text[place : place + 60]
        match found[0]:
            case "(" | "[" | "{":
                nested.append(found[0])
            case ")" | "]" | "}":
                assert nested.pop() + found[0] in {"()", "[]", "{}"}
            case _:
                pass
        place = found.end()

    assert nested == []
