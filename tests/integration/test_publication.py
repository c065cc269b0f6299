"""Publishing a draft: one editor asks, another publishes; a version stands, open assessments keep theirs."""

from __future__ import annotations

import json
import re
import threading
import uuid

import pytest
from django.db import connection

from frameworks.document.checks import parse_framework
from frameworks.document.dump import dump_document
from frameworks.models import CHANGE_NOTE, FrameworkDraft, FrameworkVersion, Question
from frameworks.queries import document_of, draft_events, newer_version, published_versions, version_before
from frameworks.services.drafts import start_draft
from frameworks.services.publication import ChangedMeanwhile, publish_draft
from records.models import Event, Mail
from tests.answering import save
from tests.builders import bami_spec, make_assessment, make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed_content import tiny_document
from tests.editing import Q, now, place, reword, send, value
from tests.publishing import NOTE, asked, make_changed, sent_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada):
    return make_changed(ada)


# --- The request, from asking to the version ------------------------------------------------------------


def test_one_asks_another_looks_and_publishes(ada, ben, draft, sign_in):
    client, second = sign_in(ada), sign_in(ben)
    open_one = make_assessment(version=make_version(tiny_spec()))
    page = client.get(place("publication", draft)).content.decode()
    assert "Ask for the publication of" in page
    assert "What happens once you ask" in page
    assert "with your note" in page
    reply = client.post(place("ask", draft), {"number": "1.1", "note": NOTE, "revision": 0})
    assert reply["Location"] == place("publication", draft)
    assert "Another editor publishes it" in client.get(reply["Location"]).content.decode()
    assert "Publish TINY 1.1" not in client.get(reply["Location"]).content.decode()
    assert "What happens once you ask" not in client.get(reply["Location"]).content.decode()
    assert "with your note" not in second.get(reply["Location"]).content.decode()  # it is not the reader's
    assert "TINY 1.1 waits for a second editor" in client.get(place("draft", draft)).content.decode()
    assert "Ada asks to publish TINY 1.1</h1>" in second.get(place("draft", draft)).content.decode()
    (message,) = sent_mails()
    assert (message.to, message.subject) == ([ben.email], "TINY 1.1 waits for a second editor")
    link = re.search(r"http://[^/]+(/editor/\S+)", str(message.body))[1]  # type: ignore[index]  # no link is a failure
    page = second.get(link).content.decode()
    assert NOTE in page
    assert "Publish TINY 1.1" in page
    done = second.post(place("publish", draft), {"revision": 0}, follow=True)
    assert "TINY 1.1 is published." in done.content.decode()
    version = FrameworkVersion.objects.published().get(version="1.1")
    assert (version.change_note, version.asked_by, version.published_by) == (NOTE, ada, ben)
    assert version.digest == parse_framework(document_of(draft)).content_digest
    assert Question.objects.get(version=version, code="D1-AAA").name == "Capture"
    assert (now(draft).state, now(draft).published) == ("published", version)
    assert [row.version for row in published_versions("tiny")] == ["1.1", "1.0"]
    open_one.refresh_from_db()
    assert open_one.version.version == "1.0"
    assert newer_version(open_one.version) == version
    assert version_before(version) == open_one.version
    assert (newer_version(version), version_before(open_one.version)) == (None, None)
    event = Event.objects.unscoped("the installation's own chain").get(
        action="framework.published", object_id="tiny 1.1"
    )
    assert (event.actor, event.organisation) == (ben, None)
    assert event.after_json["asked_by"] == str(ada.uuid)
    page = second.get(place("question", draft, "D1-AAA")).content.decode()
    assert "This draft is published and stands" in page


def test_whoever_asks_cannot_publish(ada, ben, draft, sign_in):
    asked(draft, ada)
    reply = sign_in(ada).post(place("publish", draft), {"revision": 0})
    assert reply.status_code == 422
    assert "another editor publishes it, so that two people looked" in reply.content.decode()
    assert now(draft).is_asked
    assert not FrameworkVersion.objects.filter(version="1.1").exists()


def test_nobody_publishes_what_nobody_asked_for(ben, draft, sign_in):
    reply = sign_in(ben).post(place("publish", draft), {"revision": 0})
    assert (reply.status_code, "was changed while this page was open" in reply.content.decode()) == (
        422,
        True,
    )
    assert sign_in(ben).post(place("publish", draft)).status_code == 422
    assert FrameworkVersion.objects.count() == 1


def test_any_edit_takes_the_request_back_and_its_note_is_kept(ada, ben, draft, sign_in):
    asked(draft, ada)
    send(sign_in(ben), draft, f"{Q}/weight", "2")
    assert (now(draft).is_asked, now(draft).note) == (False, NOTE)
    late = sign_in(ben).post(place("publish", draft), {"revision": 0})
    assert late.status_code == 422
    (told,) = sent_mails()  # of the request itself none had been sent: nothing waits any more
    assert (told.to, told.subject) == ([ada.email], "TINY 1.1 is not published")
    asked(draft, ada, "Another note altogether")
    with pytest.raises(ChangedMeanwhile):  # the page of the first request is still open
        publish_draft(actor=ben, draft=draft, revision=0)
    assert [event.action for event in draft_events(draft).order_by("seq")][1:] == [
        "draft.publication_asked",
        "draft.request_taken_back",
        "draft.changed",
        "draft.publication_asked",
    ]
    assert publish_draft(actor=ben, draft=draft, revision=1).change_note == "Another note altogether"


def test_a_request_can_be_taken_back(ada, ben, draft, sign_in):
    asked(draft, ada)
    for _ in range(2):
        reply = sign_in(ben).post(place("take_back", draft), follow=True)
        assert "The request is taken back." in reply.content.decode()
    assert not now(draft).is_asked
    assert NOTE in reply.content.decode()


REFUSED = [
    ("short", "Say what changed and why in at least ten characters."),
    (" " * 20, "Say what changed and why in at least ten characters."),
    ("x" * (CHANGE_NOTE + 1), "At most 4,000 characters; this has 4001."),
    ("null \x00 byte in it", "Null characters are not allowed"),
    ("turned \u202e round about", "the character U+202E is not allowed"),
]


@pytest.mark.parametrize(("note", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_note_that_cannot_be_is_refused_and_stays(ada, draft, sign_in, note, message):
    reply = sign_in(ada).post(place("ask", draft), {"number": "1.1", "note": note, "revision": 0})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert note.strip()[:30].replace("\x00", "") in reply.content.decode().replace("\x00", "")
    assert not now(draft).is_asked


def test_asking_for_what_was_changed_meanwhile_is_refused(ada, ben, draft, sign_in):
    send(sign_in(ben), draft, f"{Q}/weight", "2")
    reply = sign_in(ada).post(place("ask", draft), {"number": "1.1", "note": NOTE, "revision": 0})
    assert (reply.status_code, "changed while this page was open" in reply.content.decode()) == (422, True)
    assert NOTE in reply.content.decode()
    assert Mail.objects.count() == 0


# --- What stands afterwards -----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_publishing_at_once_make_one_version():
    ada, ben = make_editor(), make_editor()
    drafts = [make_draft(ada) for _ in range(3)]
    for draft in drafts:
        reword(draft)
        asked(draft, ada)
    together, ended = threading.Barrier(6), []

    def publish(draft):
        try:
            together.wait()
            publish_draft(actor=ben, draft=draft, revision=0)
            ended.append("published")
        except Exception as error:
            ended.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(draft,)) for draft in drafts * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count("published") == 1
    assert len(ended) == 6
    assert set(ended) <= {"published", "Closed", "ValidationError"}
    assert FrameworkVersion.objects.filter(version="1.1").count() == 1
    assert FrameworkDraft.objects.filter(state="published").count() == 1


def test_the_system_still_publishes_by_itself(draft):
    version = make_version(bami_spec())
    assert (version.published_by, version.asked_by, version.change_note) == (None, None, "")
    event = Event.objects.unscoped("the installation's own chain").filter(action="framework.published").last()
    assert (event.actor, event.actor_kind) == (None, "system")


def test_a_published_version_is_the_base_of_the_next_and_stays(ada, ben, draft, sign_in):
    asked(draft, ada)
    version = publish_draft(actor=ben, draft=draft, revision=0)
    stood = FrameworkVersion.objects.get(pk=version.pk).document
    following = start_draft(actor=ben, version=version)
    send(sign_in(ben), following, f"{Q}/title", "Another")
    assert (following.number, value(following, f"{Q}/title")) == ("1.2", "Another")
    assert FrameworkVersion.objects.get(pk=version.pk).document == stood
    for name in ("save", "ask", "take_back", "publish", "discard"):
        sign_in(ada).post(
            place(name, draft), {"page": "levels:", "op_id": uuid.uuid4(), "revision": 0, "note": NOTE}
        )
    assert FrameworkVersion.objects.get(pk=version.pk).document == stood
    assert json.loads(stood) == json.loads(
        json.dumps(dump_document(parse_framework(document_of(now(draft)))))
    )


def test_a_question_whose_code_has_a_dot_is_answered_like_any_other(cast, sign_in):
    """Codes may hold dots: an editor may add one, and its pages have addresses all the same."""
    document = tiny_document()
    document["dimensions"][0]["questions"].append(
        {**document["dimensions"][0]["questions"][1], "code": "D1-NEW.2", "quick": False}
    )
    draft = make_draft(cast.editor, document)
    asked(draft, cast.editor)
    version = publish_draft(actor=make_editor(), draft=draft, revision=0)
    assessment = make_assessment(site=cast.site, owner=cast.owner, version=version)
    client = sign_in(cast.owner)
    page = f"/assessments/{assessment.uuid}/answers/D1/D1-NEW.2/"
    assert client.get(page).status_code == 200
    assert save(client, assessment, "D1-NEW.2", reply="3", script=False).status_code == 302
    for path in ("", "answers/D1/", "answers/", "results/", "gaps/"):
        assert client.get(f"/assessments/{assessment.uuid}/{path}").status_code in (200, 302), path
