"""Filters of answering: what they show, what they count, and where they lead."""

from __future__ import annotations

from functools import partial

import pytest
from django.urls import reverse

from assessments.results import spec_of
from tests import builders
from tests.answering import SCRIPT, address, posted, row, save, statements

CODE = "D1-CTX"


@pytest.fixture
def answered(cast, assessment):
    """Three answers: one flagged and above its evidence, one unknown, one at a gate with enough evidence."""
    builders.answer(assessment, cast.owner, CODE, 3, grade="E0", flagged=True)
    builders.answer(assessment, cast.owner, "D1-INV", None)
    builders.answer(assessment, cast.owner, "D1-CAP", 4, grade="E2")
    return assessment


def whole(assessment, dimension: str, query: str) -> str:
    return reverse("assessments:dimension", args=[assessment.uuid, dimension]) + query


def shown(page) -> list[str]:
    """The questions that the contents of a page list."""
    return [entry.question.code for part in page.context["contents"] for entry in part.rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?show=unanswered", 47),
        ("?show=flagged", 1),
        ("?gates=yes", 19),
        ("?show=unknown", 1),
        ("?show=without-evidence", 1),
        ("?show=contradicting", 0),
        ("?show=nonsense&role=nobody&area=nowhere&gates=perhaps", 50),
        ("?gates=yes&show=unanswered", 17),
    ],
)
def test_the_contents_can_be_filtered(cast, answered, sign_in, query, found):
    client = sign_in(cast.owner)
    assert len(shown(client.get(address(answered, CODE, "question") + query))) == found
    page = client.get(whole(answered, "D1", query))
    listed = [entry.question.code for entry in page.context["rows"]]
    assert listed == [code for code in shown(page) if code.startswith("D1")]


def test_role_and_gap_area_are_those_of_the_content(cast, answered, sign_in):
    client, spec = sign_in(cast.viewer), spec_of(answered)
    for name, value in (("role", "qa"), ("area", "partnerships")):
        page = client.get(address(answered, CODE, "question") + f"?{name}={value}")
        having = {"role": "roles", "area": "areas"}[name]
        wanted = [code for code, asked in spec.questions.items() if value in getattr(asked, having)]
        assert shown(page) == wanted
        assert 0 < len(wanted) < 50


def test_a_part_has_its_own_progress_and_keeps_its_counts(cast, answered, sign_in):
    page = sign_in(cast.owner).get(address(answered, CODE, "question") + "?gates=yes").content.decode()
    assert "Gates first" in page
    assert "2 of 19 answered" in page
    assert 'href="?show=unanswered&amp;gates=yes">Unanswered <span>17</span>' in page
    assert '<span class="nowrap">7 unanswered</span>, <span class="nowrap">1 don’t know</span>' in page


def test_the_way_on_and_back_stays_within_the_filter(cast, answered, sign_in):
    spec = spec_of(answered)
    gates = [code for code, asked in spec.questions.items() if asked.gate]
    client = sign_in(cast.owner)
    for place, code in enumerate(gates):
        page = client.get(address(answered, code, "question") + "?gates=yes")
        before, after = page.context["previous"], page.context["next"]
        assert (before and before.question.code) == (gates[place - 1] if place else None)
        assert (after and after.question.code) == (gates[place + 1] if place + 1 < len(gates) else None)
        assert page.context["next_unanswered"].question.gate
        if after:
            assert address(answered, after.question.code, "question") + "?gates=yes" in page.content.decode()


def test_a_question_that_the_filter_hides_still_leads_into_it(cast, answered, sign_in):
    page = sign_in(cast.owner).get(address(answered, "D3-KNW", "question") + "?show=unknown")
    assert page.context["previous"].question.code == "D1-INV"
    assert page.context["next"] is None


def test_dimensions_without_a_question_shown_are_passed_over(cast, answered, sign_in):
    builders.answer(answered, cast.owner, "D4-HIS", None)
    page = sign_in(cast.owner).get(whole(answered, "D1", "?show=unknown"))
    assert (page.context["previous"], page.context["next"].code) == (None, "D4")


def test_without_a_script_a_save_keeps_the_filter(cast, answered, sign_in):
    client = sign_in(cast.owner)
    on = save(client, answered, "D1-CAP", script=False, reply="2", then="next", within="?gates=yes")
    assert on["Location"] == address(answered, CODE, "question") + "?gates=yes"
    back = save(client, answered, "D1-CAP", script=False, reply="3", within="?role=qa")
    assert back["Location"] == address(answered, "D1-CAP", "question") + "?role=qa"


def test_with_a_script_a_save_gives_the_progress_of_the_part(cast, answered, sign_in):
    values = posted(row(answered, "D2-OWN"), reply="2") | {"within": "?role=qa"}
    page = sign_in(cast.owner).post(address(answered, "D2-OWN"), values, headers=SCRIPT).content.decode()
    part = [asked for asked in spec_of(answered).questions.values() if "qa" in asked.roles]
    replied = sum(asked.code in (CODE, "D1-INV", "D1-CAP", "D2-OWN") for asked in part)
    assert "Quality assurance:" in page
    assert f"{replied} of {len(part)} answered" in page


def test_going_on_with_a_filter_opens_its_first_open_question(cast, answered, sign_in):
    client = sign_in(cast.owner)
    on = client.get(reverse("assessments:answers", args=[answered.uuid]) + "?gates=yes")
    gates = [code for code, asked in spec_of(answered).questions.items() if asked.gate]
    first = next(code for code in gates if code not in (CODE, "D1-CAP"))
    assert on["Location"] == address(answered, first, "question") + "?gates=yes"


def test_a_whole_dimension_leads_to_the_next_unanswered_of_the_part(cast, answered, sign_in):
    client = sign_in(cast.owner)
    first = client.get(whole(answered, "D1", "")).context["next_unanswered"]
    assert first.question.code == "D1-SEM"
    builders.answer(answered, cast.owner, "D1-DIN", 2)  # the last gate of D1 that was open
    page = client.get(whole(answered, "D1", "?gates=yes"))
    assert page.context["next_unanswered"].question.code == "D2-OWN"
    assert "/answers/D2/?gates=yes#q-D2-OWN" in page.content.decode()
    builders.answer_all(answered, cast.owner)
    assert client.get(whole(answered, "D5", "")).context["next_unanswered"] is None


def test_contradictions_are_counted_found_and_said_on_the_question(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    builders.answer(assessment, cast.owner, "D1-CTX", 1)
    values = posted(row(assessment, "D2-MON"), reply="3")
    saved = client.post(address(assessment, "D2-MON"), values, headers=SCRIPT).content.decode()
    words = "Monitoring cannot be trusted without aligned context."
    assert words in saved
    assert "Contradicting <span>2</span>" in saved
    page = client.get(address(assessment, "D1-CTX", "question") + "?show=contradicting")
    assert shown(page) == ["D1-CTX", "D2-MON"]
    assert words in page.content.decode()
    assert "(3 Controlled)" in page.content.decode()
    mended = client.post(
        address(assessment, "D1-CTX"), posted(row(assessment, "D1-CTX"), reply="2"), headers=SCRIPT
    ).content.decode()
    assert words not in mended
    assert '<div class="against" id="against"></div>' in mended


def test_every_filter_takes_the_same_number_of_statements(cast, answered, sign_in):
    client = sign_in(cast.owner)
    queries = ("", "?show=contradicting", "?show=unanswered&gates=yes&role=qa&area=data")
    pages = [address(answered, CODE, "question") + query for query in queries]
    pages += [whole(answered, "D1", query) for query in queries]
    assert {statements(partial(client.get, page)) for page in pages} == {4}
