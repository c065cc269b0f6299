"""What a finished review says against verdicts, gaps and the plan, which rest on the claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessments.charts.rules import strengths_of
from assessments.charts.rules.shapes import Finding
from assessments.engine.record import AssessmentRecord
from assessments.templatetags.sentences import follows_of, sentence_of
from tests.findings import BEST_PLANT, SMALL, UNKNOWN, found_in, record_of, said
from tests.records import make_review


def reviewed(levels: dict[str, int], **fields: Any) -> AssessmentRecord:
    """A record of the small framework, these levels set by a review and all others accepted."""
    review = make_review()
    accepted = next(row for row in review.decisions if row.kind == "accepted")
    decisions = tuple(
        replace(accepted, question=code, kind="set" if code in levels else "accepted", level=levels.get(code))
        for code in SMALL.questions
    )
    record = record_of(**({"submitted_at": "2026-12-02T10:00:00+00:00"} | fields))
    return replace(record, review=replace(review, decisions=decisions))


def sentence_in(record: AssessmentRecord, code: str) -> str:
    """The sentence of a rule that holds."""
    text = said(record, code)
    assert text is not None
    return text[0]


@pytest.mark.parametrize(
    ("levels", "fields", "expected"),
    [
        ({}, {"targets": {"D2": 3}}, None),
        ({"D2-A": 2}, {}, None),  # without a target nothing is below one
        # The plan has each step from 0 on.
        ({"D1-A": 0}, {"targets": {"D1": 4}, "changes": {"D1-A": 2, "D1-B": 4}}, None),
        (
            {"D2-A": 2},
            {"targets": {"D2": 3}},
            (
                "The review puts 1 answer below its target, and the plan does not bring it there",
                "Validated: D2-A at 2 of 3.",
            ),
        ),
        (
            {"D2-A": 2, "D2-B": 1},
            {"targets": {"D2": 3}},
            (
                "The review puts 2 answers below their target, and the plan does not bring them there",
                "Validated: D2-A at 2 of 3 and D2-B at 1 of 3.",
            ),
        ),
        (
            {},
            {"targets": {"D2": 3}, "changes": {"D2-A": {"level": 3, "grade": "E0"}}},  # accepted as evidenced
            (
                "The review puts 1 answer below its target, and the plan does not bring it there",
                "Validated: D2-A at 1 of 3.",
            ),
        ),
        (  # the step from 2 to 3 is in the plan, the one from 1 to 2 is not
            {"D2-A": 1},
            {"targets": {"D2": 3}, "changes": {"D2-A": 2}},
            (
                "The review puts 1 answer below its target, and the plan does not bring it there",
                "Validated: D2-A at 1 of 3.",
            ),
        ),
    ],
)
def test_answers_that_the_review_puts_below_their_target_are_said(levels, fields, expected):
    assert said(reviewed(levels, **fields), "review_below") == expected


def test_before_a_review_nothing_is_said_of_one():
    record = record_of(targets={"D1": 4}, changes={"D2-A": {"level": 3, "grade": "E0"}})
    codes = {row.code for row in found_in(record)}
    assert codes.isdisjoint({"review_below", "review_undone", "by_claims"})
    assert sentence_in(record, "verdicts") == "2 AI uses can run across the site today"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (3, None),
        (
            2,
            (
                "1 action is taken as done by the claims, not by the review",
                "“A-1” would reach 3, D1-A stands validated at 2.",
            ),
        ),
    ],
)
def test_an_action_taken_as_done_that_the_review_contradicts_is_said(level, expected):
    """From 3 to 4 goes A-2; A-1, which reaches 3, is taken as done."""
    assert said(reviewed({"D1-A": level}, targets={"D1": 4}), "review_undone") == expected


def test_many_actions_taken_as_done_are_said():
    values = {"n": 2, "rows": (("A-1", "D1-A", 1, 3), ("A-1", "D1-B", 0, 3), ("A-2", "D1-A", 1, 4))}
    found = Finding("review_undone", "limit", "ground", values)
    assert sentence_of(SMALL, found) == "2 actions are taken as done by the claims, not by the review"
    assert follows_of(SMALL, found) == (
        "“A-1” would reach 3, D1-A stands validated at 1; “A-1” would reach 3, D1-B stands validated at 0;"
        " “A-2” would reach 4, D1-A stands validated at 1."
    )


def test_a_use_that_is_ready_by_the_claims_only_is_said_so():
    record = reviewed({"D1-A": 1, "D1-B": 1}, use_cases=("UC1", "UC2"))
    found = {row.code: row for row in found_in(record)}
    assert sentence_in(record, "verdicts") == "By the claims, 2 AI uses can run across the site today"
    assert sentence_in(record, "chosen_ready") == "By the claims, all 2 chosen AI uses are ready"
    assert said(record, "by_claims") == (
        "1 AI use is ready by the claims only",
        "Validated, “UC1” has “D1” at 1 of 3.",
    )
    assert found["verdicts"].tone == "strength", "the other one is ready by the review too"
    both = reviewed({"D1-A": 0, "D1-B": 0})
    assert said(both, "by_claims") == (
        "2 AI uses are ready by the claims only",
        "Validated, “UC1” has “D1” at 0 of 3; “UC2” has “D1” at 0 of 1.",
    )
    assert "verdicts" not in {row.code for row in strengths_of(found_in(both))}
    held = reviewed({"D1-A": 3}, use_cases=("UC1",))
    assert said(held, "by_claims") is None
    assert sentence_in(held, "verdicts") == "2 AI uses can run across the site today"


def test_a_use_on_one_line_by_the_claims_only_is_not_called_credible_there():
    values = {"uses": ("UC1",), "n": 1, "by_claims": True}
    one = Finding("keep_bounded", "decision", "uses", values)
    assert follows_of(SMALL, one) == "It is credible there by the claims, not by the review."
    many = replace(one, values=values | {"uses": ("UC1", "UC2"), "n": 2})
    assert follows_of(SMALL, many) == (
        "By the claims they are credible there; by the review not each of them is."
    )


def test_a_dimension_that_the_review_leaves_without_level_is_said_with_a_dash():
    found = Finding(
        "by_claims", "limit", "uses", {"n": 1, "rows": (("UC1", (("dimension", "D1", None, 3),)),)}
    )
    assert follows_of(SMALL, found) == "Validated, “UC1” has “D1” at – of 3."


def test_an_unknown_counts_as_0_for_the_review_too():
    record = reviewed({}, changes={"D2-A": UNKNOWN}, dpmm=BEST_PLANT, targets={"D2": 3})
    assert said(record, "review_below") is None, "the plan has each of its steps"
