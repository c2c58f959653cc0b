"""What the command makes of its arguments, before anything is sent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatepost_cli.word import Word
from gatepost_cli.words import WORDS
from tests.support.command import TOKEN, Command, a_deployment

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
def test_what_makes_no_sense_is_told_and_not_sent(gatepost: Command, arguments: list[str]) -> None:
    """A wrong use ends with 2 and a sentence on standard error; the server hears nothing."""
    given = arguments if "--token=" in arguments else [f"--token={TOKEN}", *arguments]

    ran = gatepost.run(*given)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("gatepost")
    assert gatepost.asked == []


def test_without_a_token_the_places_it_could_be_are_told(gatepost: Command) -> None:
    """Whoever has not set the command up learns how to."""
    ran = gatepost.run("whoami")

    assert (ran.code, ran.out) == (2, "")
    assert "Set GATEPOST_TOKEN" in ran.err


def test_a_mistyped_option_does_not_give_the_token_away(gatepost: Command) -> None:
    """What is quoted of the arguments may end in a log that others read."""
    ran = gatepost.run("whoami", f"--tokn={TOKEN}")

    assert ran.code == 2
    assert "--tokn=gp_u_***" in ran.err
    assert TOKEN not in ran.err


@pytest.mark.parametrize("before", [True, False])
def test_server_and_token_may_stand_before_the_word_or_after_it(
    gatepost: Command, *, before: bool
) -> None:
    """What holds for every word is understood at either place."""
    gatepost.says("GET /deployments/DEP-42", a_deployment())
    everywhere = ["--url=http://elsewhere.example", "--token=gp_u_other", "--json"]
    word = ["show", "DEP-42"]

    ran = gatepost.run(*(everywhere + word if before else word + everywhere))

    assert ran.document["number"] == "DEP-42"
    (request,) = gatepost.asked
    assert request.url.host == "elsewhere.example"
    assert request.headers["authorization"] == "Bearer gp_u_other"


def test_server_and_token_may_be_set(gatepost: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline sets them once, where its secrets are kept."""
    monkeypatch.setenv("GATEPOST_URL", "http://set.example")
    monkeypatch.setenv("GATEPOST_TOKEN", "gp_u_set")
    gatepost.says("GET /deployments/DEP-42", a_deployment())

    assert gatepost.run("show", "DEP-42").code == 0
    assert gatepost.asked[0].url.host == "set.example"
    assert gatepost.asked[0].headers["authorization"] == "Bearer gp_u_set"


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.name)
def test_every_word_explains_itself(gatepost: Command, word: Word) -> None:
    """Help is there without a server and without a token."""
    everything, its = gatepost.run("--help"), gatepost.run(word.name, "--help")

    assert (everything.code, its.code) == (0, 0)
    assert f"    {word.name}" in everything.out
    assert its.out.startswith(f"usage: gatepost {word.name} ")
    assert "--json" in its.out


def test_help_does_not_wait_for_the_client() -> None:
    """The client takes most of the time of a start; whoever only reads the help is spared it."""
    asks = (
        "import sys\n"
        "from gatepost_cli.main import main\n"
        "try: main(['request', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'gatepost_client', 'httpx2'} & set(sys.modules)))"
    )

    ran = subprocess.run([sys.executable, "-c", asks], stdout=subprocess.DEVNULL, check=False)

    assert ran.returncode == 0
