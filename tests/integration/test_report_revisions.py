"""The control page says how the revision that is printed came about, and why it was opened again."""

from __future__ import annotations

import re
from html import unescape

import pytest

from assessments.services.submission import reopen_assessment, submit_assessment
from reports.models import Report
from reports.rendering import report_html
from reports.services import request_report
from tests import builders, reviewing
from tests.answering import statements
from tests.reviewing import again

REASON = "The new line runs since May.\nIts =answers & <evidence> are other ones."


@pytest.fixture
def submitted(cast):
    return builders.make_submitted(site=cast.site, owner=cast.owner)


def told(cast, report) -> list[str]:
    """The steps that the report prints, each as one text, made as the worker makes it."""
    kept = Report.objects.of(cast.organisation).select_related("snapshot").get(pk=report.pk)
    page = report_html(kept, again(report.assessment, cast.owner), asked_at="")
    cell = re.search(r'<th scope="row">Revisions</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    steps = re.findall(r"<p>(.*?)</p>", cell[1], re.DOTALL) if cell else []
    return [unescape(re.sub(r"<[^>]*>", "", text)) for text in steps]


def test_a_second_revision_says_why_it_is_one(cast, submitted):
    day = f"{cast.site.today():%-d %B %Y}"
    owner, reviewer = cast.owner.shown_name, cast.reviewer.shown_name
    first = request_report(actor=cast.owner, assessment=submitted)
    reviewed = reviewing.make_reviewed(submitted, cast.reviewer, {"D1-CTX": 1})
    second = request_report(actor=cast.owner, assessment=again(reviewed, cast.owner))
    reopen_assessment(actor=cast.owner, assessment=again(submitted, cast.owner), reason=REASON)
    draft = request_report(actor=cast.owner, assessment=again(submitted, cast.owner))
    submit_assessment(actor=cast.owner, assessment=again(submitted, cast.owner))
    last = request_report(actor=cast.owner, assessment=again(submitted, cast.owner))
    before = [
        f"Revision 1 submitted {day} by {owner}",
        f"Revision 1 reviewed {day} by {reviewer}",
        f"Revision 2 begun {day} by {owner}: {REASON}",
    ]
    assert [told(cast, report) for report in (first, second, draft, last)] == [
        [],
        [],
        before,
        [*before, f"Revision 2 submitted {day} by {owner}"],
    ]


def test_more_revisions_cost_a_report_no_more_statements(cast, submitted):
    def twice() -> int:
        reopen_assessment(actor=cast.owner, assessment=again(submitted, cast.owner), reason=REASON)
        submit_assessment(actor=cast.owner, assessment=again(submitted, cast.owner))
        report = request_report(actor=cast.owner, assessment=again(submitted, cast.owner))
        return statements(lambda: told(cast, report))

    few = twice()
    assert twice() == few
