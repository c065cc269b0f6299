"""The waitlist's public doors: joining, confirming and leaving, known address or not (S-09)."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.auth import hashers
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, User, WaitlistEntry
from accounts.services.waitlist import (
    CONSENT,
    Details,
    Invited,
    NotInvited,
    invite_again,
    invite_from_waitlist,
    join_waitlist,
    leave_waitlist,
    sweep,
)
from accounts.tasks import send_mail_task
from records.models import Event, Mail
from tests.builders import make_confirmed, make_member, make_organisation, make_waiting

JOIN, SENT, CONFIRM, LEAVE = "/waitlist/", "/waitlist/sent/", "/waitlist/confirm/", "/waitlist/leave/"
ADDRESS = "ada@northmere.example"
FORM = {
    "name": "Ada Byron",
    "email": ADDRESS,
    "organisation_name": "Northmere Biologics",
    "kind": "manufacturer",
    "role": "quality",
    "country": "DK",
    "interests": ["early_access", "pilot_talks"],
    "consent": "on",
    "reference": "",
}


def details(**changes):
    values = {key: FORM[key] for key in ("name", "email", "organisation_name", "kind", "role", "country")}
    return Details(**(values | {"interests": ("updates",), "consent": str(CONSENT)} | changes))


def send_mails():
    """What the worker does; the mails that were sent since, as (to, subject, text)."""
    outbox.outbox.clear()
    for mail_id in Mail.objects.order_by("pk").values_list("pk", flat=True):
        send_mail_task(mail_id)
    return [(sent.to[0], str(sent.subject), str(sent.body)) for sent in outbox.outbox]


def link(text, kind):
    """The path of a link of this kind in a mail's text."""
    found = re.search(rf"^{re.escape(project.SITE_URL)}(/{kind}/\S+/)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def open_link(path, client=None):
    """A browser that followed a link: its token is gone from the address."""
    client = client or Client()
    reply = client.get(path)
    assert (reply.status_code, reply["Location"]) == (302, f"/{'/'.join(path.split('/')[1:3])}/")
    assert reply["Referrer-Policy"] == "no-referrer"
    return client


def joined(client=None, **changes):
    """Somebody new on the list; the text of the mail that asks to confirm."""
    reply = (client or Client()).post(JOIN, FORM | changes)
    assert reply.status_code == 302, reply.content.decode()
    ((_to, _subject, text),) = send_mails()
    return text


def entry_at(address=ADDRESS):
    return WaitlistEntry.objects.at_address(address).get()


def events(action):
    rows = Event.objects.unscoped("the test looks at all of them")
    return rows.filter(action=action).count()


# --- Joining and confirming ---------------------------------------------------------------------------


def test_somebody_joins_and_confirms_by_a_click(db, client):
    page = client.get(JOIN)
    assert page.status_code == 200
    reply = client.post(JOIN, FORM | {"email": " ADA@Northmere.example "})
    assert (reply.status_code, reply["Location"]) == (302, SENT)
    assert "Check your mail" in client.get(SENT).content.decode()
    entry = entry_at()
    kept = {name: getattr(entry, name) for name in FORM if hasattr(entry, name) and name != "interests"}
    assert kept == {name: FORM[name] for name in kept if name != "consent"} | {"consent": str(CONSENT)}
    assert [interest.value for interest in entry.interests] == ["early_access", "pilot_talks"]
    assert entry.state == "joined"
    assert str(CONSENT) in page.content.decode()
    assert abs(entry.consented_at - timezone.now()) < timedelta(minutes=1)
    ((to, subject, text),) = send_mails()
    assert (to, subject) == (ADDRESS, "Confirm your address for the waitlist of BAMI Self-Assessment")
    path = link(text, "waitlist/confirm")
    visitor = open_link(path)
    shown = visitor.get(CONFIRM).content.decode()
    assert "Confirm your address" in shown
    assert path.split("/")[3] not in shown
    assert entry_at().state == "joined"  # programs that open links confirm nothing
    assert visitor.post(CONFIRM).status_code == 302
    assert entry_at().state == "confirmed"
    assert "You are on the waitlist" in visitor.get(CONFIRM).content.decode()
    assert "You are on the waitlist" in open_link(path).get(CONFIRM).content.decode()
    assert (events("waitlist.joined"), events("waitlist.confirmed")) == (1, 1)


def test_nothing_that_was_typed_is_in_the_mail_to_confirm(db, client):
    text = joined(client, name="Click https://evil.example", organisation_name="Buy https://evil.example")
    assert "evil" not in text
    assert "evil" not in str(outbox.outbox[0].alternatives[0][0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Give your name."),
        ({"email": "ada.northmere"}, "Give an e-mail address with an @ sign"),
        ({"email": ""}, "Give your work e-mail address."),
        ({"organisation_name": ""}, "Give the name of your organisation."),
        ({"kind": ""}, "Choose the kind of organisation."),
        ({"kind": "anything"}, "Select a valid choice"),
        ({"role": ""}, "Choose your role."),
        ({"country": "XX"}, "Select a valid choice"),
        ({"country": ""}, "Choose the country of your site."),
        ({"interests": []}, "Choose at least one."),
        ({"interests": ["everything"]}, "Select a valid choice"),
        ({"consent": ""}, "Tick this, or we cannot keep an entry."),
        ({"name": "Ada\r\nBcc: x@evil.example"}, "A name is one line without control characters"),
        ({"name": "Ada\u2028Byron"}, "A name is one line without control characters"),
        ({"organisation_name": "North\x0bmere"}, "A name is one line without control characters"),
        ({"name": "null \x00 byte"}, "Null characters are not allowed"),
        ({"email": "ada\x00@northmere.example"}, "Null characters are not allowed"),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"name": "x" * 4001}, "at most 120 characters"),
        ({"email": "x" * 4001 + "@northmere.example"}, "at most 254 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_stays(db, client, changes, message):
    reply = client.post(JOIN, FORM | changes)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert message in page
    assert "Error:" in page
    for name in ("name", "email", "organisation_name"):
        if name not in changes:
            assert f'value="{FORM[name]}"' in page
    assert not WaitlistEntry.objects.exists()
    assert not Mail.objects.exists()


def test_a_name_like_a_formula_is_a_name(db, client):
    joined(client, name="=HYPERLINK(1)", organisation_name="@SUM(A1)")
    assert (entry_at().name, entry_at().organisation_name) == ("=HYPERLINK(1)", "@SUM(A1)")


def test_a_robot_gets_the_same_answer_and_is_not_kept(db, client):
    reply = client.post(JOIN, FORM | {"reference": "https://buy.example"})
    assert (reply.status_code, reply["Location"]) == (302, SENT)
    assert not WaitlistEntry.objects.exists()
    assert not Mail.objects.exists()


def test_five_an_hour_from_one_network(db, settings):
    settings.WAITLIST_AN_HOUR = 5

    def ask(number, address="203.0.113.7"):
        return Client(REMOTE_ADDR=address).post(JOIN, FORM | {"email": f"p{number}@x.example"})

    assert [ask(number).status_code for number in range(6)] == [302] * 5 + [429]
    refused = ask(6)
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert WaitlistEntry.objects.count() == 5
    assert Client(REMOTE_ADDR="203.0.113.7").get(JOIN).status_code == 200
    assert ask(7, "203.0.113.8").status_code == 302
    hops = [ask(8 + number, f"2001:db8:1:2::{number + 1:x}").status_code for number in range(6)]
    assert hops == [302] * 5 + [429]


def test_a_forged_header_resets_no_limit(db, settings):
    settings.WAITLIST_AN_HOUR = 1
    codes = [
        Client().post(JOIN, FORM, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in (1, 2)
    ]
    assert codes == [302, 429]


def test_a_refused_form_costs_no_try(db, client, settings):
    settings.WAITLIST_AN_HOUR = 1
    assert [client.post(JOIN, FORM | {"name": ""}).status_code for _ in range(3)] == [422] * 3
    assert client.post(JOIN, FORM).status_code == 302


# --- S-09: the same answer for everybody ---------------------------------------------------------------


def nobody(cast):
    return "nobody@northmere.example"


def waiting(cast):
    return make_waiting().email


def confirmed(cast):
    return make_confirmed().email


def invited(cast):
    entry = make_confirmed()
    choice = Invited(entry.uuid, organisation_name="Plant", kind="manufacturer")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice])
    return entry.email


def member(cast):
    return cast.viewer.email


def consultant(cast):
    return cast.reviewer.email


def erased(cast):
    entry = make_confirmed()
    leave_waitlist(entry=entry)
    return entry.email


def mailed_today(cast):
    email = make_waiting().email
    join_waitlist(details=details(email=email))
    return email


def answer_to(email, monkeypatch, **changes):
    """All that who posts an address sees: status, headers and body of both pages, and work that shows."""
    hashed = []
    hasher = type(hashers.get_hasher("default"))
    real = hasher.encode

    def counted(self, *args, **options):
        hashed.append(1)
        return real(self, *args, **options)

    monkeypatch.setattr(hasher, "encode", counted)
    sent = len(outbox.outbox)
    client = Client()
    replies = [client.post(JOIN, FORM | {"email": email} | changes), client.get(SENT)]
    seen = [
        (
            reply.status_code,
            sorted((name, value) for name, value in reply.headers.items()),
            re.sub(r'value="[A-Za-z0-9]{64}"', "", reply.content.decode()).replace(email, ""),
            sorted(client.cookies),
        )
        for reply in replies
    ]
    return seen, len(hashed), len(outbox.outbox) - sent


@pytest.mark.check("S-09")
@pytest.mark.parametrize("known", [waiting, confirmed, invited, member, consultant, erased, mailed_today])
def test_an_address_that_is_known_is_answered_like_one_that_is_not(cast, known, monkeypatch, figure):
    """Status, headers, body, cookies, password hashes and mails inside the request are the same."""
    email = known(cast)
    expected = answer_to(nobody(cast), monkeypatch)
    got = answer_to(email, monkeypatch)
    robot = answer_to(email, monkeypatch, reference="filled in")
    differing = (got != expected) + (robot != expected)
    figure("S-09", pairs=2, differing=differing)
    assert (got, robot) == (expected, expected)
    assert expected[1:] == (0, 0)


def test_each_known_address_gets_the_mail_that_fits_it(cast):
    subjects = {}
    people = {found.__name__: found(cast) for found in (waiting, confirmed, invited, member)}
    Mail.objects.all().delete()
    for name, email in people.items():
        join_waitlist(details=details(email=email.upper(), name="Mallory"))
        ((to, subjects[name], text),) = send_mails()
        assert to == email
        assert "Mallory" not in text
    assert subjects == {
        "waiting": "Confirm your address for the waitlist of BAMI Self-Assessment",
        "confirmed": "You are on the waitlist of BAMI Self-Assessment",
        "invited": "Your place at BAMI Self-Assessment is open",
        "member": "You have an account at BAMI Self-Assessment",
    }
    assert entry_at(people["waiting"]).name == "Mallory"  # not confirmed: what was typed last
    assert entry_at(people["confirmed"]).name != "Mallory"
    assert not WaitlistEntry.objects.filter(email=cast.viewer.email).exists()


def test_an_invitation_that_ran_out_and_an_account_from_the_list_are_told_so(cast):
    email = invited(cast)
    Invitation.objects.unscoped("the test ends every one").update(expires_at=timezone.now())
    Mail.objects.all().delete()
    join_waitlist(details=details(email=email))
    assert [subject for _, subject, _ in send_mails()] == [
        "Your invitation to BAMI Self-Assessment has run out"
    ]
    Mail.objects.all().delete()
    WaitlistEntry.objects.update(state="active")
    join_waitlist(details=details(email=email))
    assert [subject for _, subject, _ in send_mails()] == ["You have an account at BAMI Self-Assessment"]


def test_one_mail_a_day_whatever_the_spelling(db, client):
    joined(client)
    for email in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} ", "ａｄａ@northmere.example"):
        client.post(JOIN, FORM | {"email": email})
    assert (WaitlistEntry.objects.count(), Mail.objects.count()) == (1, 1)
    Mail.objects.update(written_at=F("written_at") - timedelta(hours=25))
    client.post(JOIN, FORM)
    assert Mail.objects.count() == 2


def test_whoever_left_is_not_written_to_on_the_same_day(db, client):
    text = joined(client)
    open_link(link(text, "waitlist/leave")).post(LEAVE)
    client.post(JOIN, FORM)
    assert not Mail.objects.exists()
    WaitlistEntry.objects.filter(state="left").update(left_at=timezone.now() - timedelta(hours=25))
    sweep()
    client.post(JOIN, FORM)
    assert Mail.objects.count() == 1


# --- Links ---------------------------------------------------------------------------------------------


@pytest.mark.check("S-08")
def test_a_link_that_is_edited_replaced_or_late_confirms_nothing(db, client, figure):
    path = link(joined(client), "waitlist/confirm")
    edited = open_link(path[:-3] + ("AA/" if not path.endswith("AA/") else "BB/"))
    Mail.objects.all().delete()
    newer = link(joined(client), "waitlist/confirm")
    for visitor in (edited, open_link(path), Client()):
        for reply in (visitor.get(CONFIRM), visitor.post(CONFIRM)):
            assert reply.status_code == 404
            assert "This link cannot be used" in reply.content.decode()
    late = open_link(newer)
    WaitlistEntry.objects.update(token_until=timezone.now())
    assert late.post(CONFIRM).status_code == 302
    reply = late.get(CONFIRM)
    assert (reply.status_code, "This link has run out" in reply.content.decode()) == (404, True)
    figure("S-08", tried=4, accepted=int(entry_at().state != "joined"))
    assert entry_at().state == "joined"


def test_a_link_holds_as_long_as_the_setting_says(db, client, settings):
    settings.WAITLIST_CONFIRMATION_DAYS = 3
    joined(client)
    left = entry_at().token_until - timezone.now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


@pytest.mark.check("S-08")
def test_only_a_code_of_the_token_is_kept(db, client, settings, caplog, figure):
    settings.DEMO = False
    caplog.set_level("DEBUG")
    text = joined(client)
    kept = str([list(model.objects.values()) for model in (WaitlistEntry, Mail)]) + caplog.text
    kept += str(list(Event.objects.unscoped("the test looks at all of them").values()))
    tokens = [link(text, kind).split("/")[3] for kind in ("waitlist/confirm", "waitlist/leave")]
    found = sum(token in kept for token in tokens)
    figure("S-08", tried=len(tokens), accepted=found)
    assert found == 0
    assert ADDRESS not in str(list(Event.objects.unscoped("the test looks at all of them").values()))


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_confirm_once():
    visitor_path = link(joined(), "waitlist/confirm")
    visitors = [open_link(visitor_path) for _ in range(20)]
    assert at_once([lambda visitor=visitor: visitor.post(CONFIRM).status_code for visitor in visitors]) == (
        [302] * 20
    )
    assert (entry_at().state, events("waitlist.confirmed")) == ("confirmed", 1)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_from_one_address_are_one_entry_and_one_mail():
    assert at_once([lambda: Client().post(JOIN, FORM).status_code] * 10) == [302] * 10
    assert (WaitlistEntry.objects.count(), Mail.objects.count(), events("waitlist.joined")) == (1, 1, 1)


def at_once(deeds):
    """What each gives, all begun at the same moment."""
    together = threading.Barrier(len(deeds))
    given = []

    def do(deed):
        try:
            together.wait()
            given.append(deed())
        except Exception as error:
            given.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


# --- From the invitation to the account, and leaving at each step ---------------------------------------


def test_from_the_list_to_the_first_page(cast, client):
    open_link(link(joined(client, email="new@plant.example"), "waitlist/confirm")).post(CONFIRM)
    entry = entry_at("new@plant.example")
    twin = make_organisation("Northmere Biologics")
    choice = Invited(entry.uuid, organisation_name="Northmere Biologics", kind="cdmo")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice])
    ((to, subject, text),) = send_mails()
    assert (to, subject) == ("new@plant.example", "Your place at BAMI Self-Assessment is open")
    visitor = Client()
    visitor.get(link(text, "invitations"))
    password = "quiet kelp forests in spring"
    visitor.post("/invitations/accept/", {"name": "Ada Byron", "password1": password, "password2": password})
    assert visitor.get("/assessments/").status_code == 200
    entry.refresh_from_db()
    user = User.objects.get(email="new@plant.example")
    places = Membership.objects.held_by(user).values_list("organisation__name", "organisation__kind", "role")
    assert list(places) == [("Northmere Biologics", "cdmo", "owner")]
    assert entry.state == "active"
    assert not Membership.objects.of(twin).exists()
    assert not Membership.objects.of(cast.organisation).filter(user=user).exists()
    assert events("waitlist.accepted") == 1
    with pytest.raises(NotInvited):
        invite_again(actor=cast.programme_admin, entry=entry)
    leave_path = link(text, "waitlist/leave")
    leaving = open_link(leave_path)
    assert "Your account and all that is in it stay" in leaving.get(LEAVE).content.decode()
    leaving.post(LEAVE)
    user.refresh_from_db()
    assert user.is_active
    assert visitor.get("/assessments/").status_code == 200
    assert WaitlistEntry.objects.get(pk=entry.pk).state == "left"


def test_leaving_erases_the_entry_its_mails_and_the_open_invitation(cast, client):
    open_link(link(joined(client), "waitlist/confirm")).post(CONFIRM)
    entry = entry_at()
    choice = Invited(entry.uuid, organisation_name="Byron Works", kind="cdmo")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice])
    ((_to, _subject, text),) = send_mails()
    invitation = link(text, "invitations")
    visitor = open_link(link(text, "waitlist/leave"))
    shown = visitor.get(LEAVE).content.decode()
    assert "Leave the waitlist?" in shown
    assert "The invitation that waits for you is revoked" in shown
    assert entry_at().state == "invited"  # nothing happens before the click
    assert visitor.post(LEAVE).status_code == 302
    assert "Your entry is erased" in visitor.get(LEAVE).content.decode()
    tombstone = WaitlistEntry.objects.values().get(pk=entry.pk)
    kept = {name for name, value in tombstone.items() if value not in ("", None, False)}
    assert kept == {
        "id", "uuid", "state", "kind", "joined_at", "left_at", "token_hash", "address_code"
    }  # fmt: skip
    everything = str(
        [
            list(rows.values())
            for rows in (
                WaitlistEntry.objects.all(),
                Mail.objects.all(),
                Organisation.objects.all(),
                Invitation.objects.unscoped("the test looks at all of them"),
                Event.objects.unscoped("the test looks at all of them"),
            )
        ]
    )
    for trace in (ADDRESS, "Ada", "Byron"):
        assert trace not in everything
    taking = Client()
    taking.get(invitation)
    assert taking.get("/invitations/accept/").status_code == 404
    visitor.post(LEAVE)
    assert events("waitlist.left") == 1


def test_an_erased_persons_links_say_so(db, client):
    text = joined(client)
    confirming, leaving = link(text, "waitlist/confirm"), link(text, "waitlist/leave")
    open_link(leaving).post(LEAVE)
    again = open_link(confirming)
    for reply in (again.get(CONFIRM), again.post(CONFIRM, follow=True)):
        assert "This entry is erased" in reply.content.decode()
    gone = open_link(leaving)
    for reply in (gone.get(LEAVE), gone.post(LEAVE)):
        assert reply.status_code == 200
        assert "Your entry is erased" in reply.content.decode()
    assert not WaitlistEntry.objects.standing().exists()


@pytest.mark.check("S-08")
def test_a_link_to_leave_that_is_not_ours_is_refused(db, client, figure):
    path = link(joined(client), "waitlist/leave")
    visitor = open_link(path[:-4] + "xyz/")
    for reply in (visitor.get(LEAVE), visitor.post(LEAVE), Client().get(LEAVE)):
        assert reply.status_code == 404
        assert "This link cannot be used" in reply.content.decode()
    figure("S-08", tried=3, accepted=WaitlistEntry.objects.filter(state="left").count())
    assert entry_at().state == "joined"


@pytest.mark.parametrize("path", [JOIN, CONFIRM, LEAVE])
def test_these_pages_take_nothing_but_get_and_post(db, client, path):
    assert client.put(path).status_code == 405


@pytest.mark.parametrize("path", [SENT, CONFIRM + "token/", LEAVE + "token/"])
def test_links_are_only_opened(db, client, path):
    assert client.post(path).status_code == 405


# --- In time -------------------------------------------------------------------------------------------


def test_what_nobody_confirms_is_erased_after_thirty_days(db, client):
    leaving = link(joined(client), "waitlist/leave")
    stays = make_confirmed()
    WaitlistEntry.objects.update(joined_at=timezone.now() - timedelta(days=30, minutes=1))
    young = make_waiting(joined_at=timezone.now() - timedelta(days=29))
    sweep()
    sweep()
    assert set(WaitlistEntry.objects.all()) == {stays, young}
    assert not Mail.objects.exists()
    assert events("waitlist.run_out") == 1
    assert "Your entry is erased" in open_link(leaving).get(LEAVE).content.decode()


def test_the_code_of_an_address_goes_after_a_day(db):
    entries = [make_confirmed(), make_confirmed()]
    for entry in entries:
        leave_waitlist(entry=entry)
    WaitlistEntry.objects.filter(pk=entries[0].pk).update(left_at=timezone.now() - timedelta(hours=25))
    sweep()
    codes = WaitlistEntry.objects.order_by("pk").values_list("address_code", flat=True)
    assert [bool(code) for code in codes] == [False, True]


# --- The services by themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""}, {"name": "a\nb"}, {"organisation_name": " \n"}, {"email": "nobody"}, {"kind": "x"},
        {"role": "x"}, {"country": "XX"}, {"consent": ""}, {"email": ""},
    ],
)  # fmt: skip
def test_no_entry_is_made_of_what_is_none(db, changes):
    with pytest.raises(ValidationError):
        join_waitlist(details=details(**changes))
    assert not WaitlistEntry.objects.exists()


def test_invitations_of_a_batch_are_all_made_or_none(cast):
    ready, early = make_confirmed(), make_waiting()
    with pytest.raises(ValidationError):
        invite_from_waitlist(
            actor=cast.programme_admin,
            invited=[Invited(row.uuid, organisation_name="New", kind="cdmo") for row in (ready, early)],
        )
    ready.refresh_from_db()
    assert (ready.state, ready.invitation) == ("confirmed", None)
    assert not Organisation.objects.filter(name="New").exists()
    assert not Mail.objects.exists()


def test_somebody_with_an_account_is_invited_too(cast):
    other = make_member(make_organisation("Third"), email="ada@third.example")
    entry = make_confirmed(email=other.email)
    choice = Invited(entry.uuid, organisation_name="Fourth", kind="both")
    invite_from_waitlist(actor=cast.programme_admin, invited=[choice])
    ((to, _subject, text),) = send_mails()
    assert to == other.email
    visitor = Client()
    visitor.force_login(other)
    visitor.get(link(text, "invitations"))
    assert visitor.post("/invitations/accept/").status_code == 302
    entry.refresh_from_db()
    assert entry.state == "active"
