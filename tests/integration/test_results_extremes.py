"""Results of everything that is odd: pages open, make sense and say so."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.models import Answer
from assessments.services.settings import set_targets, state_dpmm
from frameworks.services import install_framework
from tests import builders, reviewing

PAGES = ("results", "gaps", "use_cases", "roadmap", "compare")
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


def test_everything_unknown(cast, assessment, sign_in):
    set_all(assessment, state="unknown", level=None)
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "Level 0 Absent" in texts["results"]
    assert "50 questions could not be answered" in texts["results"]
    assert "50 don’t know, counted as level 0" in texts["results"]


def test_everything_not_applicable(cast, assessment, sign_in):
    set_all(assessment, state="not_applicable", level=None, reason="There is none of it at this site.")
    texts = texts_of(sign_in(cast.owner), assessment)
    assert "No level: every question is not applicable" in texts["results"]
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
    texts = texts_of(sign_in(cast.owner), assessment)
    name = builders.bami_spec().dimensions[2].short_name
    assert f"{name} left out: not applicable" in texts["results"]
    assert f"{name} is left out: no question of it applies. It counts nowhere" in texts["results"]
    assert "Level 1 Isolated: Operational integration sets it" in texts["results"]


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
