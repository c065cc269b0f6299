"""The mails of a publication: who is asked, who learns how a request ended, and that no name steers one."""

from __future__ import annotations

import pytest
from django.core import mail as outbox

from accounts.models import User
from frameworks.models import CHANGE_NOTE, FrameworkDraft
from frameworks.services.publication import publish_draft
from records.models import Mail
from tests.builders import make_editor
from tests.editing import Q, now, place, send
from tests.publishing import NOTE, asked, make_changed, sent_mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada):
    return make_changed(ada)


def test_every_other_editor_gets_one_mail(ada, ben, draft):
    make_editor("gone@editors.example", is_active=False)
    make_editor("cy@editors.example")
    asked(draft, ada)
    assert sorted(message.to[0] for message in sent_mails()) == ["ben@editors.example", "cy@editors.example"]
    assert all(NOTE in message.body for message in outbox.outbox)
    sent_mails()
    assert len(outbox.outbox) == 2


def test_an_editor_whose_main_address_is_another_since_gets_the_mail(ada, ben, draft):
    asked(draft, ada)
    User.objects.filter(pk=ben.pk).update(email="new@editors.example")
    assert [message.to for message in sent_mails()] == [["ben@editors.example"]]


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
