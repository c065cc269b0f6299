"""How a place on the waitlist ends: with an account, by leaving, or in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, User, WaitlistEntry
from accounts.services.waitlist import (
    Invited,
    NotInvited,
    invite_again,
    invite_from_waitlist,
    leave_waitlist,
    sweep,
)
from records.models import Event, Mail
from tests.builders import make_confirmed, make_member, make_organisation, make_waiting
from tests.waitlist import ADDRESS, CONFIRM, LEAVE, entry_at, events, joined, link, open_link, send_mails

# --- With an account ------------------------------------------------------------------------------------


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


# --- By leaving -----------------------------------------------------------------------------------------


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


# --- In time --------------------------------------------------------------------------------------------


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
