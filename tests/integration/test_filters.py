"""Filters of answering: what they show, what they count, and where they lead."""

from __future__ import annotations

import html
import re
from functools import partial
from itertools import product

import pytest
from django.urls import reverse

from assessments.results import spec_of
from assessments.views import contents
from tests import builders
from tests.answering import SCRIPT, address, posted, posted_row, row, save, statements

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


def choose_part(client, assessment, **part):
    """As the form of a page sends it."""
    return client.post(reverse("assessments:show_part", args=[assessment.uuid]), part)


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
    assert "2 of 19 replied" in page
    first = address(answered, "D1-DIN", "question")  # the gate at hand is answered
    assert f'href="{first}?show=unanswered&amp;gates=yes#contents">Unanswered <span>17</span>' in page
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


def test_a_count_leads_to_the_first_question_that_it_shows(cast, answered, sign_in):
    """It stays where it shows the question at hand, or nothing; the next unanswered is shown as well."""
    client = sign_in(cast.owner)
    values = posted(row(answered, "D3-KNW"), reply="2", grade="E1")
    pages = (
        client.get(address(answered, "D3-KNW", "question") + "?show=without-evidence"),
        client.post(address(answered, "D3-KNW"), values, headers=SCRIPT),
    )
    first = address(answered, CODE, "question")
    for page in pages:
        text = page.content.decode()
        assert f'href="{first}?show=without-evidence#contents"' in text
        assert f'href="{address(answered, "D1-INV", "question")}?show=unknown#contents"' in text
        assert 'href="?show=contradicting#contents"' in text
    assert pages[0].context["next_unanswered"] is None
    here = client.get(address(answered, CODE, "question") + "?show=without-evidence").content.decode()
    assert 'href="?show=without-evidence#contents" aria-current="true"' in here
    assert 'href="?show=flagged#contents"' in here


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
    assert f"{replied} of {len(part)} replied" in page


def test_going_on_with_a_filter_opens_its_first_open_question(cast, answered, sign_in):
    client = sign_in(cast.owner)
    on = client.get(reverse("assessments:answers", args=[answered.uuid]) + "?gates=yes")
    gates = [code for code, asked in spec_of(answered).questions.items() if asked.gate]
    first = next(code for code in gates if code not in (CODE, "D1-CAP"))
    assert on["Location"] == address(answered, first, "question") + "?gates=yes"


def test_the_part_asked_for_is_remembered(cast, answered, sign_in):
    client, going_on = sign_in(cast.owner), reverse("assessments:answers", args=[answered.uuid])
    spec = spec_of(answered)
    kept = choose_part(client, answered, question="D3-KNW", role="qa", show="unanswered")
    assert kept["Location"] == address(answered, "D3-KNW", "question") + "?show=unanswered&role=qa"
    part = [code for code, asked in spec.questions.items() if "qa" in asked.roles]
    latest = next(code for code in ("D1-CAP", "D1-INV", CODE) if code in part)  # by the moment of the change
    for person in (client, sign_in(cast.owner)):
        assert person.get(going_on)["Location"] == address(answered, latest, "question") + "?role=qa"
    other = sign_in(cast.respondent).get(going_on)
    assert other["Location"] == address(answered, "D1-SEM", "question")
    assert client.get(f"{going_on}?gates=yes")["Location"].endswith("?gates=yes")
    in_rows = choose_part(client, answered, dimension="D2", gates="yes")
    assert in_rows["Location"] == whole(answered, "D2", "?gates=yes")
    assert client.get(going_on)["Location"] == address(answered, "D1-CAP", "question") + "?gates=yes"
    everything = choose_part(client, answered, question="D3-KNW", gates="yes", show="unknown", all="yes")
    assert everything["Location"] == address(answered, "D3-KNW", "question")
    assert client.get(going_on)["Location"] == address(answered, "D1-CAP", "question")


def test_a_part_that_meets_no_question_here_is_all_of_them(cast, answered, sign_in):
    client, going_on = sign_in(cast.owner), reverse("assessments:answers", args=[answered.uuid])
    spec = spec_of(answered)
    role, area = next(
        (role.code, area.code)
        for role, area in product(spec.roles, spec.areas)
        if not any(role.code in asked.roles and area.code in asked.areas for asked in spec.questions.values())
    )
    for part in ({"role": role, "area": area}, {"role": "of another framework"}):
        choose_part(client, answered, question=CODE, **part)
        assert client.get(going_on)["Location"] == address(answered, "D1-CAP", "question")


def test_pages_send_the_part_and_all_of_it(cast, answered, sign_in):
    client = sign_in(cast.viewer)
    target = reverse("assessments:show_part", args=[answered.uuid])
    for place, page, anchor in (
        ("question", address(answered, CODE, "question"), "#contents"),
        ("dimension", whole(answered, "D1", ""), ""),
    ):
        shown = client.get(f"{page}?role=qa&show=unknown").content.decode()
        code = {"question": CODE, "dimension": "D1"}[place]
        form = shown.partition(f'<form id="part-form" method="post" action="{target}{anchor}">')[2]
        assert f'<input type="hidden" name="{place}" value="{code}">' in form.partition("</form>")[0]
        button = f'form="part-form" formaction="{target}" name="all" value="yes">Show all questions</button>'
        assert button in shown
    empty = client.get(whole(answered, "D2", "?show=unknown")).content.decode()
    assert 'form="part-form" name="all" value="yes">Show all questions</button>' in empty


LINK = re.compile(r'href="([^"]*/answers/[^"]*)"')


def ways_on(page, assessment) -> set[str]:
    """The links of a page that lead to or beside the questions, but for the tab."""
    tab = reverse("assessments:answers", args=[assessment.uuid])
    return {html.unescape(link) for link in LINK.findall(page.content.decode())} - {tab}


def test_no_link_beside_the_questions_drops_the_filter(cast, answered, sign_in):
    builders.answer(answered, cast.owner, CODE, 1)
    builders.answer(answered, cast.owner, "D2-MON", 3)  # contradicts the first
    client, query = sign_in(cast.owner), "gates=yes"
    of_question = [address(answered, CODE, name) for name in ("question", "answer_history", "unclear")]
    dimensions = [whole(answered, dimension, "") for dimension in ("D1", "D3")]
    leaving_out = reverse("assessments:leave_out", args=[answered.uuid, "D3"])
    beside = [reverse(f"assessments:{name}", args=[answered.uuid]) for name in ("rules", "find")]
    for page in (*of_question, *dimensions, leaving_out, *beside):
        links = ways_on(client.get(f"{page}?{query}&q=clock"), answered)
        assert links
        assert [link for link in links if query not in link] == [], page
    values = posted(row(answered, CODE), reply="2") | {"within": f"?{query}"}
    saved = client.post(address(answered, CODE), values, headers=SCRIPT)
    in_rows = posted_row(row(answered, CODE), reply="1") | {"within": f"?{query}"}
    saved_row = client.post(address(answered, CODE), in_rows, headers=SCRIPT)
    for fragment in (saved, saved_row):
        links = ways_on(fragment, answered)
        assert links
        assert [link for link in links if query not in link] == []


def test_from_beside_the_questions_the_way_back_is_the_one_that_was_read(cast, answered, sign_in):
    client = sign_in(cast.owner)
    rules, find = (reverse(f"assessments:{name}", args=[answered.uuid]) for name in ("rules", "find"))
    for page, named, beside in (
        (address(answered, "D3-KNW", "question"), "?question=D3-KNW&gates=yes", [rules]),
        (whole(answered, "D3", ""), "?dimension=D3&gates=yes", [rules, find]),
    ):
        read = f"{page}?gates=yes"
        assert {link + named for link in beside} <= ways_on(client.get(read), answered)
        for link in (rules, find):
            back = client.get(link + named).content.decode()
            assert f'href="{read}">Back to the questions</a>' in back
    searched = client.get(address(answered, "D3-KNW", "question") + "?gates=yes").content.decode()
    form = searched.partition('role="search"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="question" value="D3-KNW">' in form
    assert '<input type="hidden" name="gates" value="yes">' in form
    nowhere = reverse("assessments:answers", args=[answered.uuid])
    for asked in ("", "?question=D9-NIL", "?dimension=D9"):
        back = client.get(reverse("assessments:rules", args=[answered.uuid]) + asked).content.decode()
        assert f'href="{nowhere}">Back to the questions</a>' in back


def test_deeds_beside_the_questions_lead_back_into_the_filter(cast, answered, sign_in):
    client = sign_in(cast.owner)
    noted = client.post(address(answered, CODE, "unclear") + "?role=msat", {"text": "Which phase?"})
    assert noted["Location"] == address(answered, CODE, "question") + "?role=msat"
    leaving_out = reverse("assessments:leave_out", args=[answered.uuid, "D3"]) + "?role=msat"
    opened = client.get(leaving_out).context
    sent = {"reason": "None of it is made here.", "seen": opened["seen"], "op_id": str(opened["op_id"])}
    assert client.post(leaving_out, sent)["Location"] == whole(answered, "D3", "?role=msat")
    history = client.get(address(answered, CODE, "answer_history") + "?role=msat").content.decode()
    assert '<input type="hidden" name="within" value="?role=msat">' in history


def test_one_question_at_a_time_opens_one_that_is_shown(cast, answered, sign_in):
    client = sign_in(cast.owner)
    for query, code in (("?show=flagged", CODE), ("?gates=yes", "D1-CAP"), ("?show=contradicting", "D1-SEM")):
        page = client.get(whole(answered, "D1", query)).content.decode()
        form = page.partition('<form id="prefer"')[2].partition("</form>")[0]
        assert f'name="question" value="{code}"' in form


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


def test_the_page_of_a_dimension_counts_its_own_questions(cast, answered, sign_in):
    client = sign_in(cast.owner)
    page = client.get(whole(answered, "D2", "")).content.decode()
    asked = len(spec_of(answered).dimension_by_code["D2"].questions)
    assert f">All {asked}</a>" in page
    assert f"Unanswered <span>{asked}</span>" in page
    values = posted_row(row(answered, "D2-OWN"), reply="2")
    saved = client.post(address(answered, "D2-OWN"), values, headers=SCRIPT).content.decode()
    assert f"Unanswered <span>{asked - 1}</span>" in saved
    beside = client.get(address(answered, "D2-OWN", "question")).content.decode()
    assert f">All {len(spec_of(answered).questions)}</a>" in beside


def test_every_filter_takes_the_same_number_of_statements(cast, answered, sign_in):
    client = sign_in(cast.owner)
    queries = ("", "?show=contradicting", "?show=unanswered&gates=yes&role=qa&area=data")
    pages = [address(answered, CODE, "question") + query for query in queries]
    pages += [whole(answered, "D1", query) for query in queries]
    assert {statements(partial(client.get, page)) for page in pages} == {5}


def test_of_very_many_questions_the_contents_list_the_dimension_at_hand(
    cast, assessment, sign_in, monkeypatch
):
    monkeypatch.setattr(contents, "LISTED_MOST", 49)
    client = sign_in(cast.owner)
    page = client.get(address(assessment, CODE, "question"))
    listed = page.text.partition('id="contents"')[2].partition("</nav>")[0]
    other, own = (whole(assessment, dimension, "") for dimension in ("D2", "D1"))
    assert f'<a href="{other}">Open its 10 questions</a>' in listed
    assert (f'href="{own}D1-INV/"' in listed, f'href="{other}D2-' in listed) == (True, False)
    filtered = client.get(address(assessment, CODE, "question") + "?show=unanswered")
    assert f'href="{other}D2-' in filtered.text
