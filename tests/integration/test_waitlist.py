"""The waitlist's public doors: joining it and confirming the address by a link."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import WaitlistEntry
from accounts.services.waitlist import CONSENT, join_waitlist
from records.models import Event, Mail
from tests.waitlist import (
    ADDRESS,
    CONFIRM,
    FORM,
    JOIN,
    LEAVE,
    SENT,
    details,
    entry_at,
    events,
    joined,
    link,
    open_link,
    send_mails,
)

# --- Joining and confirming -----------------------------------------------------------------------------


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
        ({"email": "a@ex℀mple.com"}, "Give an e-mail address with an @ sign"),
        ({"email": "a@ﷺﷺﷺﷺ.com"}, "Give an e-mail address with an @ sign"),
        ({"email": "aİ@northmere.example"}, "Give an e-mail address with an @ sign"),
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


def test_what_the_service_refuses_is_said_at_its_field(db, client, monkeypatch):
    def refused(**values):
        raise ValidationError({"email": "This cannot be kept."})

    monkeypatch.setattr("accounts.views.waitlist.join_waitlist", refused)
    reply = client.post(JOIN, FORM)
    assert (reply.status_code, reply.context["form"].errors["email"]) == (422, ["This cannot be kept."])


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


# --- Links ----------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("path", [JOIN, CONFIRM, LEAVE])
def test_these_pages_take_nothing_but_get_and_post(db, client, path):
    assert client.put(path).status_code == 405


@pytest.mark.parametrize("path", [SENT, CONFIRM + "token/", LEAVE + "token/"])
def test_links_are_only_opened(db, client, path):
    assert client.post(path).status_code == 405


# --- At once --------------------------------------------------------------------------------------------


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
