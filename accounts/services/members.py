"""Invitations to an organisation, and the places of its members."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organisation, User, plain_address
from accounts.services.people import join_organisation, lock_organisation, note
from accounts.services.waitlist import note_accepted
from records.mail import write_mail

Role = Membership.Role


class InvitationClosed(Exception):
    """It was accepted or revoked, or its time has run out."""


class NotYours(Exception):
    """It was made for another address."""


@transaction.atomic
def invite(*, actor: User, organisation: Organisation, email: str, role: str) -> Invitation:
    """Hold a place for an address and send the link; one that is held already gets this role, a new link
    and whoever invites now as its sender.

    Raises ValidationError for an address that is none, or that belongs to a member.
    """
    lock_organisation(organisation)
    address = plain_address(email)
    # Main addresses alone, which the page of members shows: whose the others are is for nobody to find out.
    if Membership.objects.of(organisation).filter(user__email__iexact=address).exists():
        raise ValidationError({"email": _("%(email)s is a member already.") % {"email": address}})
    standing = Invitation.objects.of(organisation).standing().filter(email__iexact=address).first()
    invitation = standing or Invitation(organisation=organisation, email=address)
    invitation.invited_by, invitation.role = actor, role
    invitation.expires_at = _end()
    invitation.full_clean()
    invitation.save()
    _send(invitation)
    note(organisation, "member.invited", {"email": address, "role": role}, actor=actor)
    return invitation


@transaction.atomic
def resend_invitation(*, actor: User, invitation: Invitation) -> None:
    """Another link with its full time; the one before ends when it is sent. Raises InvitationClosed."""
    renewed = Invitation.objects.of(invitation.organisation).standing().filter(pk=invitation.pk)
    if not renewed.update(expires_at=_end()):
        raise InvitationClosed
    _send(invitation)
    note(invitation.organisation, "invitation.resent", {"email": invitation.email}, actor=actor)


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """End it now. Raises InvitationClosed where it was accepted or revoked before."""
    standing = Invitation.objects.of(invitation.organisation).standing().filter(pk=invitation.pk)
    if not standing.update(revoked_at=timezone.now(), token_hash=""):
        raise InvitationClosed
    note(invitation.organisation, "invitation.revoked", {"email": invitation.email}, actor=actor)


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, user: User | None, name: str = "", password: str = ""
) -> User:
    """Take the place: with an account that has its address, or with a new one, verified by the link.

    Raises InvitationClosed for one that was used, revoked or has run out, and NotYours for another address.
    """
    held = Invitation.objects.of(invitation.organisation).open().filter(pk=invitation.pk)
    if not held.update(accepted_at=timezone.now(), token_hash=""):
        raise InvitationClosed
    known = User.objects.at_address(invitation.email).first()
    if known != user:
        raise NotYours
    organisation = invitation.organisation
    if user is None or not Membership.objects.of(organisation).filter(user=user).exists():
        user = join_organisation(
            email=invitation.email,
            organisation=organisation,
            role=invitation.role,
            name=name,
            password=password,
        )
    Invitation.objects.of(organisation).filter(pk=invitation.pk).update(accepted_by=user)
    note_accepted(invitation=invitation, user=user)
    return user


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> None:
    """Another role from the next request on.

    Raises ValidationError for the last owner's, Membership.DoesNotExist for who was removed meanwhile.
    """
    lock_organisation(membership.organisation)
    membership.refresh_from_db(fields=["role"])
    if role != Role.OWNER:
        _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.clean_fields(exclude=["organisation", "user"])
    if before != role:
        membership.save(update_fields=["role"])
        after = {"user": str(membership.user.uuid), "role": role, "was": before}
        note(membership.organisation, "member.role_changed", after, actor=actor)


@transaction.atomic
def remove_member(*, actor: User, membership: Membership) -> None:
    """Take the place away from the next request on.

    Raises ValidationError for the last owner, Membership.DoesNotExist for who was removed meanwhile.
    """
    _give_up(membership)
    note(membership.organisation, "member.removed", {"user": str(membership.user.uuid)}, actor=actor)


@transaction.atomic
def leave_organisation(*, membership: Membership) -> None:
    """Give up one's own place from the next request on.

    Raises ValidationError for the last owner, Membership.DoesNotExist for who was removed meanwhile.
    """
    _give_up(membership)
    person = membership.user
    note(membership.organisation, "member.left", {"user": str(person.uuid)}, actor=person)


def _give_up(membership: Membership) -> None:
    lock_organisation(membership.organisation)
    membership.refresh_from_db(fields=["role"])
    _keep_an_owner(membership)
    membership.delete()


def _keep_an_owner(membership: Membership) -> None:
    """An owner whose account is closed is none: nobody signs in with it."""
    owners = Membership.objects.of(membership.organisation).filter(role=Role.OWNER, user__is_active=True)
    if membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists():
        raise ValidationError(
            _("An organisation keeps an owner who can sign in. Make somebody else an owner first.")
        )


def _end() -> object:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _send(invitation: Invitation) -> None:
    about = {"invitation": str(invitation.uuid)}
    write_mail(name="accounts/invitation", recipient=invitation.email, about=about)
