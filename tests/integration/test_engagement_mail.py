"""Who is told when an engagement is changed, or ends by its last day: each once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from accounts.models import Engagement, User
from accounts.services.engagements import end_engagement, sweep
from records.models import Event, Mail
from tests.builders import make_member, make_submitted, make_version, tiny_spec
from tests.engaging import place, soon
from tests.mailing import send_what_is_due


def reviewing_of(cast):
    return Engagement.objects.of(cast.organisation).running().get(kind="reviewer")


def written():
    return list(Mail.objects.order_by("pk").values_list("name", "recipient"))


def said():
    """The subject and the first words of each mail that was sent since, oldest first."""
    outbox.outbox.clear()
    send_what_is_due()
    return [(mail.to[0], mail.subject, " ".join(str(mail.body).split())) for mail in outbox.outbox]


def test_the_passing_of_the_last_day_is_told_once(cast):
    second = make_member(cast.organisation, email="second@northmere.example")
    gone = make_member(cast.organisation, email="gone@northmere.example")
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    row = reviewing_of(cast)
    day = timezone.localdate() + timedelta(days=2)
    Engagement.objects.of(cast.organisation).filter(pk=row.pk).update(until_on=day)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        sweep()
        assert written() == []
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        sweep()
        sweep()
        shown = f"{day:%-d %B %Y}"
        (to, subject, text), *owners = said()
        assert (to, subject) == (
            cast.reviewer.email, "Your engagement with Northmere Biologics has ended"
        )  # fmt: skip
        assert f"ended on its last day, {shown}. You no longer see" in text
        assert [(to, subject) for to, subject, _ in owners] == [
            (cast.owner.email, "The engagement of Tessaly Advisory has ended"),
            (second.email, "The engagement of Tessaly Advisory has ended"),
        ]
        assert all(f"ended on its last day, {shown}." in text for _, _, text in owners)
        assert all(f"/organisations/{cast.organisation.uuid}/engagements/" in text for _, _, text in owners)
    ran_out = Event.objects.of(cast.organisation).filter(action="engagement.ran_out")
    assert list(ran_out.values_list("actor", "after_json")) == [
        (None, {"engagement": str(row.uuid), "until": day.isoformat()})
    ]


def test_what_an_owner_ended_is_not_told_again_on_its_last_day(cast):
    end_engagement(actor=cast.owner, engagement=reviewing_of(cast))
    Engagement.objects.of(cast.organisation).filter(kind="reader").update(until_on=soon(90))
    before = written()
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        sweep()
    assert written() == before == [("accounts/engagement_ended", cast.reviewer.email)]
    ((_, _, text),) = said()
    assert "Northmere Biologics has ended your engagement." in text


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(cast):
    rows = Engagement.objects.of(cast.organisation).filter(ended_at=None)
    rows.update(until_on=soon(-1))
    together = threading.Barrier(4)

    def work():
        try:
            together.wait()
            sweep()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written()) == [
        ("accounts/engagement_ended", cast.reader.email),
        ("accounts/engagement_ended", cast.reviewer.email),
        ("accounts/engagement_over", cast.owner.email),
        ("accounts/engagement_over", cast.owner.email),
    ]
    assert Event.objects.of(cast.organisation).filter(action="engagement.ran_out").count() == 2


def test_a_change_is_told_to_who_accepted(cast, sign_in):
    owner, row = sign_in(cast.owner), reviewing_of(cast)
    owner.post(place("consultant_name", cast.organisation, row), {"email": "asked@tessaly.example"})
    Mail.objects.all().delete()
    address = place("engagement_change", cast.organisation, row)
    same = {"kind": "reviewer", "until_on": row.until_on.isoformat()}
    assert owner.post(address, same).status_code == 302
    assert written() == []  # nothing was changed
    day = soon(60)
    owner.post(address, {"kind": "reader", "until_on": day.isoformat()})
    assert said() == [
        (
            cast.reviewer.email,
            "Northmere Biologics has changed your engagement",
            f"Hello {cast.reviewer.shown_name}, Northmere Biologics has changed your engagement. "
            f"You can now read its assessments and reports, but not review them, until {day:%-d %B %Y}. "
            "Your clients: http://localhost:8000/clients/ BAMI Self-Assessment, http://localhost:8000",
        )
    ]


def test_who_may_review_from_now_on_is_told_what_waits(cast, sign_in):
    submitted = make_submitted(site=cast.site, owner=cast.owner, version=make_version(tiny_spec()))
    Mail.objects.all().delete()
    row = Engagement.objects.of(cast.organisation).running().get(kind="reader")
    posted = {"kind": "reviewer", "until_on": row.until_on.isoformat()}
    sign_in(cast.owner).post(place("engagement_change", cast.organisation, row), posted)
    changed, waits = said()
    assert (changed[0], waits[0]) == (cast.reader.email, cast.reader.email)
    assert "You can now read and review its assessments until" in changed[2]
    assert f"/assessments/{submitted.uuid}/review/" in waits[2]


def test_a_change_that_is_over_before_its_mail_is_sent_is_not_told(cast, sign_in):
    row = reviewing_of(cast)
    posted = {"kind": "reader", "until_on": soon(60).isoformat()}
    sign_in(cast.owner).post(place("engagement_change", cast.organisation, row), posted)
    end_engagement(actor=cast.owner, engagement=reviewing_of_kind(cast, "reader", row))
    assert [subject for _, subject, _ in said()] == ["Your engagement with Northmere Biologics has ended"]


def reviewing_of_kind(cast, kind, row):
    return Engagement.objects.of(cast.organisation).select_related("organisation").get(kind=kind, pk=row.pk)


@pytest.mark.parametrize("deed", ["change", "end", "strike", "last day"])
def test_who_has_another_address_since_is_told_there(cast, sign_in, deed):
    row, owner = reviewing_of(cast), sign_in(cast.owner)
    User.objects.filter(pk=cast.reviewer.pk).update(email="new@tessaly.example")
    if deed == "change":
        posted = {"kind": "reader", "until_on": row.until_on.isoformat()}
        owner.post(place("engagement_change", cast.organisation, row), posted)
    elif deed == "end":
        owner.post(place("engagement_end", cast.organisation, row))
    elif deed == "strike":
        owner.post(place("consultant_strike", cast.organisation, row, row.consultants.get()))
    else:
        Engagement.objects.of(cast.organisation).filter(pk=row.pk).update(until_on=soon(-1))
        sweep()
    name = "accounts/engagement_changed" if deed == "change" else "accounts/engagement_ended"
    assert list(Mail.objects.filter(name=name).values_list("recipient", flat=True)) == ["new@tessaly.example"]
