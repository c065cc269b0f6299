"""The history of one answer, and taking back one's own last change of it."""

from __future__ import annotations

import uuid
from functools import partial

import pytest

from assessments.services.submission import submit_assessment
from records.models import Event
from tests import builders
from tests.answering import SCRIPT, address, posted, row, save, statements

CODE = "D1-CTX"


def take_back(client, assessment, code: str = CODE, **values):
    """As the page sends it; gives the page that it leads to."""
    values = {"op_id": str(uuid.uuid4()), **values}
    return client.post(address(assessment, code, "take_back"), values, follow=True)


def changes(assessment) -> int:
    count: int = Event.objects.of(assessment.organisation).filter(action="answer.recorded").count()
    return count


# --- History ------------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_from_what_to_what(cast, assessment, sign_in):
    save(sign_in(cast.owner), assessment, CODE, reply="2", comment="At first")
    save(sign_in(cast.respondent), assessment, CODE, reply="3", grade="E1", flagged="on")
    page = sign_in(cast.viewer).get(address(assessment, CODE, "answer_history"))
    latest, first = page.context["changes"]
    assert latest.event.actor == cast.respondent
    assert latest.fields == (
        ("Answer", "2 Defined", "3 Controlled"),
        ("Evidence grade", "no evidence grade", "E1 Approved document"),
        ("Flag for later", "not flagged", "flagged"),
    )
    assert first.fields == (("Answer", "unanswered", "2 Defined"), ("Comment", "nothing", "At first"))
    assert "Batch context and time alignment: 2 changes" in page.content.decode()


def test_the_reason_for_not_applicable_is_in_the_history(cast, assessment, sign_in):
    reason = "We make no change of process here."
    save(sign_in(cast.owner), assessment, "D3-CDM", reply="not_applicable", reason=reason)
    page = sign_in(cast.viewer).get(address(assessment, "D3-CDM", "answer_history")).content.decode()
    assert f"not applicable: {reason}" in page


def test_of_two_answers_the_one_not_chosen_is_in_the_history(cast, assessment, sign_in):
    opened = row(assessment, CODE)
    save(sign_in(cast.respondent), assessment, CODE, reply="4")
    client = sign_in(cast.owner)
    refused = client.post(address(assessment, CODE), posted(opened, reply="2"))
    keep_theirs = dict(refused.context["conflict"]["ways"][0][1])
    client.post(
        address(assessment, CODE), {name: str(v) for name, v in keep_theirs.items() if v is not False}
    )
    page = client.get(address(assessment, CODE, "answer_history"))
    aside, recorded = page.context["changes"]
    assert (aside.is_set_aside, aside.event.actor) == (True, cast.owner)
    assert aside.fields == (("Answer", "", "2 Defined"),)
    assert recorded.fields == (("Answer", "unanswered", "4 Measured and networked"),)
    assert "This one was not chosen and is kept here" in page.content.decode()


def test_a_script_gets_the_latest_few(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for level in "0123450":
        save(client, assessment, CODE, reply=level)
    part = client.get(address(assessment, CODE, "answer_history"), headers=SCRIPT)
    assert len(part.context["changes"]) == 5
    assert b"<html" not in part.content


def test_a_long_history_comes_in_pages(cast, assessment, sign_in):
    for number in range(60):
        builders.answer(assessment, cast.owner, CODE, number % 6)
    client, page = sign_in(cast.owner), address(assessment, CODE, "answer_history")
    assert len(client.get(page).context["changes"]) == 50
    assert len(client.get(page + "?page=2").context["changes"]) == 10


def test_the_history_costs_the_same_whatever_its_length(cast, assessment, sign_in):
    client, page = sign_in(cast.viewer), address(assessment, CODE, "answer_history")
    counts = []
    for level in (1, 2, 3):
        builders.answer(assessment, cast.owner, CODE, level)
        counts.append(statements(partial(client.get, page)))
    assert counts == [5, 5, 5]


def test_history_and_taking_back_are_for_whom_they_concern(cast, assessment, sign_in):
    save(sign_in(cast.owner), assessment, CODE, reply="2")
    assert sign_in(cast.stranger).get(address(assessment, CODE, "answer_history")).status_code == 404
    assert take_back(sign_in(cast.stranger), assessment).status_code == 404
    assert take_back(sign_in(cast.viewer), assessment).status_code == 403
    assert sign_in(cast.owner).get(address(assessment, CODE, "take_back")).status_code == 405
    assert row(assessment, CODE).level == 2


def test_the_page_says_who_changed_it_and_how_long_ago(cast, assessment, sign_in):
    save(sign_in(cast.respondent), assessment, CODE, reply="2")
    page = sign_in(cast.owner).get(address(assessment, CODE, "question")).content.decode()
    assert "Changed by respondent@northmere.example" in page
    assert "just now" in page
    assert "Take back my last change" not in page
    mine = sign_in(cast.respondent).get(address(assessment, CODE, "question")).content.decode()
    assert "Changed by you" in mine
    assert "Take back my last change" in mine


# --- Taking back --------------------------------------------------------------------------------------------


def test_the_last_change_is_taken_back_and_comes_again(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2", comment="Before")
    save(client, assessment, CODE, reply="4", comment="After")
    page = take_back(client, assessment)
    assert "Your last change is taken back." in page.content.decode()
    answer = row(assessment, CODE)
    assert (answer.level, answer.comment, answer.version) == (2, "Before", 3)
    latest = client.get(address(assessment, CODE, "answer_history")).context["changes"][0]
    assert latest.is_taken_back
    assert latest.fields[0] == ("Answer", "4 Measured and networked", "2 Defined")
    take_back(client, assessment)
    assert (row(assessment, CODE).level, row(assessment, CODE).comment) == (4, "After")


def test_a_first_answer_taken_back_is_none(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2")
    take_back(client, assessment)
    assert (row(assessment, CODE).state, row(assessment, CODE).level) == ("unanswered", None)
    assessment.refresh_from_db()
    assert assessment.replied == 0


def test_what_others_changed_elsewhere_stays(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2")
    save(sign_in(cast.respondent), assessment, CODE, comment="Theirs")
    take_back(client, assessment)
    answer = row(assessment, CODE)
    assert (answer.state, answer.comment) == ("unanswered", "Theirs")


def test_what_others_changed_after_is_not_overwritten(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2", grade="E1")
    save(sign_in(cast.respondent), assessment, CODE, reply="5")
    page = take_back(client, assessment).content.decode()
    assert "Not taken back: respondent@northmere.example changed the same after you (Answer)." in page
    assert (row(assessment, CODE).level, row(assessment, CODE).grade) == (5, "E1")
    assert changes(assessment) == 2


def test_who_changed_nothing_takes_nothing_back(cast, assessment, sign_in):
    save(sign_in(cast.owner), assessment, CODE, reply="2")
    page = take_back(sign_in(cast.respondent), assessment).content.decode()
    assert "there is nothing to take back" in page
    assert row(assessment, CODE).level == 2


def test_a_form_sent_twice_takes_back_once(cast, assessment, sign_in):
    client, op = sign_in(cast.owner), str(uuid.uuid4())
    save(client, assessment, CODE, reply="2")
    save(client, assessment, CODE, reply="3")
    for _ in range(2):
        take_back(client, assessment, op_id=op)
    assert row(assessment, CODE).level == 2
    assert changes(assessment) == 3


@pytest.mark.parametrize("op", ["", "x"])
def test_without_an_operation_nothing_is_taken_back(cast, assessment, sign_in, op):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2")
    assert "Nothing was changed" in take_back(client, assessment, op_id=op).content.decode()
    assert row(assessment, CODE).level == 2


def test_a_submitted_answer_is_not_taken_back(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    submit_assessment(actor=cast.owner, assessment=assessment)
    page = take_back(sign_in(cast.owner), assessment).content.decode()
    assert "submitted meanwhile" in page
    assert row(assessment, CODE).level == 2


def test_taking_back_costs_little_more_than_a_save(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="2")
    values = {"op_id": str(uuid.uuid4())}
    assert statements(lambda: client.post(address(assessment, CODE, "take_back"), values)) <= 14
