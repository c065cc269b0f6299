"""A programme admin's pages: the waitlist worked from the list to the invitation, and mails not sent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation, WaitlistEntry
from accounts.queries import ProgrammeWork, programme_work
from accounts.services.waitlist import leave_waitlist
from accounts.tasks import send_mail_task
from records.models import Mail
from tests.builders import make_confirmed, make_waiting
from tests.programme import COUNTS, INVITE, LIST, MAILS, events, of


def names(page):
    return [entry.name for entry, _country in page.context["rows"]]


# --- Who may ---------------------------------------------------------------------------------------------


def doors(entry, mail):
    read = ["/programme/", LIST, of(entry), f"{INVITE}?entry={entry.uuid}", of(entry, "erase/"), COUNTS]
    read += [f"{LIST}export/csv/", f"{LIST}export/xlsx/", MAILS]
    write = [INVITE, *(of(entry, f"{deed}/") for deed in ("note", "invite-again", "revoke", "erase"))]
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


@pytest.mark.parametrize("path", ["", "note/", "invite-again/", "revoke/", "erase/"])
def test_an_entry_that_is_not_there(admin, cast, path):
    missing = f"{LIST}00000000-0000-4000-8000-000000000000/{path}"
    reply = admin.post(missing) if path in ("note/", "invite-again/", "revoke/") else admin.get(missing)
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
    assert "No entry fits the filters" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("øresund", ["Åse"]),
        ("ØRESUND", ["Åse"]),
        ("åSE", ["Åse"]),
        ("łódź", ["Bo"]),
        ("ЗАВОД", ["Bo"]),
        ("100%", ["Cy"]),
        ("1_0", []),
        ("zeta.example", ["Cy", "Bo"]),
    ],
)
def test_words_are_found_in_any_case_of_any_alphabet(admin, cast, words, found):
    now = timezone.now()
    for days, name, organisation, email in (
        (2, "Åse", "Øresund Biologics", "a@kappa.example"),
        (1, "Bo", "Завод ŁÓDŹ", "b@ZETA.example"),
        (0, "Cy", "100% Pure", "c@zeta.example"),
    ):
        joined = now - timedelta(days=days)
        make_waiting(name=name, organisation_name=organisation, email=email, joined_at=joined)
    assert names(admin.get(LIST, {"q": words})) == found


def test_the_day_of_joining_turns_the_list_around(admin, cast):
    now = timezone.now()
    for days, name in enumerate(("Cy", "Bo", "Ada")):
        make_waiting(name=name, kind="vendor", joined_at=now - timedelta(days=days))
    address, turned = "?kind=vendor", []
    for _ in range(3):
        page = admin.get(f"{LIST}{address}")
        order, href = re.findall(
            r'<th scope="col" class="w-day" aria-sort="(\w+)"><a href="([^"]+)">', page.content.decode()
        )[0]
        address = href.replace("&amp;", "&")
        turned.append((order, names(page), address))
    assert turned == [
        ("descending", ["Cy", "Bo", "Ada"], "?kind=vendor&sort=oldest"),
        ("ascending", ["Ada", "Bo", "Cy"], "?kind=vendor&sort=joined"),
        ("descending", ["Cy", "Bo", "Ada"], "?kind=vendor&sort=oldest"),
    ]
    by_name = admin.get(f"{LIST}?sort=name").content.decode()
    assert '<th scope="col" class="w-day"><a href="?sort=joined">' in by_name


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
    assert [(row.total, row.width) for row, _by_kind in weeks[:3]] == [(1, "50%"), (2, "100%"), (0, "0%")]
    assert weeks[1][1] == list(zip(WaitlistEntry.Kind.labels, (0, 1, 0, 0, 0, 1), strict=True))
    assert {row.label: row.total for row, _by_kind in states} == {
        "Joined": 2, "Confirmed": 1, "Invited": 0, "Invitation revoked": 0, "Active": 0, "Left": 1
    }  # fmt: skip
    assert "1 entry joined this week" in page.content.decode()


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


def test_an_export_in_another_order_is_of_the_whole_list(admin, cast):
    make_confirmed()
    for query in ("?sort=name", "?page=2&sort=oldest&q="):
        assert admin.get(f"{LIST}export/csv/{query}").status_code == 200
    assert [event.after_json["filtered"] for event in events("waitlist.exported")] == [False, False]


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
    assert "No mail was given up" in admin.get(MAILS).content.decode()
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
