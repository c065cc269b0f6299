"""A programme admin's pages: the waitlist worked from the list to the invitation, and mails not sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, WaitlistEntry
from accounts.queries import ProgrammeWork, programme_work
from accounts.services.waitlist import Invited, invite_from_waitlist, leave_waitlist
from accounts.tasks import send_mail_task
from records.models import Event, Mail
from tests.builders import make_confirmed, make_waiting

LIST, INVITE, COUNTS, MAILS = (
    "/programme/waitlist/", "/programme/waitlist/invite/", "/programme/waitlist/counts/", "/programme/mails/"
)  # fmt: skip


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.programme_admin)


def of(entry, deed=""):
    return f"{LIST}{entry.uuid}/{deed}"


def names(page):
    return [entry.name for entry, _country in page.context["rows"]]


def events(action):
    rows = Event.objects.unscoped("the test looks at all of them").filter(action=action).order_by("seq")
    return list(rows)


def choice(entry, **changes):
    return {
        "entry": str(entry.uuid),
        f"{entry.uuid}-organisation_name": changes.get("name", entry.organisation_name),
        f"{entry.uuid}-kind": changes.get("kind", entry.kind),
    }


# --- Who may ---------------------------------------------------------------------------------------------


def doors(entry, mail):
    read = ["/programme/", LIST, of(entry), f"{INVITE}?entry={entry.uuid}", of(entry, "erase/"), COUNTS]
    read += [f"{LIST}export/csv/", f"{LIST}export/xlsx/", MAILS]
    write = [of(entry, "note/"), INVITE, of(entry, "invite-again/"), of(entry, "erase/")]
    return read, [*write, f"{MAILS}{mail.uuid}/send-again/"]


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (WaitlistEntry, Mail, Organisation)]


def test_nobody_but_a_programme_admin_opens_any_of_these_doors(cast, sign_in):
    entry, mail = make_confirmed(), given_up()
    read, write = doors(entry, mail)
    before = rows()
    for person in set(cast.everybody().values()) - {cast.programme_admin}:
        client = sign_in(person)
        assert [client.get(path).status_code for path in read] == [403] * len(read)
        assert [client.post(path).status_code for path in write] == [403] * len(write)
    stranger = sign_in(None)
    for path in read:
        assert stranger.get(path)["Location"].startswith("/accounts/login/?next=/programme/")
    assert [stranger.post(path).status_code for path in write] == [401] * len(write)
    assert rows() == before


def test_a_programme_admin_opens_the_pages_and_sees_no_assessment(cast, assessment, admin):
    entry, mail = make_confirmed(), given_up()
    read, _write = doors(entry, mail)
    assert [admin.get(path).status_code for path in read] == [302] + [200] * (len(read) - 1)
    assert admin.get(f"/assessments/{assessment.uuid}/").status_code == 404
    assert admin.get(f"/organisations/{cast.organisation.uuid}/members/").status_code == 404


def test_each_address_takes_its_own_methods_alone(admin, cast):
    entry, mail = make_confirmed(), given_up()
    both = {f"{INVITE}?entry={entry.uuid}", of(entry, "erase/")}
    read, write = doors(entry, mail)
    assert {admin.post(path).status_code for path in read if path not in both} == {405}
    assert {admin.get(path).status_code for path in write if path not in (INVITE, of(entry, "erase/"))} == {
        405
    }


@pytest.mark.parametrize("path", ["", "note/", "invite-again/", "erase/"])
def test_an_entry_that_is_not_there(admin, cast, path):
    missing = f"{LIST}00000000-0000-4000-8000-000000000000/{path}"
    reply = admin.post(missing) if path in ("note/", "invite-again/") else admin.get(missing)
    assert reply.status_code == 404
    assert admin.get(f"{LIST}export/pdf/").status_code == 404


# --- The list --------------------------------------------------------------------------------------------


def test_the_list_is_filtered_searched_and_sorted(admin, cast):
    now = timezone.now()
    make_waiting(name="Bo", country="DE", joined_at=now - timedelta(days=3), updates=True)
    make_confirmed(name="ada", kind="vendor", joined_at=now - timedelta(days=2), organisation_name="Zeta")
    make_confirmed(name="Cy", email="cy@zeta.example", joined_at=now - timedelta(days=1), pilot_talks=True)
    gone = make_confirmed(name="Gone")
    leave_waitlist(entry=gone)
    for query, expected in {
        "": ["Cy", "ada", "Bo"],
        "sort=oldest": ["Bo", "ada", "Cy"],
        "sort=name": ["ada", "Bo", "Cy"],
        "sort=organisation": ["Bo", "Cy", "ada"],
        "sort=state": ["Cy", "ada", "Bo"],
        "sort=country": ["Bo", "Cy", "ada"],
        "sort=anything": ["Cy", "ada", "Bo"],
        "state=joined": ["Bo"],
        "state=confirmed": ["Cy", "ada"],
        "state=left": [""],
        "kind=vendor": ["ada"],
        "interest=updates": ["Bo"],
        "interest=pilot_talks": ["Cy"],
        "country=DE": ["Bo"],
        "q=zeta": ["Cy", "ada"],
        "q=ADA": ["ada"],
        "q=zeta&kind=vendor": ["ada"],
        "q=%25": [],
        "page=99": ["Cy", "ada", "Bo"],
        "page=x": ["Cy", "ada", "Bo"],
    }.items():
        page = admin.get(f"{LIST}?{query}")
        assert names(page) == expected, query
    page = admin.get(f"{LIST}?q=nobody")
    assert "No entry fits these filters" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "state=zz", "kind=zz", "country=ZZ", "interest=zz", f"q={'x' * 4001}"]
)
def test_a_filter_that_makes_no_sense_says_so_and_filters_nothing(admin, cast, query):
    make_waiting(name="Ada")
    page = admin.get(f"{LIST}?{query}")
    assert (page.status_code, names(page)) == (422, ["Ada"])
    assert "data-error-summary" in page.content.decode()


def test_an_empty_list_says_what_comes(admin, cast):
    assert "Nobody is on the waitlist yet" in admin.get(LIST).content.decode()


def test_fifty_to_a_page(admin, cast):
    for number in range(51):
        make_waiting(name=f"P{number:02}")
    first, second = admin.get(f"{LIST}?sort=name"), admin.get(f"{LIST}?sort=name&page=2")
    assert (len(names(first)), names(second)) == (50, ["P50"])
    assert 'href="?sort=name&amp;page=2"' in first.content.decode()


def test_the_list_takes_the_same_number_of_statements_however_long(admin, cast):
    """At one row and at three, at ten and at a thousand."""
    taken = {}
    for number in (1, 3, 10, 1000):
        missing = number - WaitlistEntry.objects.count()
        WaitlistEntry.objects.bulk_create(
            WaitlistEntry(
                name=f"P{n}", email=f"{number}-{n}@x.example", kind="cdmo", country="DK", consent="y"
            )
            for n in range(missing)
        )
        for path in (LIST, COUNTS):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert admin.get(path).status_code == 200
            taken[path, number] = len(queries)
    for path, most in ((LIST, 8), (COUNTS, 7)):
        assert {count for (name, _), count in taken.items() if name == path} == {taken[path, 1]}
        assert taken[path, 1] <= most


def test_a_look_alike_domain_shows_what_it_is(admin, cast):
    make_waiting(email="ada@аррӏе.example")
    assert "ada@xn--80ak6aa92e.example" in admin.get(LIST).content.decode()


def test_counts_by_week_and_kind_and_by_state(admin, cast):
    now = timezone.now()
    make_waiting(kind="cdmo")
    make_confirmed(kind="cdmo", joined_at=now - timedelta(weeks=1))
    leave_waitlist(entry=make_confirmed(kind="other", joined_at=now - timedelta(weeks=1)))
    make_waiting(joined_at=now - timedelta(weeks=20))
    page = admin.get(COUNTS)
    weeks, states = page.context["weeks"], page.context["states"]
    assert [(row.total, row.width) for row in weeks[:3]] == [(1, "50%"), (2, "100%"), (0, "0%")]
    assert weeks[1].counts == (0, 1, 0, 0, 0, 1)
    assert {row.label: row.total for row in states} == {
        "Joined": 2, "Confirmed": 1, "Invited": 0, "Active": 0, "Left": 1
    }  # fmt: skip
    assert "1 entry joined this week" in page.content.decode()


# --- An entry --------------------------------------------------------------------------------------------


def test_an_entry_shows_what_was_typed_and_keeps_a_note(admin, cast):
    entry = make_confirmed(name="Ada <b>Byron</b>", consent="The wording as it stood.")
    page = admin.get(of(entry)).content.decode()
    assert "Ada &lt;b&gt;Byron&lt;/b&gt;" in page
    assert "The wording as it stood." in page
    assert "Denmark" in page
    assert admin.post(of(entry, "note/"), {"note": "First\r\nsecond"}).status_code == 302
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
    reply = admin.post(of(entry, "note/"), {"note": text})
    assert reply.status_code == 422
    assert message in reply.content.decode()
    assert reply.context["form"]["note"].value() == text
    entry.refresh_from_db()
    assert entry.note == "Before"


def test_a_note_of_four_thousand_characters_is_kept(admin, cast):
    entry = make_confirmed()
    assert admin.post(of(entry, "note/"), {"note": "é" * 4000}).status_code == 302


def test_nothing_is_noted_about_who_left_meanwhile(admin, cast):
    entry = make_confirmed()
    leave_waitlist(entry=entry)
    reply = admin.post(of(entry, "note/"), {"note": "Too late"})
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


# --- Inviting --------------------------------------------------------------------------------------------


def test_a_batch_is_invited_each_into_a_new_organisation(admin, cast):
    twin = make_confirmed(name="Ada", organisation_name="Northmere Biologics")
    vendor = make_confirmed(name="Bo", kind="vendor", organisation_name="Tools")
    asked = admin.get(INVITE, {"entry": [twin.uuid, vendor.uuid]})
    assert [form["kind"].value() for form in asked.context["forms"]] == ["manufacturer", ""]
    refused = admin.post(INVITE, merged(choice(twin), choice(vendor)))
    assert refused.status_code == 422
    assert "Select a valid choice" in refused.content.decode()
    assert not Mail.objects.exists()
    sent = admin.post(INVITE, merged(choice(twin), choice(vendor, kind="cdmo", name="Tools of Bo")))
    assert (sent.status_code, sent["Location"]) == (302, LIST)
    made = Organisation.objects.filter(waitlisted()).order_by("pk")
    assert [(row.name, row.kind) for row in made] == [
        ("Northmere Biologics", "manufacturer"),
        ("Tools of Bo", "cdmo"),
    ]
    assert cast.organisation not in made
    for organisation, entry in zip(made, (twin, vendor), strict=True):
        row = Invitation.objects.of(organisation).get()
        assert (row.email, row.role, row.invited_by) == (entry.email, "owner", cast.programme_admin)
        assert not Membership.objects.of(organisation).exists()
    assert set(WaitlistEntry.objects.values_list("state", flat=True)) == {"invited"}
    assert sorted(Mail.objects.values_list("name", "recipient")) == sorted(
        ("accounts/waitlist_invitation", entry.email) for entry in (twin, vendor)
    )
    assert len(events("waitlist.invited")) == 2
    assert Invitation.objects.of(cast.organisation).count() == 0
    assert "are invited" in admin.get(LIST).content.decode()


def waitlisted():
    from django.db.models import Q

    return Q(pk__in=WaitlistEntry.objects.values("invitation__organisation"))


def merged(*choices):
    """The fields of a form that holds several entries."""
    fields = {"entry": [each.pop("entry") for each in choices]}
    for each in choices:
        fields |= each
    return fields


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "a\nb"}, "A name is one line"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"name": "null \x00"}, "Null characters are not allowed"),
        ({"kind": ""}, "Confirm the kind."),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(admin, cast, changes, message):
    entry = make_confirmed()
    reply = admin.post(INVITE, choice(entry, **changes))
    assert reply.status_code == 422
    assert message in reply.content.decode()
    entry.refresh_from_db()
    assert entry.state == "confirmed"


def test_only_confirmed_entries_can_be_invited(admin, cast):
    early = make_waiting()
    for reply in (
        admin.get(INVITE, {"entry": early.uuid}, follow=True),
        admin.get(INVITE, follow=True),
        admin.get(INVITE, {"entry": "no uuid"}, follow=True),
    ):
        assert "Choose entries that are confirmed and not invited yet." in reply.content.decode()
    admin.post(INVITE, choice(early))
    assert not Invitation.objects.unscoped("the test looks at all of them").exists()


def test_who_was_invited_meanwhile_stops_the_batch(admin, cast):
    entry, other = make_confirmed(), make_confirmed()
    fields = merged(choice(entry), choice(other))
    invite_from_waitlist(
        actor=cast.programme_admin, invited=[Invited(other.uuid, organisation_name="First", kind="cdmo")]
    )
    reply = admin.post(INVITE, fields)
    assert reply.status_code == 422
    assert "invited or erased meanwhile, so nobody was invited" in reply.content.decode()
    entry.refresh_from_db()
    assert entry.state == "confirmed"
    again = admin.post(INVITE, choice(other), follow=True)
    assert "invited or erased meanwhile" in again.content.decode()
    assert len(events("waitlist.invited")) == 1


def test_an_invitation_is_sent_again_with_its_full_time(admin, cast):
    entry = make_confirmed()
    choice_made = Invited(entry.uuid, organisation_name="Plant", kind="cdmo")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice_made])
    every = Invitation.objects.unscoped("the test ends every one")
    every.update(expires_at=timezone.now() - timedelta(days=1))
    assert "Invitation ran out" in admin.get(of(entry)).content.decode()
    assert admin.post(of(entry, "invite-again/"), follow=True).status_code == 200
    assert every.get().expires_at > timezone.now() + timedelta(days=13)
    assert Mail.objects.filter(name="accounts/waitlist_invitation").count() == 2
    every.update(revoked_at=timezone.now())
    refused = admin.post(of(entry, "invite-again/"), follow=True)
    assert "accepted or revoked meanwhile" in refused.content.decode()
    assert len(events("waitlist.invited_again")) == 1


# --- Exports and unsent mail -------------------------------------------------------------------------------


def test_an_export_is_noted_without_what_was_searched_for(admin, cast):
    make_waiting(name="Ada")
    make_waiting(name="Bo")
    admin.get(f"{LIST}export/xlsx/?q=ada")
    (event,) = events("waitlist.exported")
    assert (event.actor, event.after_json) == (
        cast.programme_admin,
        {"rows": 1, "file": "xlsx", "filtered": True},
    )


def test_ten_exports_an_hour(admin, cast, settings):
    settings.EXPORTS_AN_HOUR = 2
    codes = [admin.get(f"{LIST}export/{ending}/").status_code for ending in ("csv", "xlsx", "csv")]
    assert codes == [200, 200, 429]
    assert admin.get(LIST).status_code == 200


def given_up(**changes):
    values = {"name": "accounts/password_changed", "recipient": "ada@x.example", "state": "given up"}
    return Mail.objects.create(**(values | {"attempts": 29, "reason": "ConnectionRefusedError"} | changes))


def test_a_mail_that_was_given_up_is_sent_again(admin, cast, django_capture_on_commit_callbacks):
    row = given_up(
        recipient=cast.owner.email,
        about={"user": str(cast.owner.uuid)},
        written_at=timezone.now() - timedelta(days=3),
    )
    given_up(state="sent", recipient="sent@x.example")
    page = admin.get(MAILS).content.decode()
    assert "1 mail could not be sent" in page
    assert "Password changed" in page
    assert "ConnectionRefusedError" in page
    assert "sent@x.example" not in page
    with django_capture_on_commit_callbacks() as rung:
        assert admin.post(f"{MAILS}{row.uuid}/send-again/").status_code == 302
    assert len(rung) == 1
    send_mail_task(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts, len(outbox.outbox)) == ("sent", 1, 1)
    assert [event.actor for event in events("mail.sent_again")] == [cast.programme_admin]
    again = admin.post(f"{MAILS}{row.uuid}/send-again/", follow=True)
    assert "on its way already" in again.content.decode()
    assert "Every mail was sent" in admin.get(MAILS).content.decode()
    assert admin.post(f"{MAILS}00000000-0000-4000-8000-000000000000/send-again/").status_code == 404


def test_unsent_mails_take_the_same_number_of_statements(admin, cast):
    taken = set()
    for number in (1, 3):
        while Mail.objects.count() < number:
            given_up()
        with CaptureQueriesContext(connection) as queries:
            admin.get(MAILS)
        taken.add(len(queries))
    assert len(taken) == 1
    assert taken.pop() <= 6


def test_what_waits_for_a_programme_admin(cast, django_assert_num_queries):
    make_waiting()
    make_confirmed()
    make_confirmed()
    given_up()
    with django_assert_num_queries(2):
        assert programme_work() == ProgrammeWork(confirmed=2, mails_given_up=1)
