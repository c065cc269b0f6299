"""The report of a reviewed assessment: every change with its reason and the site's answer, and its key."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.storage import default_storage

from assessments.engine.display import tenths
from assessments.engine.evaluate import evaluate
from assessments.engine.review import InquiryRecord, StanceRecord
from records.jobs import run_job
from records.models import Job
from reports.document import build_document
from reports.models import Report
from reports.rendering import render_report, stances_in
from reports.services import request_report
from reports.views import file_name
from tests import builders, reviewing
from tests.printing import DIGEST, draw, plain, printed
from tests.records import answer_record, make_record, make_review

SPEC = builders.bami_spec()
AT = "2026-12-10T08:00:00+00:00"
CHANGED = {"D1-CTX": 1, "D4-DEC": 5, "D2-SUP": 2}
STANCES = (
    StanceRecord("D1-CTX", False, "The drill was held <b>in December</b>.", "Ingrid", AT),
    StanceRecord("D4-DEC", True, "", "Ingrid", AT),
)


def reviewed_record(review=None, **fields):
    rows = {code: answer_record(code, place % 5) for place, code in enumerate(SPEC.questions)}
    rows["D2-SUP"] = answer_record("D2-SUP", None, state="unknown", grade="")
    values: dict[str, Any] = {
        "answers": tuple(rows.values()), "submitted_at": "2026-12-02T10:00:00+00:00",
        "submitted_by": "Ingrid Solheim", "review": review or make_review(CHANGED),
    }  # fmt: skip
    return make_record(**(values | fields))


@pytest.fixture(scope="module")
def drawn():
    return draw(reviewed_record(), stances=STANCES)


@pytest.fixture(scope="module")
def text(drawn, tmp_path_factory):
    return drawn.text(tmp_path_factory.mktemp("reviewed"))


def test_nothing_is_warned_of(drawn):
    assert drawn.warnings == []


def test_it_says_who_reviewed_and_when(drawn, text):
    pages, words = text.split("\f"), plain(text)
    assert "10 December 2026, Tessaly Advisory" in plain(pages[0])  # the day at the site
    assert "Tessaly Advisory: Anna Brandt, Ben Okafor" in words
    assert "Two days on site." in words
    for page in pages[1 : drawn.pages]:
        foot = "Submitted 2 December 2026, reviewed 10 December 2026. BAMI 1.0."
        assert foot in plain(page)


def test_the_three_readings_stand_side_by_side(drawn, text):
    readings, words = drawn.results.readings, plain(text)
    claimed, evidenced, validated = readings.claimed, readings.evidenced, readings.validated
    said = f"Level {claimed.level} claimed, {evidenced.level} evidenced, {validated.level} validated."
    assert said in words
    assert f"{tenths(validated.index)} validated" in words
    assert "no review yet" not in words


def test_every_change_is_printed_with_its_reason_and_the_sites_answer(text):
    words = plain(text)
    assert "Tessaly Advisory changed 3 of 50 levels" in words
    for code, level in CHANGED.items():
        assert plain(SPEC.questions[code].title) in words
        assert f"{level} {SPEC.levels[level].name} validated." in words
    assert words.count("Seen otherwise on site.") == 2 * len(CHANGED)  # under Review, and at the answer
    assert words.count("Seen in: SOP 4") == words.count("Seen in SOP 4") == len(CHANGED)
    assert words.count("The drill was held <b>in December</b>.") == 2
    assert "disagrees with 1 change; 1 is not answered yet. Its answers change no number." in words
    assert "don’t know, 0 evidenced, 2 Defined validated." in words
    assert words.count("Accepted as evidenced. Ben Okafor, 8 December 2026") == 47
    assert "Which lines? Anna Brandt, 8 December 2026" in words
    assert "Suite 1. Ingrid, 8 December 2026" in words


def test_an_answer_accepted_with_the_rest_says_so_where_it_stands(tmp_path):
    review = make_review(CHANGED)
    opened = {"D1-CAP", "D3-TTP"}
    kinds = [
        replace(row, kind="rest") if row.kind == "accepted" and row.question not in opened else row
        for row in review.decisions
    ]
    words = plain(draw(reviewed_record(replace(review, decisions=tuple(kinds)))).text(tmp_path))
    by = "Ben Okafor, 8 December 2026"
    assert words.count(f"Accepted as evidenced. {by}") == len(opened)
    assert words.count(f"Accepted as evidenced, with the rest. {by}") == 50 - len(CHANGED) - len(opened)


def test_each_dimension_says_what_was_changed_in_it(text):
    words = plain(text)
    assert words.count("What the reviewer changed") == len(SPEC.dimensions)
    without = {SPEC.dimension_of[code] for code in SPEC.questions} - {code[:2] for code in CHANGED}
    assert words.count("No level was set.") == len(without)
    for code in without:
        lowered = [
            f"{row.question} {row.level} → 2"  # which grade E1 carries
            for row in reviewed_record().answers
            if row.question.startswith(code) and row.level is not None and row.level > 2
        ]
        listed = f"These answers stand at what their evidence carries: {', '.join(lowered)}."
        assert plain(listed) in words


def test_a_dimension_whose_evidence_carries_every_answer_says_so(tmp_path):
    rows = tuple(answer_record(code, 2) for code in SPEC.questions)
    words = plain(draw(reviewed_record(make_review({}), answers=rows)).text(tmp_path))
    assert words.count("No level was set. Every answer stands as claimed.") == len(SPEC.dimensions)


def test_a_review_without_a_level_says_what_it_accepted_of_each_answer(tmp_path):
    rows = {code: answer_record(code, 2) for code in SPEC.questions}
    reason = "Nothing of this kind is made here."
    rows["D3-SCL"] = answer_record("D3-SCL", None, state="not_applicable", grade="", reason=reason)
    rows["D5-INC"] = answer_record("D5-INC", None, state="unknown", grade="")
    for kind, rest in (("accepted", ""), ("rest", ", with the rest")):
        review = make_review({})
        review = replace(review, decisions=tuple(replace(row, kind=kind) for row in review.decisions))
        words = plain(draw(reviewed_record(review, answers=tuple(rows.values()))).text(tmp_path))
        by = "Ben Okafor, 8 December 2026"
        assert words.count(f"Accepted as evidenced{rest}. {by}") == 48
        assert words.count(f"Reason accepted{rest}. {by}") == 1
        assert words.count(f"Left as don’t know{rest}. {by}") == 1


@pytest.mark.parametrize(
    ("levels", "rest", "expected"),
    [
        (CHANGED, 47, "50 answers: 3 levels set; 47 accepted as evidenced in one step"),
        (CHANGED, 0, "50 answers: 3 levels set; 47 accepted as evidenced one by one"),
        ({"D1-CTX": 1}, 40, "50 answers: 1 level set; 40 accepted as evidenced in one step;"
                            " 9 accepted as evidenced one by one"),
        ({}, 50, "50 answers: no level set; 50 accepted as evidenced in one step"),
    ],
)  # fmt: skip
def test_the_sum_of_a_review_counts_each_answer_once(levels, rest, expected):
    review = make_review(levels)
    accepted = [row.question for row in review.decisions if row.kind == "accepted"][:rest]
    kinds = tuple(replace(row, kind="rest") if row.question in accepted else row for row in review.decisions)
    page, _ = printed(reviewed_record(replace(review, decisions=kinds)))
    (row,) = re.findall(r'<th scope="row">Decided</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    assert row == expected


def test_a_review_that_changed_nothing_says_so(tmp_path):
    words = plain(draw(reviewed_record(make_review(inquiries=()))).text(tmp_path))
    assert "Tessaly Advisory accepted every answer as evidenced" in words
    assert "The review accepted every answer as evidenced." in words


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_the_longest_words_of_a_review_fit(tmp_path, paper):
    longest = ("Unbroken" * 60 + " words of a reviewer, and more. ") * 8
    review = make_review(dict.fromkeys(SPEC.questions, 3))
    review = replace(
        review,
        consultancy="W" * 120,
        statement=longest[:4000],
        decisions=tuple(
            replace(row, reason=longest[:4000], pointer=longest[:4000], decided_by="W" * 120)
            for row in review.decisions[:6]
        )
        + tuple(
            replace(row, kind="accepted", level=None, reason="", pointer="") for row in review.decisions[6:]
        ),
        inquiries=(InquiryRecord("D1-CTX", longest[:4000], "A", AT, longest[:4000], "B", AT),),
    )
    said = (StanceRecord("D1-CTX", False, longest[:4000], "W" * 120, AT),)
    made = draw(reviewed_record(review), paper=paper, stances=said)
    assert made.warnings == []
    assert made.text(tmp_path).count("words of a reviewer") > 40


def test_the_document_counts_what_the_owner_says():
    record = reviewed_record()
    document = build_document(SPEC, record, evaluate(SPEC, record.inputs()), digest=DIGEST, stances=STANCES)
    part = document.review
    assert (part.disputed, part.unanswered) == (1, 1)
    assert [row.question.code for row in part.changes] == [code for code in SPEC.questions if code in CHANGED]
    assert str(part.finished_at) == "2026-12-10 00:30:00"  # wall time of the site
    assert [change.question.code for change in document.dimensions[3].changes] == ["D4-DEC"]
    assert "reviewed" in [row.finding.code for row in document.summary.findings]
    assert (
        build_document(SPEC, make_record(), evaluate(SPEC, make_record().inputs()), digest=DIGEST).review
        is None
    )


# --- From the rows ------------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(cast):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    return reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1, "D4-MES": 3})


def key_of(report):
    return report.job.input_hash


def test_an_answer_to_a_change_makes_another_report_and_no_other_numbers(cast, reviewed):
    first = request_report(actor=cast.owner, assessment=reviewed)
    assert request_report(actor=cast.owner, assessment=reviewed) == first
    reviewing.take_stance(reviewed, cast.owner, "D1-CTX", False, "The drill was held in December.")
    second = request_report(actor=cast.owner, assessment=reviewed)
    assert key_of(second) != key_of(first)
    assert second.snapshot == first.snapshot
    assert (stances_in(first), [row.text for row in stances_in(second)]) == (
        (),
        ["The drill was held in December."],
    )
    reviewing.take_stance(reviewed, cast.owner, "D4-MES", True)
    # What was asked for before is printed as it stood then, however late it is made.
    assert [row.question for row in stances_in(Report.objects.of(cast.organisation).get(pk=second.pk))] == [
        "D1-CTX"
    ]


def test_reports_before_and_after_the_review_have_their_names(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    before = request_report(actor=cast.owner, assessment=submitted)
    reviewed = reviewing.make_reviewed(submitted, cast.reviewer, {})
    after = request_report(actor=cast.reader, assessment=reviewed)
    assert key_of(before) != key_of(after)
    assert file_name(reviewed, before).endswith("revision 1.pdf")
    assert file_name(reviewed, after).endswith("revision 1 reviewed.pdf")
    page = sign_in(cast.viewer).get(f"/assessments/{reviewed.uuid}/reports/").content.decode()
    assert "Revision 1, submitted" in page
    assert "Revision 1, reviewed" in page


def test_a_reviewed_report_is_made_from_its_rows(cast, reviewed, settings, tmp_path):
    reviewing.take_stance(reviewed, cast.owner, "D1-CTX", False, "The drill was held in December.")
    report = request_report(actor=cast.owner, assessment=reviewed)
    kept = {}

    def work(job):
        kept.update(render_report(job))
        return kept

    run_job(report.job_id, work)
    assert Job.objects.of(cast.organisation).get(pk=report.job_id).state == "done"
    with default_storage.open(kept["file"]) as file:
        assert re.match(rb"%PDF-", file.read(5))
