"""What an operator can set of a worker."""

from __future__ import annotations

import platform
from datetime import timedelta

import pytest

from gatepost_worker.executors.command import CommandOptions
from gatepost_worker.executors.executor import CrashPolicy
from gatepost_worker.options import read

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_worker_needs_no_settings() -> None:
    """The client knows where the server is; no program is allowed, and nothing is signed."""
    options = read([], {})

    assert (options.url, options.token) == (None, None)
    assert not options.until_eof
    assert (options.concurrency, options.lease) == (4, timedelta(seconds=15))
    assert options.executor_options == {
        "command": CommandOptions(allowed=frozenset(), crash_policy=CrashPolicy.FAIL),
        "simulated": None,
        "webhook": None,
    }


@pytest.mark.parametrize(
    ("machine", "name"),
    [("berlin-1.example", "berlin-1.example"), ("_böse x", "b-se-x"), ("", "worker")],
)
def test_a_worker_goes_by_its_machine(
    machine: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what Gatepost takes for no part of a name."""
    monkeypatch.setattr(platform, "node", lambda: machine)

    assert read([], {}).name == name


def test_flags_say_how_it_runs() -> None:
    """Whatever the environment says."""
    flags = "--url http://x --token t --name w1 --concurrency 2 --lease-s 30 --rerun-commands"
    programs = ["--allow-command", "/bin/a", "--allow-command=/bin/b"]
    environment = {"GATEPOST_WORKER_NAME": "other", "GATEPOST_CONCURRENCY": "9"}

    options = read([*flags.split(), *programs], environment)

    assert (options.url, options.token, options.name) == ("http://x", "t", "w1")
    assert (options.concurrency, options.lease) == (2, timedelta(seconds=30))
    assert options.executor_options["command"] == CommandOptions(
        allowed=frozenset({"/bin/a", "/bin/b"}), crash_policy=CrashPolicy.RERUN
    )


def test_the_environment_says_what_no_flag_does() -> None:
    """As a container is configured."""
    options = read(
        ["--allow-command=/bin/b"],
        {
            "GATEPOST_WORKER_NAME": "w2",
            "GATEPOST_CONCURRENCY": "9",
            "GATEPOST_LEASE_S": "60",
            "GATEPOST_ALLOW_COMMAND": "/bin/a:",
            "GATEPOST_WEBHOOK_SECRET": SECRET,
        },
    )

    assert (options.name, options.concurrency, options.lease.seconds) == ("w2", 9, 60)
    assert options.executor_options["command"] == CommandOptions(
        allowed=frozenset({"/bin/a", "/bin/b"})
    )
    assert options.executor_options["webhook"] is not None


def test_options_show_no_secret() -> None:
    """Where they are logged, say."""
    options = read(["--token=gp_s_secret"], {"GATEPOST_WEBHOOK_SECRET": SECRET})

    assert "gp_s_secret" not in repr(options)
    assert SECRET.removeprefix("whsec_") not in repr(options)


@pytest.mark.parametrize(
    ("flags", "environment", "words"),
    [
        (["--concurrency=0"], {}, "'0' is no number from 1 to 1000"),
        (["--concurrency=x"], {}, "'x' is no number from 1 to 1000"),
        (["--lease-s=²"], {}, "'²' is no number from 1 to 1000"),
        ([], {"GATEPOST_LEASE_S": "1001"}, "'1001' is no number from 1 to 1000"),
        (["--allow-command=deploy"], {}, "by its absolute path, not by 'deploy'"),
        ([], {"GATEPOST_ALLOW_COMMAND": "./deploy"}, "not by './deploy'"),
        ([], {"GATEPOST_WEBHOOK_SECRET": "secret"}, "GATEPOST_WEBHOOK_SECRET: A webhook secret is"),
        (["--conc=2"], {}, "unrecognized arguments: --conc=2"),
        (["--name=in berlin"], {}, "'in berlin' is no name"),
        ([], {"GATEPOST_WORKER_NAME": "-x"}, "'-x' is no name"),
    ],
    ids=range(10),
)
def test_what_makes_no_sense_is_told(
    flags: list[str],
    environment: dict[str, str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The worker does not start, and says what is wrong."""
    with pytest.raises(SystemExit) as ended:
        read(flags, environment)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err
