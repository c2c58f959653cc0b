"""The options of a worker."""

from __future__ import annotations

import platform
import re
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from gatepost_worker.executors.allowed_programs import allow_everywhere
from gatepost_worker.executors.command import CommandOptions
from gatepost_worker.executors.executor import LostWorkerPolicy
from gatepost_worker.executors.webhook_secrets import WebhookSecrets
from gatepost_worker.options import read_options

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = {"GATEPOST_TOKEN": "gp_s_test"}


def test_a_worker_needs_no_options() -> None:
    """By default, the client finds the server, no program is allowed and no request is signed."""
    options = read_options([], TOKEN)

    assert (options.url, options.token) == (None, "gp_s_test")
    assert not options.until_eof
    assert (options.concurrency, options.lease) == (4, timedelta(seconds=15))
    assert options.executor_options == {
        "command": CommandOptions(allowed=(), lost_worker_policy=LostWorkerPolicy.FAIL),
        "simulated": None,
        "webhook": WebhookSecrets(),
    }


@pytest.mark.parametrize(
    ("machine", "name"),
    [
        ("berlin-1.example", "berlin-1.example"),
        ("_böse x", "b-se-x"),
        ("", "worker"),
        ("x" * 80, "x" * 56),
    ],
)
def test_a_worker_is_named_after_its_machine_by_default(
    machine: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A random suffix makes it unique. Characters that the server does not accept are replaced."""
    monkeypatch.setattr(platform, "node", lambda: machine)

    first, second = (read_options([], TOKEN).name for _ in range(2))

    assert re.fullmatch(rf"{re.escape(name)}-[0-9a-f]{{6}}", first)
    assert first != second


def test_flags_override_the_environment() -> None:
    """Each flag takes precedence over its environment variable."""
    flags = "--url http://x --token t --name w1 --concurrency 2 --lease-s 30 --rerun-commands"
    programs = ["--allow-command", "/bin/a", "--allow-command=/bin/b"]
    environment = {"GATEPOST_WORKER_NAME": "other", "GATEPOST_CONCURRENCY": "9"}

    options = read_options([*flags.split(), *programs], environment)

    assert (options.url, options.token, options.name) == ("http://x", "t", "w1")
    assert (options.concurrency, options.lease) == (2, timedelta(seconds=30))
    assert options.executor_options["command"] == CommandOptions(
        allowed=(allow_everywhere("/bin/a"), allow_everywhere("/bin/b")),
        lost_worker_policy=LostWorkerPolicy.RERUN,
    )


def test_environment_variables_set_options_without_a_flag() -> None:
    """An environment variable applies if its flag is not on the command line."""
    options = read_options(
        ["--allow-command=/bin/b"],
        {
            "GATEPOST_WORKER_NAME": "w2",
            "GATEPOST_CONCURRENCY": "9",
            "GATEPOST_LEASE_S": "60",
            "GATEPOST_ALLOW_COMMAND": "/bin/a:",
            "GATEPOST_WEBHOOK_SECRET": SECRET,
            **TOKEN,
        },
    )

    assert (options.name, options.concurrency, options.lease.seconds) == ("w2", 9, 60)
    assert options.executor_options["command"] == CommandOptions(
        allowed=(allow_everywhere("/bin/a"), allow_everywhere("/bin/b"))
    )
    assert options.executor_options["webhook"] != WebhookSecrets()


def test_the_representation_of_options_has_no_secret() -> None:
    """The `repr` of the options contains neither the token nor the webhook secret."""
    options = read_options(["--token=gp_s_secret"], {"GATEPOST_WEBHOOK_SECRET": SECRET})

    assert "gp_s_secret" not in repr(options)
    assert SECRET.removeprefix("whsec_") not in repr(options)


@pytest.mark.parametrize(
    ("flags", "environment", "message"),
    [
        (["--concurrency=0"], {}, "'0' is not a number from 1 to 1000"),
        (["--concurrency=x"], {}, "'x' is not a number from 1 to 1000"),
        (["--lease-s=²"], {}, "'²' is not a number from 1 to 1000"),
        ([], {"GATEPOST_LEASE_S": "1001"}, "'1001' is not a number from 1 to 1000"),
        (["--allow-command=deploy"], {}, "'deploy' is not an absolute path"),
        ([], {"GATEPOST_ALLOW_COMMAND": "./deploy"}, "'./deploy' is not an absolute path"),
        ([], {"GATEPOST_WEBHOOK_SECRET": "secret"}, "GATEPOST_WEBHOOK_SECRET: A webhook secret is"),
        (["--conc=2"], {}, "unrecognized arguments: --conc=2"),
        (["--name=in berlin"], {}, "'in berlin' is not a valid name"),
        ([], {"GATEPOST_WORKER_NAME": "-x"}, "'-x' is not a valid name"),
        (["--command-user=no-such-account"], {}, "this machine has no account 'no-such-account'"),
        (["--commands=/nowhere"], {}, "/nowhere cannot be read: No such file or directory"),
        (["--token-file=/nowhere"], {}, "/nowhere cannot be read: No such file or directory"),
        (["--webhook-secrets=/nowhere"], {}, "GATEPOST_WEBHOOK_SECRETS: /nowhere cannot be read"),
    ],
    ids=range(14),
)
def test_invalid_options_end_the_worker_with_a_message(
    flags: list[str],
    environment: dict[str, str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit code is 2, as for all argparse errors."""
    with pytest.raises(SystemExit) as raised:
        read_options(flags, TOKEN | environment)

    assert raised.value.code == 2
    assert message in capsys.readouterr().err


def test_help_lists_the_options_of_executor_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    """Each executor kind adds its flags and environment variables to the help."""
    with pytest.raises(SystemExit):
        read_options(["--help"], {})

    usage = capsys.readouterr().out
    assert "--allow-command PATH" in usage
    assert "GATEPOST_WEBHOOK_SECRET: the secret (whsec_...)" in usage


def test_the_token_comes_from_the_first_place_that_has_one(tmp_path: Path) -> None:
    """The order is: flags, GATEPOST_TOKEN, GATEPOST_WORKER_TOKEN_FILE, the data folder."""
    for name in ("flag", "variable", "worker"):
        (tmp_path / f"{name}.token").write_text(f"gp_s_{name}\n")
    environment = {
        "GATEPOST_TOKEN": "gp_s_environment",
        "GATEPOST_WORKER_TOKEN_FILE": f"{tmp_path}/variable.token",
        "GATEPOST_DATA": f"{tmp_path}",
    }
    flag = f"--token-file={tmp_path}/flag.token"

    assert read_options(["--token=gp_s_argument", flag], environment).token == "gp_s_argument"
    assert read_options([flag], environment).token == "gp_s_flag"
    assert read_options([], environment).token == "gp_s_environment"
    del environment["GATEPOST_TOKEN"]
    assert read_options([], environment).token == "gp_s_variable"
    del environment["GATEPOST_WORKER_TOKEN_FILE"]
    assert read_options([], environment).token == "gp_s_worker"


@pytest.mark.parametrize("flags", [[], ["--url=https://gatepost.example"]])
def test_a_worker_never_uses_the_token_of_the_owner(
    flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a worker's token it does not start, and never sends one to another machine."""
    (tmp_path / "owner.token").write_text("gp_u_owner\n")
    if flags:
        (tmp_path / "worker.token").write_text("gp_s_worker\n")

    with pytest.raises(SystemExit):
        read_options(flags, {"GATEPOST_DATA": f"{tmp_path}"})

    assert "there is no token: set GATEPOST_TOKEN or use --token-file" in capsys.readouterr().err


def test_version_is_that_of_the_installed_package(capsys: pytest.CaptureFixture[str]) -> None:
    """`gatepost-worker --version` prints it and ends."""
    with pytest.raises(SystemExit) as stopped:
        read_options(["--version"], {})

    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"gatepost-worker {version('gatepost-worker')}\n"
