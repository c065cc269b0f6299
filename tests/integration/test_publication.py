"""Publishing a draft: one editor asks, another publishes; a version stands, open assessments keep theirs."""

from __future__ import annotations

import json
import re
import threading
import uuid

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import User
from frameworks.document.checks import parse_framework
from frameworks.document.digest import canonical_json
from frameworks.document.dump import dump_document
from frameworks.models import CHANGE_NOTE, FrameworkDraft, FrameworkVersion, Question
from frameworks.queries import document_of, draft_events, newer_version, published_versions, version_before
from frameworks.services import install_framework
from frameworks.services.drafts import discard_draft, start_draft
from frameworks.services.publication import ChangedMeanwhile, ask_for_publication, publish_draft
from frameworks.tasks import send_mail_task
from records.models import Event, Mail
from tests.answering import save
from tests.builders import bami_spec, make_assessment, make_draft, make_editor, make_version, tiny_spec
from tests.data.malformed_content import put, tiny_document
from tests.editing import Q, now, place, reword, send, value

pytestmark = pytest.mark.django_db
NOTE = "The title of a question is shorter."


@pytest.fixture
def draft(ada):
    return make_draft(ada, put(tiny_document(), "dimensions[0].questions[0].title", "Capture"))


def asked(draft, by, note=NOTE):
    ask_for_publication(actor=by, draft=draft, note=note, revision=now(draft).revision)
    return now(draft)


def sent_mails():
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    return outbox.outbox


# --- From asking to the version -------------------------------------------------------------------------


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


# --- What stands in the way -------------------------------------------------------------------------------

FAULTS = [
    ("actions[1].prerequisites", ["A-D2-02"], "prerequisites form a cycle"),
    ("actions[1].references", ["NOWHERE"], "the code of a reference expected"),
    ("use_cases[0].minima[0].level", 5, "at most"),
]


@pytest.mark.parametrize("row", FAULTS, ids=lambda row: row[2])
def test_a_draft_with_a_fault_is_not_published(ada, ben, sign_in, row):
    where, what, said = row
    document = put(tiny_document(), where, what)
    if "cycle" in said:
        put(document, "actions[2].prerequisites", ["A-D2-01"])
    draft = make_draft(ada, document)
    overview = sign_in(ada).get(place("draft", draft)).content.decode()
    assert said in overview
    assert "to mend before TINY 1.1 can be published" in overview
    page = sign_in(ada).get(place("publication", draft)).content.decode()
    assert "stand" in page
    assert "Ask for publication</button>" not in page
    reply = sign_in(ada).post(place("ask", draft), {"number": "1.1", "note": NOTE, "revision": 0})
    assert (reply.status_code, "The draft has faults" in reply.content.decode()) == (422, True)
    FrameworkDraft.objects.filter(pk=draft.pk).update(asked_by=ada, asked_at=draft.created_at, note=NOTE)
    with pytest.raises(ValidationError, match="The draft has faults"):
        publish_draft(actor=ben, draft=draft, revision=0)
    assert FrameworkVersion.objects.count() == 1


NUMBERS = [
    # published, proposed, whether it is higher
    (["1.0"], "1.1", True),
    (["1.0", "1.9"], "1.10", True),
    (["1.0", "1.10"], "1.9", False),
    (["1.0", "1.10"], "1.10", False),
    (["1.0"], "1", False),
    (["1.0"], "1.0.1", True),
    (["2.0", "1.5"], "1.9", False),
]


@pytest.mark.parametrize(("published", "proposed", "is_higher"), NUMBERS)
def test_the_number_must_be_higher_part_by_part(ada, draft, sign_in, published, proposed, is_higher):
    for number in published:
        install_framework(parse_framework(put(tiny_document(), "version", number)))
    sent = {"number": proposed, "note": NOTE, "revision": 0}
    reply = sign_in(ada).post(place("ask", draft), sent)
    assert reply.status_code == (302 if is_higher else 422)
    assert (now(draft).is_asked, now(draft).number == proposed) == (is_higher, is_higher or proposed == "1.1")
    if not is_higher:
        page = reply.content.decode()
        assert "The number must be higher than" in page
        assert f'value="{proposed}"' in page
        assert NOTE in page


@pytest.mark.parametrize("number", ["", "1.x", "01.2", "1." + "9" * 30, "1.1\x00"])
def test_what_is_no_number_is_refused(ada, draft, sign_in, number):
    reply = sign_in(ada).post(place("ask", draft), {"number": number, "note": NOTE, "revision": 0})
    assert reply.status_code == 422
    assert NOTE in reply.content.decode()
    assert (now(draft).number, now(draft).is_asked) == ("1.1", False)


def test_a_number_that_is_a_fault_is_mended_with_the_request(ada, draft, sign_in):
    document = {**document_of(now(draft)), "version": "x"}
    FrameworkDraft.objects.filter(pk=draft.pk).update(document=canonical_json(document), number="", faults=1)
    client = sign_in(ada)
    (link,) = re.findall(
        r'<li><a href="([^"]+)">Number does not have the form that it needs\.',
        client.get(place("draft", draft)).content.decode(),
    )
    target, _hash, field = link.partition("#")
    assert f'id="{field}"' in client.get(target).content.decode()
    reply = client.post(place("ask", draft), {"number": "2.0", "note": NOTE, "revision": 0})
    assert reply.status_code == 302
    assert (now(draft).number, now(draft).is_asked, now(draft).faults) == ("2.0", True, 0)


def test_a_draft_that_was_overtaken_says_so(ada, ben, draft, sign_in):
    late = start_draft(actor=ben, version=draft.base)
    client = sign_in(ben)
    pages = [place("draft", late), place("publication", late)]
    assert not any("was published meanwhile" in client.get(page).content.decode() for page in pages)
    asked(draft, ada)
    publish_draft(actor=ben, draft=draft, revision=0)
    for page in pages:
        said = client.get(page).content.decode()
        assert "TINY 1.1 was published meanwhile" in said
        assert "what 1.1 changed is not in it" in said


def test_a_draft_that_repeats_its_version_is_neither_asked_for_nor_published(ada, ben, draft, sign_in):
    fresh = start_draft(actor=ada, version=draft.base)
    page = sign_in(ada).get(place("publication", fresh)).content.decode()
    assert "TINY 1.1 cannot be published yet" in page
    assert "Nothing is changed against TINY 1.0" in page
    assert "<textarea" not in page
    assert ">Ask for publication<" not in page
    reply = sign_in(ada).post(place("ask", fresh), {"number": "1.2", "note": NOTE, "revision": 0})
    assert (reply.status_code, now(fresh).is_asked, now(fresh).number) == (422, False, "1.1")
    with pytest.raises(ValidationError, match="Nothing is changed in this draft"):
        asked(fresh, ada)
    reword(fresh)
    asked(fresh, ada)  # what was asked for, and is back to what it was, is not published either
    FrameworkDraft.objects.filter(pk=fresh.pk).update(document=draft.base.document)
    page = sign_in(ben).get(place("publication", fresh)).content.decode()
    assert "Nothing is changed against TINY 1.0" in page
    assert "Publish TINY" not in page
    with pytest.raises(ValidationError, match="Nothing is changed in this draft"):
        publish_draft(actor=ben, draft=now(fresh), revision=0)


def test_the_way_to_publication_is_told_as_far_as_it_is_gone(ada, ben, draft, sign_in):
    def steps(of):
        return sign_in(ada).get(place("draft", of)).context["steps"]

    fresh, faulty = start_draft(actor=ada, version=draft.base), start_draft(actor=ada, version=draft.base)
    send(sign_in(ada), faulty, f"{Q}/text", "")
    names = ("edited", "sound", "asked", "published")
    assert steps(fresh) == list(zip(names, ("now", "open", "open", "open"), strict=True))
    assert steps(faulty) == list(zip(names, ("done", "now", "open", "open"), strict=True))
    assert steps(draft) == list(zip(names, ("done", "done", "now", "open"), strict=True))
    asked(draft, ada)
    assert steps(draft) == list(zip(names, ("done", "done", "done", "now"), strict=True))
    publish_draft(actor=ben, draft=draft, revision=0)
    assert steps(draft) == list(zip(names, ("done", "done", "done", "done"), strict=True))
    discard_draft(actor=ada, draft=fresh)
    page = sign_in(ada).get(place("draft", fresh)).content.decode()
    assert steps(fresh) == []
    assert 'class="steps' not in page


def test_a_number_published_meanwhile_is_refused(ada, ben, draft):
    other = start_draft(actor=ben, version=draft.base)
    reword(other)
    asked(draft, ada)
    asked(other, ada)
    publish_draft(actor=ben, draft=draft, revision=0)
    with pytest.raises(ValidationError, match=r"must be higher than 1\.1"):
        publish_draft(actor=ben, draft=other, revision=0)
    assert now(other).is_open


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


# --- The mail ---------------------------------------------------------------------------------------------


def test_every_other_editor_gets_one_mail(ada, ben, draft):
    make_editor("gone@editors.example", is_active=False)
    make_editor("cy@editors.example")
    asked(draft, ada)
    assert sorted(message.to[0] for message in sent_mails()) == ["ben@editors.example", "cy@editors.example"]
    assert all(NOTE in message.body for message in outbox.outbox)
    sent_mails()
    assert len(outbox.outbox) == 2


def test_no_mail_to_who_is_no_editor_any_more_or_for_what_is_published(ada, ben, draft):
    third = make_editor("cy@editors.example")
    asked(draft, ada)
    User.objects.filter(pk=third.pk).update(is_editor=False)
    publish_draft(actor=ben, draft=draft, revision=0)
    assert [message.to for message in sent_mails()] == [[ada.email]]
    assert set(Mail.objects.named("frameworks/publication_asked").values_list("state", flat=True)) == {
        "dropped"
    }


def words_of(message):
    return " ".join(str(message.body).split())


def test_who_asked_learns_that_another_published(ada, ben, draft):
    asked(draft, ada)
    publish_draft(actor=ben, draft=draft, revision=0)
    (message,) = sent_mails()
    assert (message.to, message.subject) == ([ada.email], "TINY 1.1 is published")
    assert "Hello Ada, Ben has published TINY 1.1, for which you asked." in words_of(message)
    assert place("publication", draft) in words_of(message)
    sent_mails()
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("take_back", "Ben did not publish TINY 1.1 and took your request back."),
        ("save", "Ben changed the draft of TINY 1.1 after you asked to publish it"),
        ("discard", "Ben discarded the draft of TINY 1.1 that you asked to publish."),
    ],
)
def test_who_asked_learns_that_another_ended_the_request(ada, ben, draft, sign_in, deed, said):
    asked(draft, ada)
    client = sign_in(ben)
    if deed == "save":
        send(client, draft, f"{Q}/weight", "2")
        send(client, draft, f"{Q}/weight", "3")
    else:
        client.post(place(deed, draft))
    (message,) = sent_mails()
    assert (message.to, message.subject) == ([ada.email], "TINY 1.1 is not published")
    assert f"Hello Ada, {said}" in words_of(message)


@pytest.mark.parametrize("deed", ["take_back", "save", "discard"])
def test_who_ends_their_own_request_gets_no_mail(ada, draft, sign_in, deed):
    asked(draft, ada)
    client = sign_in(ada)
    if deed == "save":
        send(client, draft, f"{Q}/weight", "2")
    else:
        client.post(place(deed, draft))
    assert (now(draft).is_asked, Mail.objects.count()) == (False, 0)


def test_a_request_made_anew_before_the_mail_is_sent_needs_no_mail(ada, ben, draft, sign_in):
    asked(draft, ada)
    sign_in(ben).post(place("take_back", draft))
    asked(draft, ada)
    assert [message.to for message in sent_mails()] == [[ben.email]] * 2


HOSTILE = [
    "Line\r\nBcc: x@y.example",
    "Tab\x0bfeed\x0c\x1c",
    "=?utf-8?q?x?=",
    "<b>bold</b>",
    "\u202eturned",
    "x" * 120,
]


@pytest.mark.check("S-19")
def test_no_name_and_no_note_steers_the_mail(ada, ben, draft, figure):
    broken = 0
    for name in HOSTILE:
        User.objects.filter(pk=ada.pk).update(name=name)
        ada.refresh_from_db()
        Mail.objects.all().delete()
        outbox.outbox.clear()
        FrameworkDraft.objects.filter(pk=draft.pk).update(asked_by=None, asked_at=None)
        asked(draft, ada, "A note that is long enough\nBcc: x@y.example\n<script>alert(1)</script>")
        (message,) = sent_mails()
        sent = message.message()
        page = str(message.alternatives[0][0])
        broken += message.to != [ben.email] or "Bcc" in sent or "\n" in message.subject
        broken += "<script>" in page or "<b>" in page
    figure("S-19", mails=len(HOSTILE), names=len(HOSTILE), broken=broken)
    assert broken == 0


def test_who_does_not_publish_it_may_say_what_should_change_first(ada, ben, draft, sign_in):
    asked(draft, ada)
    client, address = sign_in(ben), place("take_back", draft)
    words = "Question 2 asks two things.\nSplit it <first>."
    too_long = client.post(address, {"words": "x" * (CHANGE_NOTE + 1)})
    assert too_long.status_code == 422
    assert "At most 4,000 characters; this has 4001" in too_long.content.decode()
    assert now(draft).is_asked
    assert client.post(address, {"words": words}).status_code == 302
    (message,) = sent_mails()
    assert "What they wrote: Question 2 asks two things. Split it <first>." in words_of(message)
    page = client.get(place("draft", draft)).content.decode()
    assert "taken back: “Question 2 asks two things.\nSplit it &lt;first&gt;.”" in page


def test_what_to_think_of_stands_before_who_asks_and_who_publishes(ada, ben, sign_in):
    document = put(tiny_document(), "dimensions[0].questions[0].title", "Capture")
    document["actions"] = [
        action | {"raises": [code for code in action["raises"] if code != Q]}
        for action in document["actions"]
    ]
    draft = make_draft(ada, {**document, "actions": [row for row in document["actions"] if row["raises"]]})
    reminder = "no action raises it, so the roadmap cannot close a gap here."
    assert reminder in sign_in(ada).get(place("publication", draft)).content.decode()
    asked(draft, ada)
    assert reminder in sign_in(ben).get(place("publication", draft)).content.decode()
