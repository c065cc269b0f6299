"""Reviewing: who may, one answer at a time, asking the site, two reviewers; what is refused loses nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments.models import Assessment, Decision, Inquiry, Review
from assessments.services.reviews import DecisionConflict, Ruling, record_decision
from assessments.services.submission import submit_assessment
from records.models import Event
from tests import builders, reviewing
from tests.reviewing import (
    ACCEPT,
    OPTIONAL,
    POINTER,
    REASON,
    SET,
    again,
    decisions,
    deeds_of,
    live,
    place,
    posted,
)

# --- Who may --------------------------------------------------------------------------------------------

ALLOWED = {"reviewer"}
NOT_FOUND = {"stranger", "unengaged", "unnamed", "ended", "editor", "programme_admin"}


def test_only_named_reviewers_review(cast, submitted, sign_in):
    for name, person in cast.everybody().items():
        if name in ALLOWED:
            continue
        client = sign_in(person)
        expected = 404 if name in NOT_FOUND else 403
        for address, values, _ in deeds_of(submitted):
            assert client.post(address, values).status_code == expected, (name, address)
        for page in (place(submitted, "review_question", "D1-CTX"), place(submitted, "finish_review")):
            assert client.get(page).status_code == expected, (name, page)
        assert client.get(place(submitted, "review")).status_code == (404 if expected == 404 else 200)
    assert not Review.objects.of(cast.organisation).exists()
    client = sign_in(cast.reviewer)
    for address, values, status in deeds_of(submitted):
        assert client.post(address, values).status_code == status
    assert again(submitted, cast.owner).is_reviewed


def test_who_is_not_signed_in_is_asked_to_and_keeps_the_words(submitted, client):
    reply = client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, **SET))
    assert reply.status_code == 401
    assert REASON in reply.content.decode()
    assert "Revision" not in reply.content.decode()


def test_wrong_methods_are_refused(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    assert client.get(place(submitted, "decide", "D1-CTX")).status_code == 405
    for address in (place(submitted, "review"), place(submitted, "review_question", "D1-CTX")):
        assert client.post(address).status_code == 405
    assert client.get(place(submitted, "review_question", "D9-NIL")).status_code == 404
    assert client.post(place(submitted, "decide", "D9-NIL"), posted(submitted, **ACCEPT)).status_code == 404


# --- One answer at a time -------------------------------------------------------------------------------


def test_the_first_decision_begins_the_review_and_shows_its_author(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    page = client.get(place(submitted, "review")).content.decode()
    assert "50 answers to review" in page
    assert "Your first decision begins the review" in page
    assert again(submitted, cast.owner).state_today == "submitted"
    reply = client.post(place(submitted, "decide", "D1-INV"), posted(submitted, **SET))
    assert reply["Location"] == place(submitted, "review_question", "D1-CAP") + "?show=all"
    row = decisions(submitted)["D1-INV"]
    assert (row.kind, row.level, row.reason, row.pointer) == ("set", 1, REASON, POINTER)
    assert (row.author, row.version) == (cast.reviewer, 1)
    assert again(submitted, cast.owner).state_today == "in_review"
    page = client.get(place(submitted, "review_question", "D1-INV")).content.decode()
    assert f"Decided by {cast.reviewer.shown_name}" in page
    shown = client.get(place(submitted, "review")).content.decode()
    assert "49 of 50 answers are left to decide" in shown
    assert "waiting for a reply" not in shown
    started, decided = Event.objects.of(cast.organisation).order_by("-seq")[:2][::-1]
    assert (started.action, started.after_json["consultancy"]) == ("review.started", "Tessaly Advisory")
    assert (decided.action, decided.actor, decided.reason_text) == (
        "decision.recorded",
        cast.reviewer,
        REASON,
    )
    assert decided.reason_code == "score override"
    client.post(place(submitted, "decide", "D1-CAP"), posted(submitted, decision="ask", text="Which lines?"))
    shown = client.get(place(submitted, "review")).content.decode()
    assert "Of those left: 48 waiting for you, 1 waiting for a reply of the site." in shown
    assert "Of 49 left to decide, 48 can be accepted as evidenced" in shown
    assert "The other one, about which you asked the site, is decided by itself." in shown
    assert decided.after_json == {"kind": "set", "level": 1, "reason": REASON, "pointer": POINTER}


def test_the_page_shows_what_the_site_says_and_what_each_level_would_do(cast, sign_in):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    builders.answer(
        assessment, cast.respondent, "D1-CTX", 4, grade="E1", comment="By <hand>.", evidence_note="SOP 7"
    )
    submit_assessment(actor=cast.owner, assessment=assessment)
    reviewing.decide(assessment, cast.reviewer, "D1-INV", 5)
    page = sign_in(cast.reviewer).get(place(assessment, "review_question", "D1-CTX"))
    shown = page.content.decode()
    assert "By &lt;hand&gt;." in shown
    assert "SOP 7" in shown
    assert f"by {cast.respondent.shown_name}" in shown
    assert [row["level"] for row in page.context["effects"]] == [0, 1, 2, 3, 4, 5]
    assert [row["level"] for row in page.context["effects"] if row["stands"]] == [2]
    for pin in ("Site claims", "Evidenced", "its evidence grade E1 carries", "high claim"):
        assert pin in shown


def test_a_decision_may_be_changed_by_any_of_its_reviewers_until_the_end(cast, submitted, second, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    client = sign_in(second)
    assert (
        client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, 1, **ACCEPT)).status_code == 302
    )
    row = decisions(submitted)["D1-CTX"]
    assert (row.kind, row.level, row.reason, row.author, row.version) == ("accepted", None, "", second, 2)
    event = Event.objects.of(cast.organisation).filter(action="decision.recorded").latest("seq")
    assert event.before_json == {"kind": "set", "level": 1, "reason": REASON, "pointer": POINTER}


def test_the_same_decision_sent_twice_is_one(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    for _ in range(3):
        assert client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, **SET)).status_code == 302
    assert decisions(submitted)["D1-CTX"].version == 1
    assert Event.objects.of(cast.organisation).filter(action="decision.recorded").count() == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Choose what you decide."),
        ({"decision": "perhaps"}, "Choose what you decide."),
        (SET | {"level": ""}, "Choose the level that you set, from 0 to 5."),
        (SET | {"level": "6"}, "Choose a level from 0 to 5."),
        (SET | {"level": "-1"}, "Choose a level from 0 to 5."),
        (SET | {"level": "two"}, "Choose a level from 0 to 5."),
        (SET | {"reason": "Too short"}, "Give the reason in at least ten characters."),
        (SET | {"reason": " " * 40}, "Give the reason in at least ten characters."),
        (SET | {"pointer": " "}, "Say where in the evidence this can be seen."),
        (SET | {"reason": "x" * 4001}, "At most 4,000 characters; this has 4001."),
        (SET | {"pointer": "x" * 4001}, "At most 4,000 characters; this has 4001."),
        (SET | {"reason": "null \x00 byte, and more"}, "cannot be kept (a null byte)"),
        ({"decision": "ask", "text": " "}, "Write what you want to know from the site."),
        ({"decision": "ask", "text": "x" * 4001}, "At most 4,000 characters; this has 4001."),
        (ACCEPT | {"revision": ""}, "This field is required."),
        (ACCEPT | {"base_version": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_all_words_stay(cast, submitted, sign_in, fields, message):
    values = posted(submitted, **(dict.fromkeys(("text", "pointer"), "Kept words") | fields))
    reply = sign_in(cast.reviewer).post(place(submitted, "decide", "D1-CTX"), values)
    assert reply.status_code == 422
    shown = reply.content.decode()
    assert message in shown.replace("&#x27;", "’")
    assert "data-error-summary" in shown
    for name in ("text", "pointer", "reason"):
        assert values.get(name, "").replace("\x00", "�") in shown or "\x00" in values.get(name, "")
    assert not Review.objects.of(cast.organisation).exists()


def test_what_does_not_apply_can_only_be_accepted(cast, sign_in):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    row = assessment.answers.get(question_code=OPTIONAL)
    assessment.answers.filter(pk=row.pk).update(
        state="not_applicable", level=None, grade="", reason="Nothing of this kind is made here."
    )
    submit_assessment(actor=cast.owner, assessment=assessment)
    client = sign_in(cast.reviewer)
    page = client.get(place(assessment, "review_question", OPTIONAL)).content.decode()
    assert "Nothing of this kind is made here." in page
    assert 'value="set"' not in page
    assert 'name="level"' not in page
    refused = client.post(place(assessment, "decide", OPTIONAL), posted(assessment, **SET))
    assert refused.status_code == 422
    assert "that can only be accepted" in refused.content.decode()
    assert client.post(place(assessment, "decide", OPTIONAL), posted(assessment, **ACCEPT)).status_code == 302
    assert decisions(assessment)[OPTIONAL].kind == "accepted"


def test_an_unknown_may_be_given_a_level(cast):
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(assessment, cast.owner)
    builders.answer(assessment, cast.owner, "D1-CTX", None)
    submit_assessment(actor=cast.owner, assessment=assessment)
    reviewing.make_reviewed(assessment, cast.reviewer, {"D1-CTX": 2})
    assert decisions(assessment)["D1-CTX"].level == 2


@pytest.mark.check("S-06")
def test_a_decision_writes_its_own_columns_and_no_others(cast, submitted, sign_in, figure):
    """Every field name of our models is posted beside the decision."""
    before = Assessment.objects.of(cast.organisation).values().get(pk=submitted.pk)
    answers = list(submitted.answers.order_by("pk").values())
    extra: dict[str, Any] = {
        field.name: "7"
        for model in (Assessment, Decision, Inquiry, Review)
        for field in model._meta.fields
        if field.name not in ("decision", "level", "reason", "pointer", "text", "revision")
    }
    extra |= {"kind": "open", "author": cast.viewer.pk, "version": 9, "state": "reviewed", "finished_at": "1"}
    client = sign_in(cast.reviewer)
    client.post(place(submitted, "decide", "D1-CTX"), {**extra, **posted(submitted, **SET)})
    row = decisions(submitted)["D1-CTX"]
    changed = int((row.kind, row.author, row.version) != ("set", cast.reviewer, 1))
    changed += int(live(submitted).finished_at is not None)
    changed += int(Assessment.objects.of(cast.organisation).values().get(pk=submitted.pk) != before)
    changed += int(list(submitted.answers.order_by("pk").values()) != answers)
    figure("S-06", forms=1, fields=len(extra), changed=changed)
    assert changed == 0


# --- Asking the site ------------------------------------------------------------------------------------


def test_asking_first_leaves_the_answer_undecided_and_takes_a_decision_back(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    asking = {"decision": "ask", "text": "Which lines have it?"}
    reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1)
    reply = client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, 1, **asking))
    assert reply.status_code == 302
    client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, 1, **asking))
    inquiry = Inquiry.objects.of(cast.organisation).get()
    assert (inquiry.text, inquiry.asked_by, inquiry.replied_at) == (
        "Which lines have it?",
        cast.reviewer,
        None,
    )
    row = decisions(submitted)["D1-CTX"]
    assert (row.kind, row.level, row.reason, row.version) == ("open", None, "", 2)
    assert client.get(place(submitted, "review")).context["counts"]["left"] == 50
    page = client.get(place(submitted, "review_question", "D1-CTX")).content.decode()
    assert "The site has not replied yet." in page


def test_the_rest_is_accepted_but_for_what_the_site_was_asked(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 4)
    reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    reviewing.answer(submitted, cast.owner, reviewing.ask(submitted, cast.reviewer, "D1-CAP"))
    asked_first = client.get(place(submitted, "accept_rest"))
    shown = asked_first.content.decode()
    assert "Accept these 47 answers as evidenced?" in shown
    assert "2 answers are left out, because you asked the site about them" in shown
    assert "no reply yet" in shown
    assert "the site replied, and you have not decided since" in shown
    codes = [case.code for case in asked_first.context["accepting"]]
    assert codes == [c for c in builders.bami_spec().questions if c not in ("D1-INV", "D1-CTX", "D1-CAP")]
    assert len(decisions(submitted)) == 1  # looking accepts nothing
    reply = client.post(place(submitted, "accept_rest"), {"revision": 1}, follow=True)
    shown = reply.content.decode()
    assert "47 answers are accepted with the rest." in shown
    assert "2 about which the site was asked stay undecided." in shown
    rows = decisions(submitted)
    assert (rows["D1-INV"].kind, set(rows) & {"D1-CTX", "D1-CAP"}, len(rows)) == ("set", set(), 48)
    assert {row.kind for code, row in rows.items() if code != "D1-INV"} == {"rest"}
    assert all(row.author == cast.reviewer for row in rows.values())
    again_posted = client.post(place(submitted, "accept_rest"), {"revision": 1}, follow=True)
    assert "0 answers are accepted" in again_posted.content.decode()
    shown = client.get(place(submitted, "accept_rest")).content.decode()
    assert "Nothing is left to accept at once" in shown
    assert "Every other answer is decided already." in shown
    events = Event.objects.of(cast.organisation).filter(action="decision.recorded")
    assert events.count() == 48
    assert sum(event.after_json["kind"] == "rest" for event in events) == 47
    for wrong in ("", "7", "x", "99999999999999999999"):
        assert client.post(place(submitted, "accept_rest"), {"revision": wrong}).status_code == 409


def test_who_may_not_decide_is_not_asked_about_the_rest(cast, submitted, sign_in):
    reviewing.make_reviewed(submitted, cast.reviewer, {})
    gone = sign_in(cast.reviewer).get(place(submitted, "accept_rest"))
    assert gone["Location"] == place(submitted, "review")
    assert sign_in(cast.owner).get(place(submitted, "accept_rest")).status_code == 403


def test_what_was_accepted_with_the_rest_is_said_for_ever(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    reviewing.accept_all(submitted, cast.reviewer)
    listed = client.get(place(submitted, "review") + "?show=all").content.decode()
    assert listed.count("accepted with the rest") == 49
    opened = client.get(place(submitted, "review_question", "D1-INV"))
    assert opened.context["values"]["decision"] == "accepted"
    client.post(place(submitted, "decide", "D1-INV"), posted(submitted, base=1, **ACCEPT))
    assert decisions(submitted)["D1-INV"].kind == "accepted"  # looked at after all
    with pytest.raises(ValidationError):
        record_decision(
            actor=cast.reviewer, assessment=again(submitted, cast.reviewer), question_code="D1-CTX",
            ruling=Ruling("rest"), revision=1, base_version=1,
        )  # fmt: skip
    reviewing.finish(submitted, cast.reviewer)
    owner = sign_in(cast.owner)
    said = owner.get(place(submitted, "review")).content.decode()
    assert "48 of them were accepted in one step." in said
    kept = owner.get(place(submitted, "revision", 1, "reviewed")).content.decode()
    assert kept.count("Accepted as evidenced, with the rest.") == 48
    answer = owner.get(place(submitted, "question", "D2", "D2-OWN")).content.decode()
    assert "The reviewer accepted it as evidenced, with the rest" in answer


def test_a_reply_asks_for_a_decision_and_stands_beside_the_answer(cast, submitted, sign_in):
    inquiry = reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    reviewing.answer(submitted, cast.owner, inquiry, "Suites 1 and 2 since May.")
    client = sign_in(cast.reviewer)
    page = client.get(place(submitted, "review")).content.decode()
    assert "The site replied to a question" in page
    shown = client.get(place(submitted, "review_question", "D1-CTX") + "?show=asked").content.decode()
    beside_the_answer = shown.split('aria-labelledby="site-says"')[1].split("</section>")[0]
    assert "Suites 1 and 2 since May." in beside_the_answer
    assert "replied for the site" in beside_the_answer
    reviewing.accept_all(submitted, cast.reviewer)
    assert "D1-CTX" not in decisions(submitted)
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    assert decisions(submitted)["D1-CTX"].kind == "accepted"


# --- Two reviewers ----------------------------------------------------------------------------------------


def test_a_decision_over_one_that_was_not_seen_shows_both(cast, submitted, second, sign_in):
    reviewing.decide(submitted, second, "D1-CTX", 3, reason="Seen on all lines of both suites.")
    client = sign_in(cast.reviewer)
    reply = client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, 0, **SET))
    assert reply.status_code == 409
    shown = reply.content.decode()
    assert f"{second.shown_name} decided this at" in shown
    for words in ("Set 3 Controlled", "Seen on all lines of both suites.", "Set 1 Isolated", REASON, POINTER):
        assert words in shown
    assert decisions(submitted)["D1-CTX"].level == 3
    again_posted = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    again_posted.pop("csrfmiddlewaretoken", None)
    assert client.post(place(submitted, "decide", "D1-CTX"), again_posted).status_code == 302
    row = decisions(submitted)["D1-CTX"]
    assert (row.level, row.author, row.version) == (1, cast.reviewer, 2)


def test_asking_over_a_decision_that_was_not_seen_is_a_conflict_too(cast, submitted, second, sign_in):
    reviewing.decide(submitted, second, "D1-CTX", 3)
    reply = sign_in(cast.reviewer).post(
        place(submitted, "decide", "D1-CTX"), posted(submitted, 0, decision="ask", text="Which lines?")
    )
    assert reply.status_code == 409
    assert "Which lines?" in reply.content.decode()
    assert not Inquiry.objects.of(cast.organisation).exists()


def test_agreeing_with_a_decision_that_was_not_seen_is_no_conflict(cast, submitted, second, sign_in):
    reviewing.decide(submitted, second, "D1-CTX")
    reply = sign_in(cast.reviewer).post(place(submitted, "decide", "D1-CTX"), posted(submitted, 0, **ACCEPT))
    assert reply.status_code == 302
    assert decisions(submitted)["D1-CTX"].author == second


def test_a_version_never_comes_back(cast, submitted, second):
    """Taken back and set anew, a decision is not the one that was seen before."""
    seen = reviewing.decide(submitted, cast.reviewer, "D1-CTX", 1).version
    reviewing.ask(submitted, second, "D1-CTX", base=seen)
    reviewing.decide(submitted, second, "D1-CTX", 4, base=seen + 1)
    with pytest.raises(DecisionConflict):
        reviewing.decide(submitted, cast.reviewer, "D1-CTX", 2, base=seen)


def test_services_refuse_what_pages_refuse(cast, submitted):
    def decide(**ruling):
        return record_decision(
            actor=cast.reviewer, assessment=again(submitted, cast.reviewer), question_code="D1-CTX",
            ruling=Ruling(**ruling), revision=1, base_version=0,
        )  # fmt: skip

    for ruling in (
        {"kind": "open"},
        {"kind": "set"},
        {"kind": "set", "level": 6, "reason": REASON, "pointer": POINTER},
        {"kind": "set", "level": 2, "reason": REASON + "\x00", "pointer": POINTER},
        {"kind": "set", "level": 2, "reason": REASON, "pointer": "x" * 4001},
    ):
        with pytest.raises(ValidationError):
            decide(**ruling)
    with pytest.raises(KeyError):
        reviewing.decide(submitted, cast.reviewer, "D9-NIL")
    assert not Review.objects.of(cast.organisation).exists()
