"""Calling a question unclear: what editors see of it, and what they never do."""

from __future__ import annotations

from functools import partial

import pytest
from django.core import serializers
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from frameworks.models import QuestionNote
from records.models import Event
from tests import builders
from tests.answering import address, save, statements

CODE = "D1-CTX"
WORDS = "Does “batch context” mean the phase as well?"


def note(client, assessment, text: str = WORDS, code: str = CODE, **options):
    return client.post(address(assessment, code, "unclear"), {"text": text}, **options)


@pytest.fixture
def draft(cast, assessment):
    """An open draft made from the version that the assessment is judged by."""
    return builders.make_draft(actor=cast.editor, base=assessment.version)


def beside(client, draft, code: str = CODE) -> str:
    page: str = client.get(reverse("editor:question", args=[draft.uuid, code])).content.decode()
    return page


def test_editors_see_it_beside_the_question_with_version_and_day(cast, assessment, sign_in, draft):
    done = note(sign_in(cast.respondent), assessment, follow=True)
    assert "Your note is with the content editors, without your name." in done.content.decode()
    page, today = beside(sign_in(cast.editor), draft), timezone.localdate()
    assert "1 note from respondents" in page
    assert WORDS in page
    version = assessment.version
    assert f"{version.framework.upper()} {version.version}, {today.day} {today:%B %Y}" in page
    overview = sign_in(cast.editor).get(reverse("editor:draft", args=[draft.uuid])).content.decode()
    assert "Called unclear by respondents" in overview
    assert "note from respondents" not in beside(sign_in(cast.editor), draft, "D1-CAP")


def test_nothing_tells_whose_it_is(cast, assessment, sign_in, draft):
    client = sign_in(cast.respondent)
    assessment.title = "Spring at Kelderhaven"
    assessment.save(update_fields=["title"])
    save(client, assessment, CODE, reply="3", comment="A confidential comment", evidence_note="SOP-0417")
    note(client, assessment)
    kept = serializers.serialize("json", QuestionNote.objects.all())
    page = beside(sign_in(cast.editor), draft)
    traces = [
        cast.respondent.email,
        str(cast.respondent.uuid),
        cast.organisation.name,
        str(cast.organisation.uuid),
        str(assessment.uuid),
        assessment.title,
        cast.site.name,
        "A confidential comment",
        "SOP-0417",
    ]
    for trace in traces:
        assert trace not in kept
        assert trace not in page
    columns = {field.name for field in QuestionNote._meta.get_fields()}
    assert columns == {"id", "uuid", "version", "question_code", "text", "written_on", "is_done"}


def test_the_organisations_own_trail_says_that_it_was_done_and_not_what_was_written(
    cast, assessment, sign_in
):
    note(sign_in(cast.respondent), assessment)
    event = Event.objects.of(cast.organisation).get(action="question.called_unclear")
    assert (event.actor, event.object_id) == (cast.respondent, f"bami/1.0/{CODE}")
    assert (event.before_json, event.after_json, event.reason_text) == ({}, {}, "")


def test_the_page_warns_to_write_nothing_confidential(cast, assessment, sign_in):
    page = sign_in(cast.respondent).get(address(assessment, CODE, "unclear")).content.decode()
    assert "Write nothing confidential" in page
    assert "not your answer, your name or your organisation" in page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Say what is unclear."),
        ("   ", "Say what is unclear."),
        ("x" * 1001, "at most 1000 characters"),
        ("null \x00 byte", "Null characters are not allowed."),
    ],
)
def test_words_that_cannot_be_are_given_back(cast, assessment, sign_in, text, message):
    refused = note(sign_in(cast.respondent), assessment, text)
    assert refused.status_code == 422
    assert message in refused.content.decode()
    assert not QuestionNote.objects.exists()


def test_line_breaks_emoji_and_other_directions_are_kept(cast, assessment, sign_in):
    note(sign_in(cast.respondent), assessment, "two\r\nlines 🧪 אצווה " + "é" * 960)
    assert QuestionNote.objects.get().text == "two\nlines 🧪 אצווה " + "é" * 960


def test_everybody_who_reads_may_say_so_and_nobody_else(cast, assessment, sign_in):
    for person, status in ((cast.viewer, 302), (cast.reader, 302), (cast.stranger, 404), (cast.editor, 404)):
        assert note(sign_in(person), assessment).status_code == status
    assert sign_in(cast.viewer).get(reverse("editor:versions")).status_code == 403


def test_a_settled_note_is_off_the_list(cast, assessment, sign_in, draft):
    note(sign_in(cast.respondent), assessment)
    client = sign_in(cast.editor)
    settle = reverse("editor:settle_note", args=[draft.uuid, QuestionNote.objects.get().uuid])
    assert sign_in(cast.owner).post(settle).status_code == 403
    assert "The note is settled." in client.post(settle, follow=True).content.decode()
    assert WORDS not in beside(client, draft)
    assert client.post(settle).status_code == 404
    events = Event.objects.unscoped("of the installation").filter(action="question_note.settled")
    assert [event.actor for event in events] == [cast.editor]


def start_of_work(client) -> tuple[str, str, str]:
    """Where an editor's work starts: home, the list of drafts, the list of unclear questions."""
    pages = [client.get(reverse(name)) for name in ("home", "editor:versions", "editor:notes")]
    return tuple(page.content.decode() for page in pages)


def test_where_editors_start_the_notes_are_counted_and_lead_to_their_questions(
    cast, assessment, sign_in, draft
):
    client, noted = sign_in(cast.editor), reverse("editor:notes")
    home, drafts, page = start_of_work(client)
    assert noted not in home
    assert noted not in drafts
    assert "No question is called unclear" in page
    for code in (CODE, CODE, "D1-CAP"):
        note(sign_in(cast.respondent), assessment, code=code)
    home, drafts, page = start_of_work(client)
    assert "Notes of respondents on 2 questions that they find unclear." in home
    assert "3 notes from respondents wait" in drafts
    assert home.count(f'href="{noted}"') == drafts.count(f'href="{noted}"') == 1
    assert "Respondents find 2 questions unclear" in page
    assert page.count(WORDS) == 3
    for code in (CODE, "D1-CAP"):
        assert f'href="{reverse("editor:question", args=[draft.uuid, code])}#notes"' in page
    QuestionNote.objects.update(is_done=True)
    assert "No question is called unclear" in start_of_work(client)[2]


def test_a_noted_question_without_an_open_draft_says_where_to_start_one(cast, assessment, sign_in):
    note(sign_in(cast.respondent), assessment)
    page = start_of_work(sign_in(cast.editor))[2]
    assert "No open draft holds this question." in page
    assert f'href="{reverse("editor:versions")}#published"' in page


def test_a_note_leads_into_the_editors_own_draft(cast, assessment, sign_in, draft):
    note(sign_in(cast.respondent), assessment)
    other = builders.make_editor("another@programme.example")
    later = builders.make_draft(actor=other, base=assessment.version)
    assert str(draft.uuid) in start_of_work(sign_in(cast.editor))[2]
    assert str(later.uuid) in start_of_work(sign_in(other))[2]


def test_the_start_of_an_editors_work_takes_the_same_statements_with_many_notes(
    cast, assessment, sign_in, draft
):
    client, counts = sign_in(cast.editor), []
    for code in (CODE, "D1-CAP", CODE, CODE):
        note(sign_in(cast.respondent), assessment, code=code)
        counts.append(statements(partial(start_of_work, client)))
    assert len(set(counts)) == 1


def test_the_number_of_statements_does_not_follow_the_notes(cast, assessment, sign_in, draft):
    client, counts = sign_in(cast.editor), []
    for _ in range(3):
        note(sign_in(cast.respondent), assessment)
        counts.append(statements(partial(beside, client, draft)))
    assert len(set(counts)) == 1


@override_settings(LIMITS={"POST assessments:unclear": 2})
def test_a_storm_of_notes_is_told_to_wait_and_gets_its_words_back(cast, assessment, sign_in):
    client = sign_in(cast.respondent)
    replies = [note(client, assessment) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [302, 302, 429]
    assert WORDS in replies[-1].content.decode()


@override_settings(LIMITS={"POST assessments:unclear": 1})
def test_opening_the_form_is_no_note(cast, assessment, sign_in):
    client = sign_in(cast.respondent)
    assert [client.get(address(assessment, CODE, "unclear")).status_code for _ in range(3)] == [200] * 3
    assert note(client, assessment).status_code == 302
