"""One entry of the waitlist, as a programme admin sees, notes and erases it."""

from __future__ import annotations

from importlib import import_module

import pytest

from accounts.models import WaitlistEntry
from accounts.services.waitlist import leave_waitlist
from tests.builders import make_confirmed, make_user, make_waiting
from tests.programme import events, of


def test_an_entry_shows_what_was_typed_and_keeps_a_note(admin, cast):
    entry = make_confirmed(name="Ada <b>Byron</b>", consent="The wording as it stood.")
    page = admin.get(of(entry)).content.decode()
    assert "Ada &lt;b&gt;Byron&lt;/b&gt;" in page
    assert "The wording as it stood." in page
    assert "Denmark" in page
    assert "once its address is confirmed" not in page
    assert "once its address is confirmed" in admin.get(of(make_waiting())).content.decode()
    assert admin.post(of(entry, "note/"), {"note": "First\r\nsecond", "base_version": 0}).status_code == 302
    entry.refresh_from_db()
    assert (entry.note, entry.noted_by) == ("First\nsecond", cast.programme_admin)
    assert [event.actor for event in events("waitlist.noted")] == [cast.programme_admin]
    assert "First" not in str(events("waitlist.noted")[0].after_json)


@pytest.mark.parametrize(
    ("text", "message"),
    [("x" * 4001, "at most 4000 characters"), ("a\x00b", "Null characters are not allowed")],
)
def test_a_note_that_cannot_be_kept_stays_on_the_page(admin, cast, text, message):
    entry = make_confirmed(note="Before")
    reply = admin.post(of(entry, "note/"), {"note": text, "base_version": 0})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert reply.context["form"]["note"].value() == text
    entry.refresh_from_db()
    assert entry.note == "Before"


def test_a_note_of_four_thousand_characters_is_kept(admin, cast):
    entry = make_confirmed()
    assert admin.post(of(entry, "note/"), {"note": "é" * 4000, "base_version": 0}).status_code == 302
    lines = ("x" * 39 + "\r\n") * 99 + "x" * 40  # as a browser sends them: a line break is one character
    assert admin.post(of(entry, "note/"), {"note": lines, "base_version": 1}).status_code == 302
    entry.refresh_from_db()
    assert (len(entry.note), entry.note.count("\n")) == (4000, 99)


def test_of_two_who_note_at_once_the_second_sees_both_and_decides(admin, cast, sign_in):
    entry = make_confirmed()
    other = make_user("other@programme.example", is_programme_admin=True, name="Ola Other")
    second = sign_in(other)
    seen = [client.get(of(entry)).context["form"]["base_version"].value() for client in (admin, second)]
    assert seen == [0, 0]
    assert (
        second.post(of(entry, "note/"), {"note": "Called.\nNo reply", "base_version": 0}).status_code == 302
    )
    late = admin.post(of(entry, "note/"), {"note": "Met <her> in May", "base_version": 0})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Ola Other changed this note at" in page
    assert "Called.<br>No reply" in page
    assert "Met &lt;her&gt; in May</textarea>" in page
    assert late.context["form"]["base_version"].value() == 1
    entry.refresh_from_db()
    assert (entry.note, entry.noted_by, entry.note_version) == ("Called.\nNo reply", other, 1)
    both = {"note": "Called. No reply. Met her in May", "base_version": 1}
    assert admin.post(of(entry, "note/"), both).status_code == 302
    entry.refresh_from_db()
    assert (entry.note, entry.noted_by, entry.note_version) == (both["note"], cast.programme_admin, 2)
    again = admin.post(of(entry, "note/"), both)  # sent twice: the same note
    assert (again.status_code, len(events("waitlist.noted"))) == (302, 2)


def test_a_note_whose_page_was_incomplete_is_not_kept(admin, cast):
    entry = make_confirmed(note="Before")
    reply = admin.post(of(entry, "note/"), {"note": "After"})
    assert reply.status_code == 422
    assert "This page was incomplete when it was sent." in reply.content.decode()
    assert reply.context["form"]["note"].value() == "After"
    entry.refresh_from_db()
    assert entry.note == "Before"


def test_nothing_is_noted_about_who_left_meanwhile(admin, cast):
    entry = make_confirmed()
    leave_waitlist(entry=entry)
    reply = admin.post(of(entry, "note/"), {"note": "Too late", "base_version": 0})
    assert reply.status_code == 422
    entry.refresh_from_db()
    assert entry.note == ""
    page = admin.get(of(entry)).content.decode()
    assert "This entry is erased" in page
    assert "Keep the note" not in page


def test_an_entry_is_erased_for_who_asks_another_way(admin, cast):
    entry = make_confirmed(name="Ada Byron")
    page = admin.get(of(entry, "erase/")).content.decode()
    assert "Erase this entry?" in page
    entry.refresh_from_db()
    assert entry.name == "Ada Byron"
    assert admin.post(of(entry, "erase/")).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.name, entry.email) == ("left", "", "")
    assert [event.actor for event in events("waitlist.left")] == [cast.programme_admin]


def test_an_entry_that_ran_out_meanwhile_is_said_to_be_erased(admin, cast, monkeypatch):
    views = import_module("accounts.views.programme")
    for service, deed, posted, status in (
        ("keep_note", "note/", {"note": "Too late", "base_version": 0}, 422),
        ("leave_waitlist", "erase/", {}, 302),
    ):
        entry, done = make_waiting(), getattr(views, service)

        def run_out_before(*, entry, done=done, **values):
            WaitlistEntry.objects.filter(pk=entry.pk).delete()
            return done(entry=entry, **values)

        monkeypatch.setattr(views, service, run_out_before)
        reply = admin.post(of(entry, deed), posted)
        assert reply.status_code == status
    assert events("waitlist.left") == events("waitlist.noted") == []
