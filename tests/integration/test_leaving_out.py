"""Leaving a whole dimension out with one reason."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.urls import reverse

from assessments.forms.leaving_out import seen_in
from assessments.services.carrying import carry_answers
from assessments.services.submission import submit_assessment
from records.models import Event
from tests import builders
from tests.answering import row, save, statements

REASON = "This site makes no process of its own."
CODES = ["D3-KNW", "D3-RCP", "D3-EQP", "D3-SCL", "D3-TTP", "D3-MTR", "D3-ANA", "D3-CMP", "D3-CDM", "D3-LRN"]


def page(assessment, dimension: str = "D3") -> str:
    return reverse("assessments:leave_out", args=[assessment.uuid, dimension])


def body(assessment, **values) -> dict[str, str]:
    """What the page sends, opened just now."""
    shown = list(assessment.answers.filter(question_code__startswith="D3"))
    return {"reason": REASON, "seen": seen_in(shown), "op_id": str(uuid.uuid4()), **values}


def events(assessment) -> list[Event]:
    return list(Event.objects.of(assessment.organisation).filter(action="answer.recorded").order_by("seq"))


def test_one_reason_answers_every_question_each_with_its_event(cast, assessment, sign_in):
    client = sign_in(cast.respondent)
    save(client, assessment, "D3-KNW", reply="3", comment="Kept")
    done = client.post(page(assessment), body(assessment), follow=True)
    assert "10 questions of Process portability are not applicable now." in done.content.decode()
    answers = [row(assessment, code) for code in CODES]
    assert {(answer.state, answer.level, answer.reason) for answer in answers} == {
        ("not_applicable", None, REASON)
    }
    assert answers[0].comment == "Kept"
    assert {answer.updated_by for answer in answers} == {cast.respondent}
    kept = events(assessment)[1:]
    assert [event.object_id for event in kept] == [f"{assessment.uuid}/{code}" for code in CODES]
    assert kept[0].before_json == {"state": "level", "level": 3, "reason": ""}
    assessment.refresh_from_db()
    assert assessment.replied == 10


def test_what_was_carried_over_is_the_sites_own_then_and_waits_again_once_taken_back(
    cast, assessment, sign_in
):
    earlier = builders.make_submitted(site=cast.site, owner=cast.owner, version=assessment.version)
    carry_answers(actor=cast.owner, assessment=assessment, source=earlier, op_id=uuid.uuid4())
    client, old = sign_in(cast.respondent), row(earlier, "D3-KNW")
    client.post(page(assessment), body(assessment))
    of_dimension = assessment.answers.filter(question_code__in=CODES)
    assert not of_dimension.filter(carried_from__isnull=False).exists()
    taking_back = reverse("assessments:take_back", args=[assessment.uuid, "D3", "D3-KNW"])
    client.post(taking_back, {"op_id": str(uuid.uuid4())})
    stands = row(assessment, "D3-KNW")
    assert (stands.state, stands.level, stands.carried_from) == (old.state, old.level, old)
    assert [answer.question_code for answer in of_dimension.filter(carried_from__isnull=False)] == ["D3-KNW"]


def test_what_was_carried_over_with_the_same_reason_is_confirmed_by_it(cast, assessment, sign_in):
    earlier = builders.make_assessment(site=cast.site, owner=cast.owner, version=assessment.version)
    builders.answer_all(earlier, cast.owner)
    client = sign_in(cast.owner)
    client.post(page(earlier), body(earlier))
    submit_assessment(actor=cast.owner, assessment=earlier)
    carry_answers(actor=cast.owner, assessment=assessment, source=earlier, op_id=uuid.uuid4())
    sent = body(assessment)
    done = client.post(page(assessment), sent, follow=True).content.decode()
    assert "10 questions of Process portability are not applicable now." in done
    of_dimension = assessment.answers.filter(question_code__in=CODES)
    assert not of_dimension.filter(carried_from__isnull=False).exists()
    trail = Event.objects.of(assessment.organisation).filter(action="answer.confirmed").order_by("seq")
    assert [event.object_id for event in trail] == [f"{assessment.uuid}/{code}" for code in CODES]
    deeds = Event.objects.of(assessment.organisation).filter(action="dimension.left_out")
    assert deeds.filter(object_id=str(assessment.uuid)).get().after_json == {"dimension": "D3", "count": 10}
    again = "Process portability is left out with this reason already. Nothing was changed."
    for posted in (sent, body(assessment)):  # sent again, and asked once more
        assert again in client.post(page(assessment), posted, follow=True).content.decode()
    assert (trail.count(), deeds.filter(object_id=str(assessment.uuid)).count()) == (10, 1)


def test_the_page_says_what_is_replaced(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, "D3-KNW", reply="3")
    shown = client.get(page(assessment)).content.decode()
    assert "Does nothing of Process portability apply to this site?" in shown
    assert "1 answer is replaced; the history keeps it" in shown


def test_an_address_that_leaves_nothing_out_says_why(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    applies = client.get(page(assessment, "D1"), follow=True).content.decode()
    assert "it has questions that apply to every site" in applies
    submitted = builders.make_submitted(site=cast.site, owner=cast.owner, version=assessment.version)
    late = client.get(page(submitted), follow=True).content.decode()
    assert "The answers are submitted: no dimension can be left out now." in late
    assert "cannot be left out as a whole" not in late


def test_the_way_to_it_stands_where_every_question_allows_it(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for dimension, is_offered in (("D1", False), ("D3", True)):
        shown = client.get(reverse("assessments:dimension", args=[assessment.uuid, dimension]))
        assert (page(assessment, dimension) in shown.content.decode()) is is_offered
    assert client.get(page(assessment, "D1"))["Location"].endswith("/answers/D1/")
    refused = client.post(page(assessment, "D1"), body(assessment))
    assert refused.status_code == 422
    assert REASON in refused.content.decode()
    assert events(assessment) == []


@pytest.mark.parametrize("reason", ["", "too short", "x" * 4001, "null \x00 byte"])
def test_a_reason_that_is_none_is_given_back(cast, assessment, sign_in, reason):
    refused = sign_in(cast.owner).post(page(assessment), body(assessment, reason=reason))
    assert refused.status_code == 422
    if "\x00" not in reason:
        assert reason in refused.content.decode()
    assert events(assessment) == []


def test_what_was_changed_meanwhile_is_not_overwritten(cast, assessment, sign_in):
    opened = body(assessment)
    save(sign_in(cast.respondent), assessment, "D3-TTP", reply="4")
    client = sign_in(cast.owner)
    refused = client.post(page(assessment), opened)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Somebody changed an answer here meanwhile" in shown
    assert REASON in shown
    assert row(assessment, "D3-TTP").level == 4
    assert row(assessment, "D3-KNW").version == 0
    again = {name: refused.context[name] for name in ("seen", "op_id")}
    assert client.post(page(assessment), {**opened, **again}).status_code == 302
    assert row(assessment, "D3-TTP").state == "not_applicable"


def test_sent_twice_it_is_written_once(cast, assessment, sign_in):
    client, sent = sign_in(cast.owner), body(assessment)
    for _ in range(2):
        assert client.post(page(assessment), sent).status_code == 302
    assert len(events(assessment)) == 10


@pytest.mark.parametrize("seen", ["", "x", "D3-KNW:x", "D3-KNW:" + "9" * 30])
def test_without_what_was_seen_nothing_is_written(cast, assessment, sign_in, seen):
    refused = sign_in(cast.owner).post(page(assessment), body(assessment, seen=seen))
    assert refused.status_code in (409, 422)
    assert events(assessment) == []


def test_who_may_not_answer_leaves_nothing_out(cast, assessment, sign_in):
    for person, status in ((cast.viewer, 403), (cast.reader, 403), (cast.stranger, 404)):
        client = sign_in(person)
        assert client.get(page(assessment)).status_code == status
        assert client.post(page(assessment), body(assessment)).status_code == status
    assert events(assessment) == []


def test_a_submitted_assessment_stays(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner)
    sent = body(assessment)
    submit_assessment(actor=cast.owner, assessment=assessment)
    client = sign_in(cast.owner)
    assert client.post(page(assessment), sent).status_code == 409
    assert client.get(page(assessment)).status_code == 302
    assert row(assessment, "D3-KNW").level == 2


def test_the_statements_of_the_page_are_few(cast, assessment, sign_in):
    assert statements(partial(sign_in(cast.owner).get, page(assessment))) == 4
