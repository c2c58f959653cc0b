"""The Terraform files as Terraform and the AWS provider evaluate them, without an AWS account."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from gatepost_contracts.contract_file_generation import generate_contract_files
from gatepost_contracts.zip_archive import zip_contracts
from tests.support.contracts import (
    HOSTILE_PARTS,
    NEEDS_AWS_PROVIDER,
    PAYMENTS,
    a_contract_input,
    run_terraform,
    write_files,
)
from tests.support.terraform_plans import (
    ISSUER_ARN,
    REPOSITORY_ARN,
    REPOSITORY_URL,
    ROLE_ARN,
    Plan,
    check_refusals,
    plan,
)

pytestmark = NEEDS_AWS_PROVIDER

JENKINS = "arn:aws:iam::123456789012:role/jenkins"
CLUSTER = {"cluster_oidc_issuer_url": "https://oidc.example/id/1"}
GITHUB = "token.actions.githubusercontent.com"
MAIN = "repo:org/payments:ref:refs/heads/main"
SIGN_IN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
TAG_VALUE = re.compile(r"[\w\s_.=+/@-]{0,256}")
"""The values that AWS accepts for a tag."""
IAM = {
    **CLUSTER,
    "service": "payments",
    "environment": "production",
    "team": "core-platform",
    "repo_url": "https://github.com/org/payments",
    "image_repository_arn": REPOSITORY_ARN,
    "push_actions": ["ecr:PutImage"],
    "pull_actions": ["ecr:BatchGetImage"],
    "delivery_refs": ["refs/heads/main"],
    "trusted_principal_arns": [],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files from the archive of a service."""
    folder = tmp_path_factory.mktemp("contracts")
    with ZipFile(BytesIO(zip_contracts(generate_contract_files(PAYMENTS)))) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def production(folder: Path) -> Plan:
    """Return the plan of the production environment."""
    (result,) = plan(folder / "terraform/envs/production/payments", CLUSTER)
    return result


def trusted_by(statement: dict[str, Any]) -> Any:
    """Return who may assume a role: the subjects of GitHub, or the ARN of a principal."""
    if statement["Action"] == "sts:AssumeRole":
        return statement["Principal"]["AWS"]
    return statement["Condition"]["StringEquals"][f"{GITHUB}:sub"]


@pytest.mark.parametrize("environment", ["test", "production"])
def test_terraform_validates_the_files_of_the_archive(folder: Path, environment: str) -> None:
    """The AWS provider knows every resource, attribute and type."""
    environment_folder = folder / f"terraform/envs/{environment}/payments"

    run_terraform(environment_folder, "init", "-backend=false")

    assert run_terraform(environment_folder, "validate", "-no-color").startswith("Success!")


def test_unsafe_arguments_are_refused(folder: Path) -> None:
    """Wildcards, whole accounts and a role that nobody may assume are errors in the plan."""
    check_refusals(
        folder / "terraform/modules/iam",
        ({**IAM, "push_actions": ["ecr:*"]}, "var.push_actions"),
        ({**IAM, "pull_actions": ["s3:GetObject"]}, "var.pull_actions"),
        ({**IAM, "image_repository_arn": "*"}, "var.image_repository_arn"),
        ({**IAM, "delivery_refs": ["refs/heads/*"]}, "var.delivery_refs"),
        ({**IAM, "trusted_principal_arns": ["*"]}, "var.trusted_principal_arns"),
        (
            {**IAM, "trusted_principal_arns": ["arn:aws:iam::123456789012:root"]},
            "var.trusted_principal_arns",
        ),
        ({**IAM, "cluster_oidc_issuer_url": "oidc.example"}, "var.cluster_oidc_issuer_url"),
        ({**IAM, "repo_url": "https://github.com.example/org/x"}, "aws_iam_role.delivery"),
        ({**IAM, "repo_url": "https://github.com/org/*"}, "aws_iam_role.delivery"),
        ({**IAM, "repo_url": "https://github.com/org/x\n"}, "aws_iam_role.delivery"),
    )


def test_pipelines_may_only_push_the_images_of_the_service(production: Plan) -> None:
    """The role can be assumed only on the main branch, and can push only to one repository."""
    assert production.policy("aws_iam_role.delivery", "assume_role_policy") == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": ISSUER_ARN},
            "Condition": {
                "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": [MAIN]}
            },
        }
    ]
    push, sign_in = production.policy("aws_iam_role_policy.delivery")
    assert push["Resource"] == REPOSITORY_ARN
    assert "ecr:PutImage" in push["Action"]
    assert "ecr:BatchGetImage" not in push["Action"]
    assert sign_in == SIGN_IN


def test_pods_may_only_pull_the_images_of_the_service(production: Plan) -> None:
    """The role can be assumed only by the service's account, and can pull from one repository."""
    assert production.policy("aws_iam_role.runtime", "assume_role_policy") == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": ISSUER_ARN},
            "Condition": {
                "StringEquals": {
                    "oidc.example/id/1:aud": "sts.amazonaws.com",
                    "oidc.example/id/1:sub": "system:serviceaccount:production:payments",
                }
            },
        }
    ]
    assert production.policy("aws_iam_role_policy.runtime") == [
        {
            "Effect": "Allow",
            "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": REPOSITORY_ARN,
        },
        SIGN_IN,
    ]


def test_outputs_describe_the_service_in_kubernetes(production: Plan) -> None:
    """The manifest of the service account matches the deployment and names the runtime role."""
    deployment = yaml.safe_load(
        generate_contract_files(PAYMENTS).files[
            "kubernetes/envs/production/payments-deployment.yaml"
        ]
    )
    account = yaml.safe_load(production.outputs["service_account_manifest"])

    pod = deployment["spec"]["template"]["spec"]
    assert production.outputs["service_account"] == pod["serviceAccountName"]
    assert account["metadata"]["name"] == pod["serviceAccountName"]
    assert account["metadata"]["namespace"] == deployment["metadata"]["namespace"]
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == ROLE_ARN
    assert production.outputs["workload"] == {
        "namespace": "production",
        "image_repository_url": REPOSITORY_URL,
        "pod_count": deployment["spec"]["replicas"],
        **pod["containers"][0]["resources"],
    }


def test_repository_decides_which_pipelines_are_trusted(folder: Path) -> None:
    """GitHub is trusted only for a repository on github.com; listed principals always are."""
    cases: list[tuple[dict[str, Any], list[Any]]] = [
        ({"repo_url": "https://github.com/org/payments.git"}, [[MAIN]]),
        ({"repo_url": "git@github.com:org/payments.git"}, [[MAIN]]),
        ({"trusted_principal_arns": [JENKINS]}, [[MAIN], JENKINS]),
        ({"trusted_principal_arns": [JENKINS], "delivery_refs": []}, [JENKINS]),
        ({"trusted_principal_arns": [JENKINS], "repo_url": "git@git.example:x.git"}, [JENKINS]),
        (
            {"repo_url": "https://github.com/o/n.js", "delivery_refs": ["refs/tags/v1"]},
            [["repo:o/n.js:ref:refs/tags/v1"]],
        ),
    ]

    plans = plan(folder / "terraform/modules/iam", *({**IAM, **changes} for changes, _ in cases))

    assert [
        [trusted_by(it) for it in result.policy("aws_iam_role.delivery", "assume_role_policy")]
        for result in plans
    ] == [expected for _, expected in cases]


def test_long_names_of_roles_are_shortened(folder: Path) -> None:
    """Names are cut to the 64 characters that AWS allows, and a digest keeps them distinct."""
    services = ["a" * 63, "a" * 62 + "b"]

    plans = plan(folder / "terraform/modules/iam", *({**IAM, "service": it} for it in services))

    roles = ["aws_iam_role.delivery", "aws_iam_role.runtime"]
    names = {result.resources[role]["name"] for result in plans for role in roles}
    assert {len(name) for name in names} == {64}
    assert len(names) == len(services) * len(roles)


def test_image_repository_of_another_environment_can_be_used(folder: Path) -> None:
    """Environments that share an AWS account share the image repository."""
    (result,) = plan(
        folder / "terraform/envs/test/payments", {**CLUSTER, "create_image_repository": False}
    )

    assert "aws_ecr_lifecycle_policy.service" not in result.resources
    assert "aws_ecr_repository.service" not in result.resources
    assert result.outputs["image_repository_url"] == REPOSITORY_URL
    assert result.policy("aws_iam_role_policy.delivery")[0]["Resource"] == REPOSITORY_ARN


def test_hostile_texts_are_only_texts(tmp_path: Path) -> None:
    """Hostile texts become valid tags and annotations, and give no pipeline access."""
    text = "".join(part for part in HOSTILE_PARTS if part.isascii())
    hostile = a_contract_input(
        display_name=text, description=text, team=f"aws:{text}"[:200], repo_url=text
    )
    write_files(generate_contract_files(hostile).files, tmp_path)
    variables = {**CLUSTER, "trusted_principal_arns": [JENKINS]}

    (result,) = plan(tmp_path / "terraform/envs/production/payments", variables)

    trust = result.policy("aws_iam_role.delivery", "assume_role_policy")
    annotations = yaml.safe_load(result.outputs["service_account_manifest"])["metadata"][
        "annotations"
    ]
    assert [trusted_by(statement) for statement in trust] == [JENKINS]
    assert annotations["gatepost/description"] == annotations["gatepost/repo-url"] == text
    for resource in ("aws_ecr_repository.service", "aws_iam_role.delivery", "aws_iam_role.runtime"):
        team = result.resources[resource]["tags"]["gatepost/team"]
        assert TAG_VALUE.fullmatch(team)
        assert not team.startswith("aws:")
