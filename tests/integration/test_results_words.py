"""What pages and papers say of the digital plant, the plan and a review is true of them all together."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from random import Random

import pytest
from django.urls import reverse

from assessments.charts.planning import last_day, plant_rises
from assessments.charts.sums import index_figures
from assessments.engine.evaluate import evaluate
from assessments.engine.record import DpmmRecord, PlanRecord
from assessments.results import record_for, results_for
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from tests import builders, reviewing
from tests.printing import printed
from tests.records import answer_record, make_record, make_review, open_record

SPEC = builders.bami_spec()
TARGETS = {"D1": 3, "D3": 4, "D4": 3}
BRINGS = (
    "DPMM 3 brings the targets of Data foundation and Operational integration within reach,"
    " DPMM 4 that of Process portability."
)
STAYS = "and ends there: the target of Process portability stays out of reach."
RISES = "The digital plant reaches DPMM 3; its ceilings rise."
START = date(2027, 1, 11)


@pytest.fixture
def aiming(cast, assessment):
    """A draft at level 2 over a plant of level 2, with targets of which the plan brings all but one near."""
    return aim(assessment, cast.owner, level=2, plant=2, targets=TARGETS, start_on=START)


def aim(assessment, owner, *, level, plant, targets, use_cases=(), start_on=None):
    """Every answer at one level with E2, over a plant of a level, and what is aimed at."""
    builders.answer_all(assessment, owner, level, "E2")
    mine = reviewing.again(assessment, owner)
    state_dpmm(
        actor=owner, assessment=mine, source="assessed", level=plant, on=None, tool="", by="", base_version=0
    )
    set_targets(
        actor=owner, assessment=reviewing.again(assessment, owner), use_cases=list(use_cases),
        targets=targets, start_on=start_on, capacity=4, blackout_weeks=[], base_version=1,
    )  # fmt: skip
    return reviewing.again(assessment, owner)


def plain(page: str) -> str:
    """A page with single spaces, and texts as they are read."""
    return " ".join(unescape(page).split())


def pages(client, assessment, *names: str) -> dict[str, str]:
    found = {name: client.get(reverse(f"assessments:{name}", args=[assessment.uuid])) for name in names}
    return {name: plain(page.content.decode()) for name, page in found.items()}


def test_pages_and_papers_say_which_level_of_the_plant_brings_what_and_when_the_plan_gets_there(
    cast, aiming, sign_in
):
    found = results_for(aiming)
    rises = plant_rises(SPEC, found, record_for(aiming).answers)
    ((week, rise),) = rises.items()
    assert rise.dpmm == 3
    day = f"{last_day(START, week):%-d %B %Y}"
    plan = f"The plan reaches DPMM 3 at the end of week {week} ({day}) {STAYS}"
    shown = pages(sign_in(cast.owner), aiming, "results", "gaps", "roadmap")
    for name in ("results", "gaps"):
        assert f"{BRINGS} {plan}" in shown[name], name
        assert "before all" not in shown[name]
        assert "digital plant first" not in shown[name]
    turns = shown["roadmap"].partition('<ol class="turns">')[2].partition("</ol>")[0]
    assert re.search(rf"End of week {week}\b.*?{RISES}", turns, re.DOTALL)
    row = shown["roadmap"].partition(f'<tr data-week="{week}">')[2].partition("</tr>")[0]
    assert RISES in row
    assert shown["roadmap"].count(RISES) == 2
    for kind in ("full", "brief"):
        html, _ = printed(record_for(aiming), kind=kind)
        text = plain(html)
        assert f"{BRINGS} {plan}" in text, kind
        assert "before all" not in text
        assert "the questions that describe the plant</td>" not in text
    html, _ = printed(record_for(aiming))
    assert "not by the plan, which ends at DPMM 3" in plain(html)
    assert plain(html).count(RISES) == 1


def test_the_lead_has_the_next_level_and_the_chosen_uses_with_their_days(cast, assessment, sign_in):
    targets = dict.fromkeys(SPEC.dimension_by_code, 3)
    aimed = aim(assessment, cast.owner, level=1, plant=4, targets=targets, use_cases=["UC01"], start_on=START)
    submit_assessment(actor=cast.owner, assessment=aimed)
    submitted = reviewing.again(assessment, cast.owner)
    points = results_for(submitted).roadmap.projection
    up = next(row for row in points if row.level == 2)
    ready = next(row for row in points if row.verdicts.get("UC01") == "ready")
    days = [f"{last_day(START, row.week):%-d %B %Y}" for row in (up, ready)]
    said = (
        f"The plan reaches level 2 Defined at the end of week {up.week} ({days[0]});"
        f" the chosen AI use is ready by the end of week {ready.week} ({days[1]})."
    )
    client = sign_in(cast.owner)
    addresses = (
        reverse("assessments:results", args=[submitted.uuid]),
        reverse("assessments:revision", args=[submitted.uuid, 1, "submitted"]),
    )
    for address in addresses:
        lead = client.get(address).content.decode().partition('<p class="lead')[2].partition("</p>")[0]
        assert said in plain(lead), address
    for kind in ("full", "brief"):
        html, _ = printed(record_for(submitted), kind=kind)
        assert said in plain(html.partition('<p class="lead">')[2].partition("</p>")[0]), kind


@pytest.mark.parametrize("adds_up", [True, False])
def test_the_index_with_and_without_ceilings_adds_up_or_says_that_it_is_rounded(adds_up):
    for seed in range(300):
        drawn = Random(seed)  # any answers do
        answers = tuple(
            answer_record(code, drawn.randrange(6)) if drawn.random() < 0.8 else open_record(code)
            for code in SPEC.questions
        )
        record = make_record(answers=answers)
        found = evaluate(SPEC, record.inputs())
        shown = index_figures(found)
        if found.readings.claimed.held_back and shown.adds_up is adds_up:
            break
    text = plain(printed(record)[0])
    without = f"{shown.index} of 100, {shown.without} without them"
    end = "" if adds_up else ", each rounded by itself"
    assert f"The ceilings hold back {shown.held_back} points of the index: {without}{end}</h2>" in text
    strip = text.partition('<div class="strip">')[2].partition("AI uses")[0]
    assert f"{shown.held_back} held back by the digital plant; {shown.without} without ceilings" in strip
    assert ("each rounded by itself" in strip) is not adds_up


def reviewed_record():
    """Everything at level 3 with records, a plant that carries it; the review puts two answers lower."""
    answers = tuple(answer_record(code, 3, grade="E2") for code in SPEC.questions)
    return make_record(
        answers=answers,
        dpmm=DpmmRecord("assessed", 4, "", "", ""),
        use_cases=("UC01", "UC02"),
        targets={"D2": 4},
        plan=PlanRecord(START.isoformat(), 4, ()),
        submitted_at="2026-12-02T10:00:00+00:00",
        review=make_review({"D2-OWN": 1} | {row.code: 1 for row in SPEC.dimensions[0].questions[:4]}),
    )


def test_a_reviewed_report_says_where_the_review_parts_from_verdicts_gaps_and_plan():
    html, results = printed(reviewed_record())
    text = plain(html)
    assert results.readings.validated.dimensions["D1"].level == 1
    credible = sum(row.verdict in ("ready", "ready_bounded") for row in results.use_cases.values())
    assert credible and len(results.roadmap.waived) > 1
    assert f"By the claims, {credible} AI use" in text
    sections = dict(re.findall(r'<section class="[^"]*" id="(\w+)">(.*?)</section>', text, re.DOTALL))
    assert "The verdicts rest on the claims. Validated, “" in sections["uses"]
    assert "has “Data foundation” at 1 of" in sections["uses"]
    below = "The review puts 5 answers below their target, and the plan does not bring them there."
    assert f"The gaps rest on the claims. {below} Validated: D1-" in sections["gaps"]
    assert f"The plan rests on the claims. {below}" in sections["roadmap"]
    assert "1 action is taken as done by the claims, not by the review." in sections["roadmap"]
    done = sections["roadmap"].partition("Taken as done")[2].partition("</p>")[0]
    assert done.count("the review puts") == done.count("the review puts D2-OWN at 1 of 3") == 1
    assert below in sections["summary"].partition('<p class="lead">')[2].partition("</p>")[0]
    brief = plain(printed(reviewed_record(), kind="brief")[0])
    assert f"The plan rests on the claims. {below}" in brief
    assert "Where AI can go today, by the claims" in brief
    before = plain(printed(replace(reviewed_record(), review=None))[0])
    assert "rest on the claims" not in before
    assert "By the claims" not in before


def test_reviewed_pages_say_where_the_review_parts_from_verdicts_gaps_and_plan(cast, assessment, sign_in):
    aimed = aim(assessment, cast.owner, level=3, plant=4, targets={"D2": 4}, use_cases=["UC01", "UC02"])
    submit_assessment(actor=cast.owner, assessment=aimed)
    names = ("results", "use_cases", "gaps", "roadmap")
    client = sign_in(cast.owner)
    before = pages(client, reviewing.again(assessment, cast.owner), *names)
    assert not any("rest on the claims" in page or "By the claims" in page for page in before.values())
    levels = {"D2-OWN": 1} | {row.code: 1 for row in SPEC.dimensions[0].questions[:4]}
    reviewed = reviewing.make_reviewed(reviewing.again(assessment, cast.owner), cast.reviewer, levels)
    shown = pages(client, reviewed, *names)
    below = "The review puts 5 answers below their target, and the plan does not bring them there."
    for name in ("results", "use_cases"):
        assert re.search(r"By the claims, \d+ AI uses? can run", shown[name]), name
        assert "The verdicts rest on the claims. Validated, “" in shown[name], name
    for name in ("results", "gaps"):
        assert f"The gaps rest on the claims. {below} Validated: D1-" in shown[name], name
    for name in ("results", "roadmap"):
        assert f"The plan rests on the claims. {below}" in shown[name], name
    assert below in shown["results"].partition('<p class="lead')[2].partition("</p>")[0]
    done = shown["roadmap"].partition("Taken as done")[2]
    assert done.count("the review puts") == done.count("the review puts D2-OWN at 1 of 3") == 1
