"""Answering: pages, the save of one answer, and everything that may come between."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.models import Answer, Assessment
from assessments.services.submission import submit_assessment
from records.models import Event
from tests import builders
from tests.answering import SCRIPT, address, posted, posted_row, row, save, statements

CODE = "D1-CTX"
NOT_APPLICABLE = "D3-CDM"  # its content allows the reply


def events_of(assessment: Assessment) -> int:
    count: int = Event.objects.of(assessment.organisation).filter(action="answer.recorded").count()
    return count


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "respondent"])
def test_an_answer_is_saved_by_who_may_answer(cast, assessment, sign_in, role):
    reply = save(sign_in(getattr(cast, role)), assessment, CODE, reply="3", grade="E1", comment="Köln 3")
    answer = row(assessment, CODE)
    assert reply.status_code == 200
    assert (answer.state, answer.level, answer.grade, answer.comment) == ("level", 3, "E1", "Köln 3")
    assert (answer.version, answer.updated_by) == (1, getattr(cast, role))
    assert events_of(assessment) == 1


def test_a_viewer_reads_every_page_and_changes_nothing(cast, assessment, sign_in):
    client = sign_in(cast.viewer)
    for page in (
        address(assessment, CODE, "question"),
        reverse("assessments:dimension", args=[assessment.uuid, "D1"]),
    ):
        shown = client.get(page)
        assert shown.status_code == 200
        assert b"You read along" in shown.content
        assert b"answers.js" not in shown.content
    assert save(client, assessment, CODE, reply="3").status_code == 403
    assert row(assessment, CODE).version == 0


def test_a_stranger_finds_nothing(cast, assessment, sign_in):
    client = sign_in(cast.stranger)
    assert client.get(address(assessment, CODE, "question")).status_code == 404
    assert save(client, assessment, CODE, reply="3").status_code == 404
    for name in ("answers", "rules", "answering"):
        method = client.post if name == "answering" else client.get
        assert method(reverse(f"assessments:{name}", args=[assessment.uuid])).status_code == 404


def test_wrong_methods_are_refused(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    reply = client.get(address(assessment, CODE))
    assert (reply.status_code, reply["Allow"]) == (405, "POST")
    assert "There is nothing to read at this address" in reply.content.decode()
    assert client.post(address(assessment, CODE, "question")).status_code == 405
    assert client.get(reverse("assessments:answering", args=[assessment.uuid])).status_code == 405


def test_a_save_that_does_not_say_what_was_seen_is_refused(cast, assessment, sign_in):
    values = posted(row(assessment, CODE), reply="3")
    del values["base_version"]
    reply = sign_in(cast.owner).post(address(assessment, CODE), values, headers=SCRIPT)
    assert reply.status_code == 428
    assert row(assessment, CODE).version == 0


def test_a_question_is_found_under_its_own_dimension_only(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for dimension, code in (("D2", CODE), ("D1", "D1-NOT"), ("D9", CODE)):
        assert (
            client.get(reverse("assessments:question", args=[assessment.uuid, dimension, code])).status_code
            == 404
        )
    assert client.get(reverse("assessments:dimension", args=[assessment.uuid, "D9"])).status_code == 404


def test_a_script_that_is_signed_out_is_told_without_a_body(assessment, sign_in):
    reply = save(sign_in(None), assessment, CODE, reply="3")
    assert (reply.status_code, reply.content) == (401, b"")
    assert save(sign_in(None), assessment, CODE, script=False, reply="3").status_code == 401
    assert row(assessment, CODE).version == 0


# --- The reply to a save ------------------------------------------------------------------------------------


def test_the_reply_names_the_operation_and_carries_the_new_numbers(cast, assessment, sign_in):
    values = posted(row(assessment, CODE), reply="4", grade="E1")
    reply = sign_in(cast.owner).post(address(assessment, CODE), values, headers=SCRIPT)
    page = reply.content.decode()
    assert reply["X-Operation"] == values["op_id"]
    assert values["op_id"] not in page
    assert 'name="base_version" value="1"' in page
    assert "Level 4 claimed, 2 evidenced. To evidence 4, point to: execution records." in page
    assert "D1 Data foundation has its first level: 4." in page
    assert "Evidenced in D1: level 2." in page
    assert '<span id="n-D1">1</span>' in page
    assert "Unanswered <span>49</span>" in page
    assert '<span class="nowrap">9 unanswered</span>' in page


def test_without_a_script_a_save_leads_back_or_on(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    back = save(client, assessment, CODE, script=False, reply="3")
    assert (back.status_code, back["Location"]) == (302, address(assessment, CODE, "question"))
    on = save(client, assessment, CODE, script=False, reply="2", then="next")
    assert on["Location"] == address(assessment, "D1-SEM", "question")
    whole = client.post(address(assessment, CODE), posted_row(row(assessment, CODE), reply="1"))
    assert whole["Location"] == reverse("assessments:dimension", args=[assessment.uuid, "D1"]) + f"#q-{CODE}"
    assert row(assessment, CODE).level == 1


def test_a_row_of_a_whole_dimension_leaves_the_words_alone(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="3", comment="Kept", evidence_note="Also kept")
    client.post(
        address(assessment, CODE), posted_row(row(assessment, CODE), reply="4", flagged="on"), headers=SCRIPT
    )
    answer = row(assessment, CODE)
    assert (answer.level, answer.flagged, answer.comment, answer.evidence_note) == (
        4,
        True,
        "Kept",
        "Also kept",
    )


def test_clearing_an_answer_keeps_its_comment_and_is_no_reply(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="3", comment="Kept")
    save(client, assessment, CODE, reply="")
    answer = row(assessment, CODE)
    assert (answer.state, answer.level, answer.comment) == ("unanswered", None, "Kept")
    assessment.refresh_from_db()
    assert assessment.replied == 0


def test_line_breaks_count_as_one_character(cast, assessment, sign_in):
    words = "a\r\n" * 2000
    assert save(sign_in(cast.owner), assessment, CODE, comment=words).status_code == 200
    assert row(assessment, CODE).comment == "a\n" * 2000


def test_the_limit_counts_code_points_in_any_script(cast, assessment, sign_in):
    client, words = sign_in(cast.owner), "אצווה 🧪" * 571 + "é" * 3
    assert len(words) == 4000
    assert save(client, assessment, CODE, comment=words).status_code == 200
    assert row(assessment, CODE).comment == words
    assert save(client, assessment, CODE, comment=words + "🧪").status_code == 422
    assert row(assessment, CODE).comment == words


def test_a_question_of_another_version_takes_no_level(cast, sign_in):
    other = builders.make_version(builders.tiny_spec())
    assessment = builders.make_assessment(site=cast.site, owner=cast.owner, version=other)
    values = posted(assessment.answers.order_by("pk")[0], reply="3")
    lost = reverse("assessments:save", args=[assessment.uuid, "D1", CODE])
    assert sign_in(cast.owner).post(lost, values, headers=SCRIPT).status_code == 404
    assert set(assessment.answers.values_list("version", flat=True)) == {0}


# --- What cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "changes", "message"),
    [
        (CODE, {"reply": "6"}, "Choose a level from 0 to 5."),
        (CODE, {"grade": "E9"}, "Choose an evidence grade from E0 to E3."),
        (
            CODE,
            {"reply": "not_applicable", "reason": "long enough a reason"},
            "This question applies to every site",
        ),
        (
            NOT_APPLICABLE,
            {"reply": "not_applicable", "reason": "short"},
            "Give the reason in at least ten characters.",
        ),
        (
            CODE,
            {"comment": "x" * 4001},
            "At most 4,000 characters; this has 4001. Nothing you typed is lost.",
        ),
        (CODE, {"comment": "null \x00 byte"}, "a null byte"),
        (CODE, {"base_version": "x"}, ""),
        (CODE, {"op_id": "x"}, ""),
        (CODE, {"seen": ""}, ""),
    ],
)
@pytest.mark.parametrize("script", [True, False])
def test_what_cannot_be_is_refused_and_given_back(cast, assessment, sign_in, code, changes, message, script):
    reply = save(sign_in(cast.owner), assessment, code, script=script, **changes)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert message in page
    if not script and len(changes.get("comment", "")) > 4000:
        assert changes["comment"] in page
        assert "Error:" in page
    assert row(assessment, code).version == 0
    assert events_of(assessment) == 0


def test_a_request_beyond_measure_is_refused(cast, assessment, sign_in):
    reply = save(sign_in(cast.owner), assessment, CODE, comment="x" * 1_100_000)
    assert reply.status_code == 400
    assert row(assessment, CODE).version == 0


# --- Two at once --------------------------------------------------------------------------------------------


@pytest.fixture
def both(cast, assessment, sign_in):
    """A page opened by the owner; then the respondent answers 4, with a grade."""
    opened = row(assessment, CODE)
    save(sign_in(cast.respondent), assessment, CODE, reply="4", grade="E2")
    return opened


def test_other_fields_merge_and_are_given_to_the_page(cast, assessment, sign_in, both):
    values = posted(both, comment="Mine")
    reply = sign_in(cast.owner).post(address(assessment, CODE), values, headers=SCRIPT)
    answer = row(assessment, CODE)
    assert reply.status_code == 200
    assert (answer.level, answer.grade, answer.comment, answer.version) == (4, "E2", "Mine", 2)
    page = reply.content.decode()
    assert 'data-merged="reply" value="4"' in page
    assert 'data-merged="grade" value="E2"' in page
    assert 'data-merged="comment"' not in page


@pytest.mark.parametrize("script", [True, False])
def test_the_same_field_shows_both_and_stores_nothing(cast, assessment, sign_in, both, script):
    values = posted(both, reply="2", comment="Mine")
    reply = sign_in(cast.owner).post(address(assessment, CODE), values, headers=SCRIPT if script else {})
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "respondent@northmere.example" in page
    assert "Keep 4 Measured and networked" in page
    assert "Use mine, 2 Defined" in page
    assert (row(assessment, CODE).level, row(assessment, CODE).comment) == (4, "")


@pytest.mark.parametrize(("way", "level"), [(0, 4), (1, 2)])
def test_either_of_both_answers_can_be_chosen(cast, assessment, sign_in, both, way, level):
    client = sign_in(cast.owner)
    refused = client.post(address(assessment, CODE), posted(both, reply="2", comment="Mine"))
    chosen = dict(refused.context["conflict"]["ways"][way][1])
    values = {name: str(value) for name, value in chosen.items() if value is not False}
    assert client.post(address(assessment, CODE), {**values, "page": "question"}).status_code == 302
    answer = row(assessment, CODE)
    # What was not contested is kept either way.
    assert (answer.level, answer.grade, answer.comment) == (level, "E2", "Mine")


def test_a_resent_save_is_the_same_save(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    values = posted(row(assessment, CODE), reply="3")
    for _ in range(3):
        reply = client.post(address(assessment, CODE), values, headers=SCRIPT)
        assert (reply.status_code, reply["X-Operation"]) == (200, values["op_id"])
    assert (row(assessment, CODE).version, events_of(assessment)) == (1, 1)


def test_an_operation_with_another_body_is_refused(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    values = posted(row(assessment, CODE), reply="3")
    client.post(address(assessment, CODE), values, headers=SCRIPT)
    other = client.post(address(assessment, CODE), {**values, "reply": "5"}, headers=SCRIPT)
    assert other.status_code == 409
    assert row(assessment, CODE).level == 3


def test_another_persons_operation_id_is_not_theirs(cast, assessment, sign_in):
    values = posted(row(assessment, CODE), reply="3")
    sign_in(cast.owner).post(address(assessment, CODE), values, headers=SCRIPT)
    reply = sign_in(cast.respondent).post(address(assessment, CODE), {**values, "reply": "5"}, headers=SCRIPT)
    assert reply.status_code == 409


def test_a_version_from_the_future_is_refused(cast, assessment, sign_in):
    reply = save(sign_in(cast.owner), assessment, CODE, reply="3", base_version=7)
    assert reply.status_code == 409
    assert row(assessment, CODE).version == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_submitted_assessment_takes_no_answer(cast, sign_in, script):
    assessment = builders.make_submitted(site=cast.site, owner=cast.owner)
    reply = save(sign_in(cast.owner), assessment, CODE, script=script, reply="5", comment="Too late")
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "This assessment was submitted meanwhile" in page
    assert row(assessment, CODE).level == 2
    if script:
        assert "data-submitted" in page
    else:
        assert "Too late" in page
    shown = sign_in(cast.owner).get(address(assessment, CODE, "question")).content
    assert b"These answers are submitted" in shown
    assert b"answers.js" not in shown


# --- Finding one's way --------------------------------------------------------------------------------------


def test_answering_goes_on_where_this_person_left_off(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    start = client.get(reverse("assessments:answers", args=[assessment.uuid]))
    assert start["Location"] == address(assessment, "D1-INV", "question")
    save(client, assessment, "D4-HIS", reply="1")
    save(sign_in(cast.respondent), assessment, "D5-LAW", reply="1")
    assert client.get(start.request["PATH_INFO"])["Location"] == address(assessment, "D4-HIS", "question")


def test_the_way_of_answering_is_remembered(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    prefer = reverse("assessments:answering", args=[assessment.uuid])
    whole = client.post(prefer, {"view": "dimension", "question": CODE})
    assert whole["Location"].endswith(f"/answers/D1/#q-{CODE}")
    assert "#q-" in client.get(reverse("assessments:answers", args=[assessment.uuid]))["Location"]
    assert client.post(prefer, {"view": "question"})["Location"].endswith("/answers/")
    client.post(prefer, {"single_keys": "off", "question": CODE})
    assert b"data-single-keys" not in client.get(address(assessment, CODE, "question")).content
    client.post(prefer, {"single_keys": "on", "question": CODE})
    assert b"data-single-keys" in client.get(address(assessment, CODE, "question")).content


def test_what_was_typed_is_escaped(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    save(client, assessment, CODE, reply="3", comment="</textarea><script>alert(1)</script>")
    page = client.get(address(assessment, CODE, "question")).content
    assert b"<script>alert" not in page


# --- Speed --------------------------------------------------------------------------------------------------


def test_statements_and_weights_stay_within_their_bounds(cast, assessment, sign_in):
    client = sign_in(cast.owner)
    for number, code in enumerate(
        Answer.objects.of(cast.organisation).values_list("question_code", flat=True)
    ):
        builders.answer(
            assessment, cast.owner, code, number % 6, grade="E1", comment="As the records show. " * 5
        )
    assessment.refresh_from_db()
    cache.clear()
    for code in ("D1", "D2", "D3", "D4", "D5"):
        page = reverse("assessments:dimension", args=[assessment.uuid, code])
        assert statements(partial(client.get, page)) == 5
        content = client.get(page).content
        assert len(content) <= 60_000
        assert b" style=" not in content
    page, target = address(assessment, CODE, "question"), address(assessment, CODE)
    assert statements(lambda: client.get(page)) == 5
    for changes in ({"reply": "5"}, {"reply": "4", "grade": "E3", "comment": "Other"}):
        values = posted(row(assessment, CODE), **changes)
        assert statements(partial(client.post, target, values, headers=SCRIPT)) <= 10


def test_a_submitted_assessment_shows_the_numbers_of_its_snapshot(cast, assessment, sign_in):
    builders.answer_all(assessment, cast.owner, level=3, grade="E2")
    submit_assessment(actor=cast.owner, assessment=assessment)
    cache.clear()
    client, page = sign_in(cast.viewer), address(assessment, CODE, "question")
    assert statements(lambda: client.get(page)) == 7  # one of them: does a review run?
