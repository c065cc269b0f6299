"""A programme admin invites from the waitlist: each into a new organisation, never into an existing one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from accounts.models import Invitation, Membership, Organisation, User, WaitlistEntry
from accounts.services.members import accept_invitation
from accounts.services.waitlist import Invited, invite_from_waitlist, join_waitlist
from records.models import Mail
from tests.builders import make_confirmed, make_waiting
from tests.flows import newest_link
from tests.mailing import send_what_is_due
from tests.programme import INVITE, LIST, events, of
from tests.waitlist import details


def choice(entry, **changes):
    return {
        "entry": str(entry.uuid),
        f"{entry.uuid}-organisation_name": changes.get("name", entry.organisation_name),
        f"{entry.uuid}-kind": changes.get("kind", entry.kind),
    }


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


# --- Revoking ----------------------------------------------------------------------------------------------


def invited(cast, **fields):
    entry = make_confirmed(**fields)
    made = Invited(entry.uuid, organisation_name="Plant", kind="cdmo")
    invite_from_waitlist(actor=cast.programme_admin, invited=[made])
    entry.refresh_from_db()
    return entry


def link_to(address):
    return newest_link("invitations", address)


def test_a_revoked_invitation_is_over_and_the_entry_says_so(admin, cast, client):
    entry = invited(cast, email="ada@plant.example")
    link = link_to("ada@plant.example")
    assert "Revoke the invitation" in admin.get(of(entry)).content.decode()
    page = admin.post(of(entry, "revoke/"), follow=True).content.decode()
    assert "The invitation is revoked; its link no longer works." in page
    assert "State: Invitation revoked" in page
    assert "Revoke the invitation" not in page
    assert "Invitation revoked" in admin.get(LIST, {"state": "revoked"}).content.decode()
    closed = client.get(link, follow=True)
    assert (closed.status_code, "This invitation cannot be used" in closed.content.decode()) == (404, True)
    new = {"name": "Ada", "password1": "quiet kelp forests", "password2": "quiet kelp forests"}
    assert client.post("/invitations/accept/", new).status_code == 404
    assert not User.objects.filter(email="ada@plant.example").exists()
    assert [event.actor for event in events("waitlist.revoked")] == [cast.programme_admin]
    row = Invitation.objects.unscoped("the test looks at the only one").get()
    assert (row.email, row.organisation.name) == (f"{row.uuid}@erased.invalid", "Invitation revoked")
    again = admin.post(of(entry, "revoke/"), follow=True).content.decode()
    assert "accepted or revoked meanwhile" in again
    assert len(events("waitlist.revoked")) == 1


def test_a_mail_that_waits_is_not_sent_once_its_invitation_is_revoked(admin, cast):
    entry = invited(cast)
    admin.post(of(entry, "revoke/"))
    send_what_is_due()
    assert list(Mail.objects.values_list("name", "state")) == [("accounts/waitlist_invitation", "dropped")]


def test_who_was_revoked_can_be_invited_anew_and_erased(admin, cast):
    entry = invited(cast, email="ada@plant.example")
    admin.post(of(entry, "revoke/"))
    assert "Invite anew" in admin.get(of(entry)).content.decode()
    assert admin.post(INVITE, choice(entry)).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.invitation.email) == ("invited", "ada@plant.example")
    assert link_to("ada@plant.example")
    admin.post(of(entry, "revoke/"))
    admin.post(of(entry, "erase/"))
    every = Invitation.objects.unscoped("the test looks for what is left of an address")
    assert [row.email.partition("@")[2] for row in every.all()] == ["erased.invalid"] * 2
    entry.refresh_from_db()
    assert entry.state == "left"


def test_what_was_accepted_cannot_be_revoked(admin, cast):
    entry = invited(cast, email="ada@plant.example")
    accept_invitation(invitation=entry.invitation, user=None, name="Ada", password="quiet kelp forests")
    page = admin.post(of(entry, "revoke/"), follow=True).content.decode()
    assert "accepted or revoked meanwhile" in page
    entry.refresh_from_db()
    assert entry.state == "active"
    assert not events("waitlist.revoked")


def test_who_joins_again_after_a_revocation_is_told_that_they_wait(admin, cast):
    entry = invited(cast, email="ada@plant.example")
    admin.post(of(entry, "revoke/"))
    Mail.objects.all().delete()
    join_waitlist(details=details(email="ada@plant.example"))
    outbox.outbox.clear()
    send_what_is_due()
    (mail,) = outbox.outbox
    assert "You are on it, and your address is confirmed." in " ".join(str(mail.body).split())
