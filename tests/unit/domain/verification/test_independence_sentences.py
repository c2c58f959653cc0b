"""Sentences about reviews that were not independent."""

import pytest

from gatepost_domain.verification.independence_sentences import describe_dependent_reviews


def mark(reviewer: str, of: str, *through: str, by: str) -> dict[str, object]:
    return {"reviewer": reviewer, "of": of, "through": list(through), "by": by}


@pytest.mark.parametrize(
    ("dependence", "sentence"),
    [
        (
            mark("quinn", "Owner", "owner", by="invitation"),
            "Approved by quinn, who was invited by the requester (Owner).",
        ),
        (
            mark("quinn", "Owner", "owner", by="account"),
            (
                "Approved by quinn, who got the account, a token or the login from the requester "
                "(Owner)."
            ),
        ),
        (
            mark("quinn", "dora", "dora", by="reset"),
            "Approved by quinn, who had their credentials reset by dora.",
        ),
        (
            mark("quinn", "Owner", "quinn", by="invitation"),
            "Approved by quinn, who invited the requester (Owner).",
        ),
        (
            mark("quinn", "dora", "root", "zed", by="account"),
            "Approved by quinn; root and zed could have acted both as quinn and as dora.",
        ),
        (
            mark("eve", "Owner", "owner", by="reset"),
            "Break-glass review by eve, who had their credentials reset by the requester (Owner).",
        ),
    ],
)
def test_mark_is_told_in_words(dependence: dict[str, object], sentence: str) -> None:
    """The sentence names the reviewer, the other person, and how one could act as the other."""
    deployment = {
        "requester": "Owner",
        "review": {"stages": [{"approvals": [{"actor": "Quinn"}]}]},
        "independence": {"dependent": [dependence]},
    }

    assert describe_dependent_reviews(deployment) == [sentence]
