"""Which programs a worker runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_worker.executors.allowed_programs import (
    AllowedProgram,
    allow_everywhere,
    find_allowed,
    read_allowed_programs,
)
from gatepost_worker.executors.executor_kind import InvalidOption
from gatepost_worker.executors.process_group import ProgramLimits
from tests.support.worker import a_deployment

RULES = """
[[command]]
program = "/opt/deploy"
environments = ["test", "staging*"]
services = ["shop*"]
arguments = ["--to=(test|staging)", "--tag=[0-9.]+"]
variables = ["KUBECONFIG"]
cpu_s = 60
memory_mb = 512

[[command]]
program = "/opt/deploy"
environments = ["production"]
any_arguments = true

[[command]]
program = "/opt/restart"
environments = ["*"]
"""


def rules(folder: Path, text: str = RULES) -> Path:
    file = folder / "commands.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize(
    ("arguments", "deployment", "reason"),
    [
        (["/opt/other"], {}, "does not allow the program /opt/other"),
        (["/opt/deploy", "--to=test", "--tag=1.2"], {"environment": "prod"}, "environment prod"),
        (
            ["/opt/deploy", "--to=test", "--tag=1.2"],
            {"service": "bank"},
            "not for the service bank",
        ),
        (["/opt/deploy", "--to=test"], {}, "with 2 arguments, not 1"),
        (["/opt/deploy", "--to=production", "--tag=1"], {}, "not with this value of argument 1"),
        (["/opt/deploy", "--to=test", "--tag=1; rm"], {}, "not with this value of argument 2"),
        (["/opt/restart", "now"], {}, "with 0 arguments, not 1"),
        (["/opt/deploy", "--to=test", "--tag=1.2"], {}, None),
        (["/opt/deploy", "whatever"], {"environment": "production", "service": "bank"}, None),
        (["/opt/restart"], {"environment": "anything"}, None),
    ],
)
def test_program_environment_service_and_arguments_decide(
    arguments: list[str], deployment: dict[str, str], reason: str | None, tmp_path: Path
) -> None:
    """Whatever no entry allows is refused, and the refusal says which condition is not met."""
    programs = read_allowed_programs(rules(tmp_path))

    found = find_allowed(programs, arguments, a_deployment(**deployment))

    if reason is None:
        assert isinstance(found, AllowedProgram)
    else:
        assert isinstance(found, str)
        assert reason in found


def test_limits_and_variables_belong_to_the_entry(tmp_path: Path) -> None:
    """Each entry has its own; none is the default."""
    first, second, _ = read_allowed_programs(rules(tmp_path))

    assert first.variables == ("KUBECONFIG",)
    assert first.limits == ProgramLimits(cpu_s=60, memory_mb=512)
    assert (second.variables, second.limits) == ((), ProgramLimits())


def test_flag_allows_a_program_everywhere() -> None:
    """`--allow-command` sets no condition."""
    found = find_allowed([allow_everywhere("/opt/x")], ["/opt/x", "any"], a_deployment())

    assert isinstance(found, AllowedProgram)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "is not a TOML file"),
        ("", "list the programs in tables"),
        ("[[command]]\n[other]", "and nothing else"),
        ('[[command]]\nprogram = "deploy"', "'deploy' is not an absolute path"),
        ('[[command]]\nprogram = "/d"', "/d: name the environments"),
        ('[[command]]\nprogram = "/d"\nusers = []', "unknown key 'users'"),
        ('[[command]]\nprogram = "/d"\nenvironments = "test"', "must be a list of strings"),
        (
            '[[command]]\nprogram = "/d"\nenvironments = ["t"]\narguments = ["("]',
            "'\\(' is not a regular expression",
        ),
        (
            '[[command]]\nprogram = "/d"\nenvironments = ["t"]\nvariables = ["GATEPOST_TOKEN"]',
            "'GATEPOST_TOKEN' cannot be passed on",
        ),
        (
            '[[command]]\nprogram = "/d"\nenvironments = ["t"]\ncpu_s = 0',
            "cpu_s must be a whole number of at least 1",
        ),
    ],
    ids=range(10),
)
def test_invalid_rules_are_refused(text: str, message: str, tmp_path: Path) -> None:
    """The worker does not start, and the message says what to correct."""
    with pytest.raises(InvalidOption, match=message):
        read_allowed_programs(rules(tmp_path, text))


def test_rules_that_others_can_change_are_refused(tmp_path: Path) -> None:
    """Whoever can change the file could run any program."""
    file = rules(tmp_path)
    file.chmod(0o620)

    with pytest.raises(InvalidOption, match="other accounts can change it"):
        read_allowed_programs(file)
