"""Numbers of the results open to their why: counts to what they count, readings to the answers behind."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.urls import reverse

from assessments.services.submission import submit_assessment
from frameworks.document.shapes import QuestionSpec
from tests import builders, reviewing
from tests.printing import plain

WEAK = ("D1-CAP", "D1-CTX", "D1-INV")  # enough of ten to bring the level down


@pytest.fixture
def shown(cast, assessment):
    """A draft at level 3 with records, over a plant of level 2: three answers stand above their evidence, one
    of them in words alone, and one is not known."""
    builders.answer_all(assessment, cast.owner, 3, "E2")
    for code, grade in zip(WEAK, ("E1", "", "E1"), strict=True):
        builders.answer(assessment, cast.owner, code, 3, grade=grade)
    builders.answer(assessment, cast.owner, "D2-SUP", None)
    assessment.refresh_from_db()
    assessment.dpmm_source, assessment.dpmm_level = "assessed", 2
    assessment.stamp += 1
    assessment.save()
    return assessment


def results(assessment, **query: str) -> str:
    return reverse("assessments:results", args=[assessment.uuid], query=query or None)


def strip_of(page: str) -> str:
    return page.partition('<dl class="strip">')[2].partition('<details class="open made"')[0]


def listed(page: str, code: str) -> list[tuple[str, str, str, str]]:
    """Under why a dimension stands where it does: (level, address, question, words) of each answer that makes
    its readings differ."""
    why = page.partition(f'<details class="open" id="why-{code}"')[2].partition("</details>")[0]
    left = why.partition("</div>\n    <div>")[0]
    rows = re.findall(
        r'<li[^>]*><span class="lvl [^"]*">(\d)</span>\s*(?:<span>)?<a href="([^"]+)">(.*?)</a>(?:<br>)?'
        r'<span class="(?:ms-auto )?small muted[^"]*">(.*?)</span>',
        left,
        re.DOTALL,
    )
    return [(level, address, html.unescape(title), words) for level, address, title, words in rows]


def question(assessment, code: str) -> tuple[str, QuestionSpec]:
    spec = builders.bami_spec()
    dimension = spec.dimension_of[code]
    return reverse("assessments:question", args=[assessment.uuid, dimension, code]), spec.questions[code]


def in_order(codes: Iterable[str]) -> list[str]:
    """In the order of the document."""
    return [code for code in builders.bami_spec().questions if code in set(codes)]


def test_counts_lead_to_what_they_count(cast, shown, sign_in):
    client = sign_in(cast.viewer)
    strip = strip_of(client.get(results(shown)).content.decode())
    answers = reverse("assessments:answers", args=[shown.uuid])
    uses = reverse("assessments:use_cases", args=[shown.uuid])
    counts = dict(re.findall(r'data-number="verdicts\.(\w+)">(\d+)<', strip))
    there = [verdict for verdict, count in counts.items() if count != "0"]
    assert "0" in counts.values(), "nothing is listed of what there is none of"
    assert re.findall(r'href="([^"]+)"', strip) == [
        "#index-made",
        *(f"{uses}#uses-{verdict}" for verdict in there),
        f"{answers}?show=without-evidence",
        f"{answers}?show=unknown",
    ]
    assert "3 answers claim more than their evidence carries" in strip
    for state, codes in (("without-evidence", set(WEAK)), ("unknown", {"D2-SUP"})):
        page = client.get(answers, {"show": state}, follow=True)
        rows = [entry.question.code for part in page.context["contents"] for entry in part.rows]
        assert (len(rows), set(rows)) == (len(codes), codes)
    every = client.get(uses).content.decode()
    assert re.findall(r'<tbody id="uses-(\w+)">', every) == there
    for verdict in there:
        group = every.partition(f'<tbody id="uses-{verdict}">')[2].partition("</tbody>")[0]
        assert str(group.count("data-use=")) == counts[verdict]


def test_an_area_leads_to_the_questions_that_carry_it(cast, shown, sign_in):
    client, spec = sign_in(cast.viewer), builders.bami_spec()
    page = client.get(results(shown)).content.decode()
    rows = page.partition('<table class="data areas">')[2].partition("</table>")[0]
    addresses = [html.unescape(address) for address in re.findall(r'<th scope="row"><a href="([^"]+)"', rows)]
    answers = reverse("assessments:answers", args=[shown.uuid])
    assert addresses == [f"{answers}?area={area.code}" for area in spec.areas]
    for area, address in zip(spec.areas, addresses, strict=True):
        contents = client.get(address, follow=True).context["contents"]
        carrying = [entry.question.code for part in contents for entry in part.rows]
        assert carrying == [code for code, asked in spec.questions.items() if area.code in asked.areas]


def test_a_lower_evidenced_level_names_the_answers_that_lower_it(cast, shown, sign_in):
    page = sign_in(cast.owner).get(results(shown)).content.decode()
    expected = {"D1-CAP": "E1 carries 2", "D1-CTX": "E0 carries 1", "D1-INV": "E1 carries 2"}
    assert listed(page, "D1") == [
        ("3", address, asked.title, expected[code])
        for code in in_order(expected)
        for address, asked in [question(shown, code)]
    ]
    assert "Level 3 claimed, 2 evidenced: the evidence behind these answers" in plain(page)
    assert [listed(page, code) for code in ("D2", "D3", "D4", "D5")] == [[]] * 4


def test_one_answer_that_makes_readings_differ_is_said_as_one(cast, assessment, sign_in):
    spec = builders.bami_spec()
    gate = next(row.code for row in spec.dimensions[1].questions if row.gate)
    builders.answer_all(assessment, cast.owner, 3, "E2")
    builders.answer(assessment, cast.owner, gate, 3, grade="E0")
    page = sign_in(cast.owner).get(results(assessment)).content.decode()
    assert len(listed(page, "D2")) == 1
    text = plain(page)
    assert (
        "Level 3 claimed, 2 evidenced: the evidence behind this answer carries less than it claims." in text
    )
    assert "these answers carries less" not in text
    submit_assessment(actor=cast.owner, assessment=assessment)
    reviewing.make_reviewed(assessment, cast.reviewer, {gate: 0})
    text = plain(sign_in(cast.owner).get(results(assessment)).content.decode())
    assert "Level 2 evidenced, 1 validated: the review set the level of this answer." in text


def test_another_validated_level_names_the_levels_that_the_review_set(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    levels = {"D4-DEC": 1, "D4-MES": 0, "D4-HIS": 1, "D4-LIM": 4, "D1-CTX": 3}
    reviewed = reviewing.make_reviewed(submitted, cast.reviewer, levels)
    client = sign_in(cast.viewer)
    live = client.get(results(reviewed)).content.decode()
    lowered = {"D4-DEC": "1", "D4-MES": "0", "D4-HIS": "1"}
    asked = {code: question(reviewed, code) for code in in_order(lowered)}
    assert listed(live, "D4") == [
        (lowered[code], address, row.title, "2 evidenced.") for code, (address, row) in asked.items()
    ]
    assert plain(live).count(plain(reviewing.REASON)) == len(lowered)
    assert [listed(live, code) for code in ("D1", "D2", "D3", "D5")] == [[]] * 4

    def kept(kind: str) -> str:
        address = reverse("assessments:revision", args=[reviewed.uuid, 1, kind])
        return client.get(address).content.decode()

    assert listed(kept("reviewed"), "D4") == [
        (lowered[code], f"#a-{code}", row.title, "2 evidenced.") for code, (_, row) in asked.items()
    ]
    assert listed(kept("submitted"), "D4") == []


def test_a_long_reason_is_cut_and_stays_whole_where_its_question_leads(cast, sign_in):
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner)
    reason = "The night shift <b>is</b> not named. " * 40
    for code in ("D4-DEC", "D4-MES", "D4-HIS"):
        reviewing.decide(submitted, cast.reviewer, code, 1, reason=reason)
    reviewing.accept_all(submitted, cast.reviewer)
    reviewing.finish(submitted, cast.reviewer)
    client = sign_in(cast.owner)
    page = client.get(results(submitted)).content.decode()
    assert len(listed(page, "D4")) == 3
    assert html.escape(reason[:200]) in page
    assert html.escape(reason[:260]) not in page
    assert html.escape(reason.strip()) in client.get(question(submitted, "D4-DEC")[0]).content.decode()


def links_without_a_place(page: str) -> set[str]:
    return set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r'\bid="([^"]+)"', page))


@pytest.mark.parametrize("kind", ["live", "submitted", "reviewed", "sample"])
def test_the_same_parts_stand_on_each_page_and_lead_to_a_place_there(cast, shown, sign_in, kind):
    submit_assessment(actor=cast.owner, assessment=shown)
    reviewing.make_reviewed(shown, cast.reviewer, dict.fromkeys(WEAK, 1))
    addresses: dict[str, Any] = {
        "live": results(shown),
        "submitted": reverse("assessments:revision", args=[shown.uuid, 1, "submitted"]),
        "reviewed": reverse("assessments:revision", args=[shown.uuid, 1, "reviewed"]),
        "sample": reverse("sample_report"),
    }
    page = sign_in(cast.viewer).get(addresses[kind]).content.decode()
    assert links_without_a_place(page) == set()
    made = page.partition('<details class="open made" id="index-made">')[2].partition("</details>")[0]
    dimensions = builders.bami_spec().dimensions
    assert re.findall(r'<a href="#why-(\w+)">', made) == [dimension.code for dimension in dimensions]
    assert "100 · (" in made
    verdicts = re.findall(r'href="([^"#]*)#uses-\w+"', strip_of(page))
    there = {reverse("assessments:use_cases", args=[shown.uuid])} if kind == "live" else {""}
    assert set(verdicts) == there
