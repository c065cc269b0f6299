"""Finishing a review: what it needs, and what stands afterwards."""

from __future__ import annotations

from assessments.engine.display import whole
from assessments.models import Review
from assessments.results import results_for
from records.models import Event
from tests import builders, reviewing
from tests.reviewing import STATEMENT, again, deeds_of, live, place


def test_finishing_needs_every_decision_and_a_statement(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    finish = place(submitted, "finish_review")
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    assert "49 answers to decide before you finish" in client.get(finish).content.decode()
    early = client.post(finish, {"revision": 1, "statement": STATEMENT})
    assert early.status_code == 422
    assert "49 answers are not decided yet." in early.content.decode()
    assert STATEMENT in early.content.decode()
    reviewing.accept_all(submitted, cast.reviewer)
    for statement, message in (
        ("too short", "Write the closing statement in at least ten characters."),
        ("x" * 4001, "At most 4,000 characters; this has 4001."),
        ("a null \x00 byte in it", "a null byte"),
    ):
        reply = client.post(finish, {"revision": 1, "statement": statement})
        assert reply.status_code == 422
        assert message in reply.content.decode()
        assert live(submitted).finished_at is None
    reply = client.post(finish, {"revision": 1, "statement": STATEMENT}, follow=True)
    assert "Tessaly Advisory changed 1 of 50 levels" in reply.content.decode()
    review = Review.objects.of(cast.organisation).get()
    assert (review.statement, review.finished_by) == (STATEMENT, cast.reviewer)
    found = again(submitted, cast.owner)
    assert (found.state, found.state_today, found.reviewed_at) == ("reviewed", "reviewed", review.finished_at)
    kinds = list(submitted.snapshots.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["submitted", "reviewed"]
    event = Event.objects.of(cast.organisation).latest("seq")
    assert (event.action, event.object_id) == ("review.finished", str(submitted.uuid))


def test_the_end_shows_what_the_decisions_make_of_the_result(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    for question in builders.bami_spec().dimensions[0].questions:
        reviewing.decide(submitted, cast.reviewer, question.code, 0)
    finish = place(submitted, "finish_review")
    page = client.get(finish)
    before = results_for(again(submitted, cast.owner)).readings
    assert "What your changes make of the result" in page.content.decode()
    first, *others = page.context["reading_rows"]
    assert (first.claimed, first.evidenced, first.validated) == (
        before.claimed.dimensions["D1"].level, before.evidenced.dimensions["D1"].level, 0,
    )  # fmt: skip
    assert [row.moves for row in (first, *others)] == [True, False, False, False, False]
    assert page.context["site_row"].validated == 0
    reviewing.ask(submitted, cast.reviewer, "D2-OWN")
    reviewing.accept_all(submitted, cast.reviewer)
    shown = client.get(finish).content.decode()
    assert "asked, no reply yet" in shown
    assert "what you have not decided counts as evidenced" in shown
    reviewing.decide(submitted, cast.reviewer, "D2-OWN")
    assert "Every answer is decided already." in client.get(place(submitted, "accept_rest")).content.decode()
    page = client.get(finish)
    assert "what you have not decided" not in page.content.decode()
    assert "has no reply; finishing closes it" in page.content.decode()
    indexes = page.context["indexes"]
    reviewing.finish(submitted, cast.reviewer)
    found = results_for(again(submitted, cast.owner)).readings
    assert [whole(reading.index) for reading in (found.claimed, found.evidenced, found.validated)] == indexes


def test_a_finished_review_takes_nothing_more(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    client = sign_in(cast.reviewer)
    for address, values, _ in deeds_of(submitted):
        reply = client.post(address, values)
        assert reply.status_code == 409, address
        assert "The review was finished while this page was open" in reply.content.decode()
    for page in (place(submitted, "review_question", "D1-CTX"), place(submitted, "finish_review")):
        assert client.get(page)["Location"] == place(submitted, "review")
    assert submitted.snapshots.count() == 2
