"""Finding questions by their words, and answers by one's own."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import override_settings
from django.urls import reverse

from tests import builders
from tests.answering import address, save, statements

CODE = "D1-CTX"


def find(client, assessment, words: str):
    return client.get(reverse("assessments:find", args=[assessment.uuid]), {"q": words})


def codes(page) -> list[str]:
    return [hit.row.question.code for hit in page.context["found"]]


@pytest.fixture
def answered(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(
        client,
        assessment,
        CODE,
        reply="2",
        comment="Köln sends its clock by e-mail",
        evidence_note="SOP-0417",
    )
    reason = "We never change a process."
    save(client, assessment, "D3-CDM", reply="not_applicable", reason=reason)
    return assessment


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("D1-ctx", [CODE]),  # code
        ("batch CONTEXT alignment", [CODE]),  # title, in any case and order
        ("trusted clock", [CODE]),  # text
        ("phase context is written", [CODE]),  # an anchor
        ("misalignment trend", [CODE]),  # what an inspector would ask for
        ("onboarding outsourced", ["D3-CDM"]),  # when it does not apply
        ("köln", [CODE]),  # comment
        ("KÖLN", [CODE]),  # in any case
        ("Ko\u0308ln", [CODE]),  # the same letters, typed another way
        ("sop-0417", [CODE]),  # evidence note
        ("never change a process", ["D3-CDM"]),  # reason
        ("0417 clock", [CODE]),  # words of the answer and of the question together
        (".*", []),  # no pattern
        ("zzz", []),
        ("   ", []),
        ("\x00", []),
    ],
)
def test_questions_are_found_by_their_words_and_answers_by_theirs(cast, answered, sign_in, words, found):
    assert codes(find(sign_in(cast.viewer), answered, words)) == found


def test_what_was_found_is_shown_around_the_word_and_the_sites_own_first(cast, answered, sign_in):
    page = find(sign_in(cast.owner), answered, "clock")
    first = next(hit for hit in page.context["found"] if hit.row.question.code == CODE)
    assert (first.places[0].label, first.places[0].is_own) == ("Comment", True)
    assert first.places[0].pieces == (("Köln sends its ", False), ("clock", True), (" by e-mail", False))
    assert "<mark>clock</mark>" in page.content.decode()


def test_long_texts_are_shown_in_part_and_escaped(cast, assessment, sign_in):
    words = "a " * 1000 + "<b>needle</b> " + "z " * 900
    save(sign_in(cast.owner), assessment, CODE, comment=words)
    page = find(sign_in(cast.owner), assessment, "needle")
    (place,) = page.context["found"][0].places
    text = "".join(text for text, _hit in place.pieces)
    assert text.startswith("…a ") and text.endswith(" z…")
    assert len(text) < 180
    assert "&lt;b&gt;<mark>needle</mark>" in page.content.decode()


def test_emoji_and_words_from_right_to_left_are_found(cast, assessment, sign_in):
    save(sign_in(cast.owner), assessment, CODE, comment="🧪 יומן אצווה")
    for words in ("🧪", "אצווה"):
        assert codes(find(sign_in(cast.owner), assessment, words)) == [CODE]


def test_only_who_sees_the_assessment_finds_in_it(cast, answered, sign_in):
    assert find(sign_in(cast.stranger), answered, "clock").status_code == 404


def test_the_number_of_statements_does_not_follow_what_is_found(cast, assessment, sign_in):
    client, counts = sign_in(cast.owner), []
    for code in (CODE, "D1-CAP", "D2-MON"):
        builders.answer(assessment, cast.owner, code, 2, comment="needle")
        counts.append(statements(partial(find, client, assessment, "needle")))
    assert counts == [4, 4, 4]


@override_settings(LIMITS={"GET assessments:find": 3})
def test_a_storm_of_searches_is_told_to_wait(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    assert [find(client, assessment, "x").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_contents_lead_to_it(cast, assessment, sign_in):
    page = sign_in(cast.owner).get(address(assessment, CODE, "question")).content.decode()
    assert 'role="search"' in page
    assert "/answers/find/" in page
