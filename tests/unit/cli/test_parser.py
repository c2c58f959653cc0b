"""Parsing of the command's arguments."""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Iterator
from importlib.metadata import version

import pytest

from gatepost_cli.commands.all_commands import COMMANDS
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.parser import build_parser
from gatepost_client.settings import DEFAULT_URL
from gatepost_client.version import VERSION
from tests.support.cli import TOKEN, CliRunner, deployment_json

REQUEST = ["request", "shop", "1.4.2", "--to=production", "--rollback-plan=Redeploy 1.4.1."]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["deploy"],
        ["show"],
        ["show", "DEP-42", "DEP-43"],
        REQUEST,
        ["request", "shop", "1.4.2", "--work=SHOP-812"],
        [*REQUEST, "--work=SHOP-812", "--timeout=5"],
        [*REQUEST, "--work=SHOP-812", "--wait", "--timeout=0"],
        [*REQUEST, "--work=SHOP-812", "--wait", "--timeout=nan"],
        [*REQUEST, "--work=SHOP-812", "--wait", "--timeout=soon"],
        ["reject", "DEP-42"],
        ["fail", "DEP-42"],
        ["rollback", "DEP-42"],
        ["cancel", "DEP-42"],
        ["list", "--limit=many"],
        ["list", "--serv=shop"],
        ["--js", "whoami"],
        ["show", ""],
        ["whoami", "--url=gatepost"],
        ["whoami", "--token="],
    ],
    ids=" ".join,
)
def test_invalid_arguments_are_refused_before_anything_is_sent(
    cli: CliRunner, arguments: list[str]
) -> None:
    """The exit code is 2, and the error is on standard error."""
    token = [] if "--token=" in arguments else [f"--token={TOKEN}"]

    result = cli.run(*token, *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("gatepost")
    assert cli.requests == []


def test_missing_token_error_says_how_to_set_one(cli: CliRunner) -> None:
    """The error names the variable that sets the token."""
    result = cli.run("whoami")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "set GATEPOST_TOKEN" in result.stderr


@pytest.mark.parametrize("before", [True, False])
def test_common_options_are_accepted_before_and_after_the_command(
    cli: CliRunner, *, before: bool
) -> None:
    """The server, the token and the output format can be specified in either position."""
    cli.prepare("GET /deployments/DEP-42", deployment_json())
    options = ["--url=http://elsewhere.example", "--token=gp_u_other", "--json"]
    command = ["show", "DEP-42"]

    result = cli.run(*(options + command if before else command + options))

    assert result.json["number"] == "DEP-42"
    (request,) = cli.requests
    assert request.url.host == "elsewhere.example"
    assert request.headers["authorization"] == "Bearer gp_u_other"


def test_server_and_token_can_be_environment_variables(
    cli: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipeline can set the server and the token once, as environment variables."""
    monkeypatch.setenv("GATEPOST_URL", "http://set.example")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_set")
    cli.prepare("GET /deployments/DEP-42", deployment_json())

    assert cli.run("show", "DEP-42").exit_code == 0
    assert cli.requests[0].url.host == "set.example"
    assert cli.requests[0].headers["authorization"] == "Bearer gp_u_set"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help(cli: CliRunner, command: Command) -> None:
    """`--help` lists each command and describes it, without a server or a token."""
    overview, help_page = cli.run("--help"), cli.run(command.name, "--help")

    assert (overview.exit_code, help_page.exit_code) == (0, 0)
    assert f"\n  {command.name} " in overview.stdout
    assert help_page.stdout.startswith(f"usage: gatepost {command.name} ")
    assert "--json" in help_page.stdout


@pytest.mark.parametrize(
    ("group", "command"),
    [
        (group.name, command.name)
        for group in COMMANDS
        if isinstance(group, CommandGroup)
        for command in group.commands
    ],
)
def test_every_command_of_a_group_has_help(cli: CliRunner, group: str, command: str) -> None:
    """The help of a group lists its commands, and each of them has help of its own."""
    overview, help_page = cli.run(group, "--help"), cli.run(group, command, "--help")

    assert (overview.exit_code, help_page.exit_code) == (0, 0)
    assert f"\n    {command} " in overview.stdout
    assert help_page.stdout.startswith(f"usage: gatepost {group} {command} ")


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (["lis"], "'lis' is not a command. Did you mean list?"),
        (["service", "lst"], "'lst' is not a command. Did you mean list?"),
        (
            ["list", "--serv=shop"],
            "'--serv=shop' is not an option. Did you mean --service or --search?",
        ),
        (["show", "DEP-1", "DEP-2"], "'DEP-2' is one argument too many."),
        (["zzzz"], "'zzzz' is not a command.\n"),
    ],
)
def test_misspelled_word_is_answered_with_the_right_one(
    cli: CliRunner, arguments: list[str], suggestion: str
) -> None:
    """The error names what is similar, and does not list everything else."""
    result = cli.run(*arguments)

    assert result.exit_code == 2
    assert suggestion in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_version_is_printed(cli: CliRunner) -> None:
    """The version needs neither a server nor a token."""
    assert cli.run("--version").stdout == f"gatepost {VERSION}\n"


def test_help_names_the_default_url_of_the_client(cli: CliRunner) -> None:
    """The help has its own copy of the default URL, which must equal the client's."""
    assert DEFAULT_URL in cli.run("--help").stdout


def test_version_is_printed_without_a_command(cli: CliRunner) -> None:
    """`gatepost --version` prints the version of the installed package."""
    result = cli.run("--version")

    assert (result.exit_code, result.stdout) == (0, f"gatepost {version('gatepost-cli')}\n")


def actions_of(parser: ArgumentParser) -> list[Action]:
    """Return the arguments of a parser, which argparse does not list publicly."""
    return parser._actions  # noqa: SLF001


def parsers_of_commands(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    """Return the parsers of all commands below a parser."""
    for action in actions_of(parser):
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                yield child
                yield from parsers_of_commands(child)


def test_no_argument_of_a_command_replaces_an_option_of_all_commands() -> None:
    """Otherwise, the address of something else would become the server, which gets the token."""
    common = {"url", "token", "profile", "retry_for", "result_format", "build_parser", "command"}
    options = {"--url", "--token", "--profile", "--retry-for", "--json", "--output-format"}
    parsers = list(parsers_of_commands(build_parser(is_complete=True)))

    assert len(parsers) > 80
    for parser in parsers:
        others = [
            action
            for action in actions_of(parser)
            if action.dest in common and not options.intersection(action.option_strings)
        ]
        assert others == [], parser.prog
