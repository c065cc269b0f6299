"""Results of everything that is odd: pages open, make sense and say so."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
import yaml
from django.urls import reverse

from assessments.models import Answer
from assessments.services.settings import set_targets, state_dpmm
from assessments.services.submission import submit_assessment
from frameworks.document.checks import load_framework
from frameworks.services import install_framework
from records.jobs import run_job
from records.models.job import JobState
from reports.models import Report
from reports.rendering import render_report
from reports.services import request_report
from tests import builders, reviewing

PAGES = ("results", "gaps", "use_cases", "roadmap", "compare", "foundation")
FIGURES = ("ladder", "heat", "plant", "areas", "uses")


def set_all(assessment, **fields) -> None:
    """Every answer at once, as a save would leave it."""
    Answer.objects.of(assessment.organisation).filter(assessment=assessment).update(**fields)
    assessment.stamp += 1
    assessment.save(update_fields=["stamp"])


def texts_of(client, assessment) -> dict[str, str]:
    """The words of every page of results; each opens, and none says None or shows a template's leftovers."""
    found = {}
    for page in PAGES:
        reply = client.get(reverse(f"assessments:{page}", args=[assessment.uuid]))
        assert reply.status_code == 200, page
        main = reply.content.decode().partition("<main")[2].partition("</main>")[0]
        words = unescape(re.sub(r"<script.*?</script>|<[^>]*>", " ", main, flags=re.DOTALL))
        assert not re.search(r"\bNone\b|\{\{|\{%|%\(\w+\)|Fraction\(", words), (page, words)
        found[page] = re.sub(r"\s+", " ", words)
    for figure in FIGURES:
        assert client.get(reverse("reports:figure", args=[assessment.uuid, figure, "svg"])).status_code == 200
    return found


def test_nothing_answered(cast, assessment, sign_in):
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "No level yet: no question has a reply" in texts["results"]
    assert "No target yet" in texts["gaps"]
    assert "No AI use is chosen" in texts["roadmap"]


def test_a_submission_without_a_target_leads_to_reopening_not_to_choosing(cast, assessment, sign_in):
    set_all(assessment, state="level", level=2)
    submit_assessment(actor=cast.owner, assessment=reviewing.again(assessment, cast.owner))
    submitted = reviewing.again(assessment, cast.owner)
    for actor, may_reopen in ((cast.owner, True), (cast.viewer, False)):
        client = sign_in(actor)
        texts = texts_of(client, submitted)
        for page in ("gaps", "roadmap", "results"):
            assert "It was submitted without one" in texts[page], page
            assert "Choose the" not in texts[page].partition("No AI use is chosen")[2], page
        for page in ("gaps", "roadmap"):
            reply = client.get(reverse(f"assessments:{page}", args=[submitted.uuid])).content.decode()
            assert (reverse("assessments:reopen", args=[submitted.uuid]) in reply) is may_reopen


def aim_at(assessment, actor, *, use_cases=(), targets=None, base_version=0) -> None:
    set_targets(
        actor=actor, assessment=assessment, use_cases=list(use_cases), targets=targets or {}, start_on=None,
        capacity=4, blackout_weeks=[51], base_version=base_version,
    )  # fmt: skip


@pytest.mark.parametrize("start_on", [date(9999, 12, 1), date(1, 1, 1)])
def test_a_plan_that_starts_where_the_calendar_ends_or_begins(cast, assessment, sign_in, start_on):
    """No form takes such a start; one that is stored breaks no page, file or report."""
    set_all(assessment, state="level", level=1)
    aim_at(assessment, cast.owner, use_cases=["UC01", "UC11"])
    row = reviewing.again(assessment, cast.owner)
    row.plan_start_on = start_on
    row.stamp += 1
    row.save(update_fields=["plan_start_on", "stamp"])
    client = sign_in(cast.owner)
    for submitted in (False, True):
        if submitted:
            submit_assessment(actor=cast.owner, assessment=row)
        texts_of(client, row)
        for name in ("overview", "targets"):
            assert client.get(reverse(f"assessments:{name}", args=[row.uuid])).status_code == 200
        assert client.get(reverse("reports:plan_table", args=[row.uuid])).status_code == 200
        for figure in ("gantt", "projection"):
            for ending in ("svg", "csv"):
                page = reverse("reports:figure", args=[row.uuid, figure, ending])
                assert client.get(page).status_code == 200
    for kind in (Report.Kind.FULL, Report.Kind.WORKBOOK):
        report = request_report(actor=cast.owner, assessment=reviewing.again(row, cast.owner), kind=kind)
        run_job(report.job_id, render_report)
        report.job.refresh_from_db()
        assert (report.job.state, report.job.reason) == (JobState.DONE, "")


MET = ("Every answer stands at its target", "No action is needed", "no target is open")


def test_targets_before_anything_is_answered(cast, assessment, sign_in):
    aim_at(assessment, cast.owner, use_cases=["UC01", "UC11"])
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    unknown = "No gap is known: 50 questions have no reply yet"
    assert f"{unknown} Targets:" in texts["gaps"]
    assert "50 questions without a reply may hide gaps" in texts["gaps"]
    assert "No plan yet: 50 questions have no reply" in texts["roadmap"]
    assert not [words for words in MET if any(words in text for text in texts.values())]


def test_a_target_whose_questions_are_open_while_others_are_answered(cast, assessment, sign_in):
    spec = builders.bami_spec()
    open_count = len(spec.dimensions[0].questions)
    for code, dimension in spec.dimension_of.items():
        if dimension != "D1":
            builders.answer(assessment, cast.owner, code, 5, grade="E3")
    aim_at(assessment, cast.owner, targets={"D1": 3})
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    unknown = f"No gap is known: {open_count} questions have no reply yet"
    assert f"{unknown} All gaps Each of them may hide a gap." in texts["results"]
    assert f"Answer the {open_count} questions that have no reply" in texts["results"]
    assert "State the DPMM level of the site" in texts["results"]
    assert f"No plan yet: {open_count} questions have no reply" in texts["roadmap"]
    assert not [words for words in MET if any(words in text for text in texts.values())]


def test_targets_that_only_the_digital_plant_keeps_out_of_reach(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner, level=4)
    state_dpmm(
        actor=cast.owner, assessment=assessment, source="assessed", level=2, on=None, tool="", by="",
        base_version=0,
    )  # fmt: skip
    shown = reviewing.again(assessment, cast.owner)
    aim_at(shown, cast.owner, targets={"D1": 4}, base_version=shown.settings_version)
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    for page in ("results", "gaps", "roadmap"):
        assert "Raise the digital plant from DPMM 2 to" in texts[page], page
    assert "D1 Raise" not in texts["gaps"]
    assert not [words for words in MET if any(words in text for text in texts.values())]


def test_steps_that_no_action_covers(cast, sign_in):
    document = yaml.safe_load((builders.DATA / "tiny" / "tiny-1.0.yaml").read_text(encoding="utf-8"))
    spec = load_framework(yaml.safe_dump({**document, "actions": []}, sort_keys=False).encode())
    version = install_framework(spec)[0]
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, version=version)
    for code in spec.questions:
        builders.answer(assessment, cast.owner, code, 2, grade="E2")
    dimension = spec.dimensions[0]
    aim_at(assessment, cast.owner, targets={dimension.code: 3})
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    assert re.search(r"\b\d+ steps? ha(s|ve) no action", texts["roadmap"])
    assert not [words for words in MET if any(words in text for text in texts.values())]


def test_targets_that_are_met(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    aim_at(assessment, cast.owner, targets={"D1": 1})
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    assert "Every answer stands at its target" in texts["gaps"]
    assert "No action is needed for these targets" in texts["roadmap"]


def test_everything_unknown(cast, assessment, sign_in):
    set_all(assessment, state="unknown", level=None)
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "Level 0 Absent" in texts["results"]
    assert "50 of 50 replies are “don’t know”" in texts["results"]
    assert "50 don’t know, counted as level 0" in texts["results"]
    assert "10 of 10 replies are “don’t know”, which counts as level 0." in texts["results"]
    assert "carries every level" not in texts["results"]


def stand_at(assessment, actor, level: int) -> None:
    """State the DPMM level, as assessed."""
    state_dpmm(
        actor=actor, assessment=assessment, source="assessed", level=level, on=None, tool="", by="",
        base_version=0,
    )  # fmt: skip


def test_a_dimension_says_why_its_ceiling_is_there_and_asks_nothing_of_gates_at_0(cast, assessment, sign_in):
    builders.answer(assessment, cast.owner, "D1-CAP", 0)
    stand_at(assessment, cast.owner, 2)
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    assert "Why the ceiling is there: Automation islands" in texts["results"]
    assert "75 percent of the weight must stand at 1 or above. " in texts["results"]
    assert "There is no level to lower. The ceiling at DPMM 2 is" in texts["results"]


def test_where_points_are_held_back_nothing_is_said_to_carry_every_level(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner, 1, "E2")
    over = builders.bami_spec().dimensions[3].questions[0].code  # at DPMM 2 its ceiling is 1
    builders.answer(assessment, cast.owner, over, 5, grade="E3")
    stand_at(assessment, cast.owner, 2)
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    assert "carries every level" not in texts["results"]
    points = r"(\d points|1 point|less than one point) of the index"
    said = f"The digital plant lowers no level but holds back {points}. A score counts only up to its ceiling"
    assert re.search(said, texts["results"])


def test_everything_not_applicable(cast, assessment, sign_in):
    set_all(assessment, state="not_applicable", level=None, reason="There is none of it at this site.")
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "No level: every question is not applicable" in texts["results"]
    assert "that is claimed" not in texts["results"]
    assert "Not scored yet" in texts["results"]
    assert "No area is scored yet" in texts["results"]


def test_one_dimension_left_out(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    rows = Answer.objects.of(assessment.organisation).filter(assessment=assessment)
    rows.filter(question_code__startswith="D3-").update(
        state="not_applicable", level=None, reason="Nothing is moved anywhere else."
    )
    assessment.refresh_from_db()
    assessment.stamp += 1
    assessment.save()
    client = sign_in(cast.owner)
    texts = texts_of(client, assessment)
    name = builders.bami_spec().dimensions[2].short_name
    assert f"{name} left out: not applicable" in texts["results"]
    assert f"{name} is left out: no question of it applies. It counts nowhere" in texts["results"]
    assert "Level 1 Isolated: Operational integration sets it" in texts["results"]
    assert "1 of 4 dimensions claims more than the digital plant carries" in texts["results"]
    assert "of 5 dimensions" not in texts["results"]
    assert "no level yet" not in texts["results"]
    page = client.get(reverse("assessments:dimension", args=[assessment.uuid, "D3"])).content.decode()
    live = page.partition('id="live-dimension"')[2]
    assert "Left out: no question of it applies." in live
    assert "no level yet" not in live.lower()
    assert "answer a question first" not in live


def test_no_dpmm_level(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    rows = Answer.objects.of(assessment.organisation).filter(assessment=assessment)
    rows.filter(question_code="D1-CAP").update(state="unanswered", level=None)
    assessment.refresh_from_db()
    assessment.stamp += 1
    assessment.save()
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "No DPMM level is known" in texts["results"]
    assert "No ceiling applies" in texts["results"]


def test_every_use_and_ninety_three_actions_one_at_a_time(cast, assessment, sign_in):
    set_all(assessment, state="level", level=0, grade="E0")
    spec = builders.bami_spec()
    set_targets(
        actor=cast.owner, assessment=assessment, use_cases=[use.code for use in spec.use_cases],
        targets={dimension.code: 5 for dimension in spec.dimensions}, start_on=None, capacity=1,
        blackout_weeks=list(range(1, 60, 2)), base_version=0,
    )  # fmt: skip
    client, shown = sign_in(cast.owner), reviewing.again(assessment, cast.owner)
    texts = texts_of(client, shown)
    assert f"{len(spec.actions)} actions over" in texts["roadmap"]
    assert re.search(rf"Chosen AI uses ready at the end \d+ of {len(spec.use_cases)}\b", texts["roadmap"])
    assert "No single step would change a level or a verdict" in texts["results"]
    assert "the evidence of each answer" not in texts["results"]
    page = client.get(reverse("assessments:roadmap", args=[assessment.uuid])).content.decode()
    assert page.count("data-action=") == len(spec.actions) == 93
    assert client.get(reverse("reports:figure", args=[assessment.uuid, "gantt", "svg"])).status_code == 200


@pytest.mark.parametrize(
    "words", ["W" * 120, "مراجعة سجل الدفعة 批生产记录", "Plant 👩‍🔬 <b>two</b> {{ x }} %(n)s"]
)
def test_long_right_to_left_and_odd_names(cast, sign_in, words):
    site = builders.make_site(cast.organisation, name=words)
    assessment = builders.make_assessment(site=site, owner=cast.owner, title=words)
    builders.answer_all(assessment, cast.owner)
    client = sign_in(cast.owner)
    for page in PAGES:
        reply = client.get(reverse(f"assessments:{page}", args=[assessment.uuid]))
        assert reply.status_code == 200
        assert "<b>two</b>" not in reply.content.decode()
    sites = client.get(reverse("assessments:sites", args=[cast.organisation.uuid]))
    assert words in unescape(sites.content.decode())


def test_another_framework_with_other_names_weights_and_numbers(cast, sign_in):
    """Other codes, names, weights and numbers of questions: nothing on the pages is BAMI's own."""
    spec = builders.tiny_spec()
    version = install_framework(spec)[0]
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, version=version)
    for level, code in enumerate(spec.questions):
        builders.answer(assessment, cast.owner, code, level % 6, grade="E2")
    state_dpmm(
        actor=cast.owner, assessment=assessment, source="estimated", level=2, on=None, tool="", by="",
        base_version=0,
    )  # fmt: skip
    texts = texts_of(sign_in(cast.owner), reviewing.again(assessment, cast.owner))
    for dimension in spec.dimensions:
        assert dimension.short_name in texts["results"]
    questions = [row.title for row in builders.bami_spec().questions.values()]
    assert not any(title in texts["results"] for title in questions)
    assert len(spec.dpmm.proxies) != 5
    assert "five" not in texts["foundation"]


def test_needs_are_named_by_the_codes_of_the_framework(cast, sign_in):
    text = (builders.DATA / "tiny" / "tiny-1.0.yaml").read_text(encoding="utf-8")
    spec = load_framework(re.sub(r"\bD(?=[1-5])", "P", text).encode())
    version = install_framework(spec)[0]
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, version=version)
    page = sign_in(cast.owner).get(reverse("assessments:use_cases", args=[assessment.uuid])).content.decode()
    named = ["P1", "P2", "P3", "P4", "P5", "DPMM"]
    heads = re.findall(r'<th scope="col" class="need">(?:<abbr[^>]*>)?(\w+)', page)
    assert heads == named
    labels = re.findall(r'<td class="need" data-label="(\w+)"', page)
    assert labels == named * len(spec.use_cases)
