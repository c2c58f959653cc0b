"""What the command says, and how it ends, when it cannot give what was asked for."""

from __future__ import annotations

import httpx2
import pytest

from gatepost_cli.exits import Exit
from tests.support.command import TOKEN, Answer, Command, a_problem

SELF_REVIEW = "gatepost: 403 self_review: You asked for it, so others review it.\n"
PAGE = f"<pre>Authorization: Bearer {TOKEN}\nX: Bearer eyJhbGciOi.eyJpc3Mi.c2ln</pre>"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (a_problem(401), Exit.REFUSED),
        (a_problem(403), Exit.REFUSED),
        (a_problem(429), Exit.REFUSED),
        (a_problem(500), Exit.UNREACHABLE),
        (a_problem(503), Exit.UNREACHABLE),
        (httpx2.ConnectError("refused"), Exit.UNREACHABLE),
        (httpx2.ReadTimeout("timed out"), Exit.UNREACHABLE),
        (httpx2.Response(502, text="<html>Bad gateway</html>"), Exit.UNREACHABLE),
        (httpx2.Response(200, json=["another API"]), Exit.UNREACHABLE),
    ],
)
def test_the_exit_code_tells_a_no_from_no_answer(
    gatepost: Command, answer: Answer, code: Exit
) -> None:
    """A pipeline may ask again where nobody answered; where the server refused, it need not."""
    gatepost.says("POST /deployments/DEP-42/approve", answer)

    ran = gatepost("approve", "DEP-42")

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("gatepost: ")


def test_a_refusal_is_the_servers_own_sentence(gatepost: Command) -> None:
    """Nothing is put in other words, and nothing is on standard output."""
    gatepost.says("POST /deployments/DEP-42/approve", a_problem(403))

    ran = gatepost("approve", "DEP-42")

    assert (ran.code, ran.out, ran.err) == (3, "", SELF_REVIEW)


def test_every_fault_of_the_input_is_pointed_at(gatepost: Command) -> None:
    """Whoever asked learns all that is missing at once."""
    faults = [{"pointer": "#/risk", "detail": "Production asks for it."}]
    refused = a_problem(422, code="invalid", detail="It is incomplete.", errors=faults)
    gatepost.says("POST /deployments", refused)

    request = ["request", "shop", "1.4.2", "--to=production", "--work=A", "--rollback-plan=B"]
    ran = gatepost(*request)

    assert ran.code == 3
    assert ran.err == (
        "gatepost: 422 invalid: It is incomplete.\n  #/risk: Production asks for it.\n"
    )


def test_a_program_gets_the_problem_as_its_document(gatepost: Command) -> None:
    """The stable code of a refusal is there to be read, beside the sentence for people."""
    refused = a_problem(403, added_by_a_newer_server=True)
    gatepost.says("POST /deployments/DEP-42/approve", refused)

    ran = gatepost("approve", "DEP-42", "--json")

    assert (ran.code, ran.err) == (3, SELF_REVIEW)
    assert ran.document == refused.json()


def test_a_foreign_page_that_echoes_the_request_does_not_show_its_token(gatepost: Command) -> None:
    """What is quoted of a proxy's page may end in a log that others read."""
    gatepost.says("GET /me", httpx2.Response(502, text=PAGE))

    ran = gatepost("whoami")

    assert ran.code == 4
    assert "Authorization: Bearer ***" in ran.err
    assert not any(secret in ran.err for secret in (TOKEN, TOKEN[5:], "eyJpc3Mi"))


def test_ctrl_c_ends_without_a_traceback(gatepost: Command) -> None:
    """The shell learns that the person, not the server, ended it."""
    gatepost.says("GET /me", KeyboardInterrupt())

    ran = gatepost("whoami")

    assert (ran.code, ran.out, ran.err) == (130, "", "")
