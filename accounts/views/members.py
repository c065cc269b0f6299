"""The members of an organisation and its invitations: read by all, kept by owners."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.organisations import InviteForm, RoleForm
from accounts.middleware import SignedInRequest
from accounts.models import Invitation, Membership, Organisation
from accounts.permissions import can_keep_members, can_leave, role_in
from accounts.services.members import (
    InvitationClosed,
    change_role,
    invite,
    leave_organisation,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from accounts.views.shared import find_organisation, frame

GONE = gettext_lazy("%(name)s was removed meanwhile. Nothing was changed.")


@require_GET
def members(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    organisation = find_organisation(request, uuid)
    return _page(request, organisation, InviteForm())


@require_POST
def invite_member(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    organisation = _find_kept(request, uuid)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invite(actor=request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(email)s is invited.") % {"email": form.cleaned_data["email"]})
            return redirect("accounts:members", organisation.uuid)
    return _page(request, organisation, form, status=422)


@require_POST
def resend(request: SignedInRequest, uuid: UUID, invitation_uuid: UUID) -> HttpResponse:
    invitation = _find_invitation(request, uuid, invitation_uuid)
    try:
        resend_invitation(actor=request.user, invitation=invitation)
    except InvitationClosed:
        messages.error(request, _("This invitation was accepted or revoked meanwhile."))
    else:
        messages.success(request, _("A new link is on its way; the one before no longer works then."))
    return redirect("accounts:members", uuid)


@require_POST
def revoke(request: SignedInRequest, uuid: UUID, invitation_uuid: UUID) -> HttpResponse:
    invitation = _find_invitation(request, uuid, invitation_uuid)
    try:
        revoke_invitation(actor=request.user, invitation=invitation)
    except InvitationClosed:
        messages.error(request, _("This invitation was accepted or revoked meanwhile."))
    else:
        messages.success(request, _("The invitation of %(email)s is revoked.") % {"email": invitation.email})
    return redirect("accounts:members", uuid)


@require_http_methods(["GET", "POST"])
def change_member(request: SignedInRequest, uuid: UUID, user_uuid: UUID) -> HttpResponse:
    """Another role for a member."""
    organisation = _find_kept(request, uuid)
    membership = _find_member(organisation, user_uuid)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            change_role(actor=request.user, membership=membership, role=form.cleaned_data["role"])
        except ValidationError as error:
            form.add_error("role", error)
        except Membership.DoesNotExist:
            messages.error(request, GONE % {"name": membership.user})
            return redirect("accounts:members", organisation.uuid)
        else:
            messages.success(request, _("%(name)s has another role now.") % {"name": membership.user})
            return redirect("accounts:members", organisation.uuid)
    context = {**frame(organisation, "members"), "member": membership, "form": form}
    return render(request, "accounts/member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def remove(request: SignedInRequest, uuid: UUID, user_uuid: UUID) -> HttpResponse:
    """Take a member's place away, after a page that says what that means."""
    organisation = _find_kept(request, uuid)
    membership = _find_member(organisation, user_uuid)
    refusal = ""
    if request.method == "POST":
        try:
            remove_member(actor=request.user, membership=membership)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except Membership.DoesNotExist:
            messages.error(request, GONE % {"name": membership.user})
            return redirect("accounts:members", organisation.uuid)
        else:
            messages.success(request, _("%(name)s is no longer a member.") % {"name": membership.user})
            if membership.user == request.user:
                return redirect("home")
            return redirect("accounts:members", organisation.uuid)
    context = {**frame(organisation, "members"), "member": membership, "refusal": refusal}
    return render(request, "accounts/member_remove.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
def leave(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Give up one's own place, after a page that says what that means."""
    organisation = find_organisation(request, uuid)
    if not can_leave(role_in(organisation)):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        try:
            leave_organisation(membership=_find_member(organisation, request.user.uuid))
        except ValidationError as error:
            refusal = " ".join(error.messages)
        except Membership.DoesNotExist:
            messages.error(request, _("You were removed from %(name)s meanwhile.") % {"name": organisation})
            return redirect("home")
        else:
            messages.success(request, _("You have left %(name)s.") % {"name": organisation})
            return redirect("home")
    context = {**frame(organisation, "members"), "refusal": refusal}
    return render(request, "accounts/leave.html", context, status=422 if refusal else 200)


def _page(
    request: SignedInRequest, organisation: Organisation, form: InviteForm, status: int = 200
) -> HttpResponse:
    may_keep = can_keep_members(role_in(organisation))
    standing = Invitation.objects.of(organisation).standing() if may_keep else ()
    context = {
        **frame(organisation, "members"),
        "members": Membership.objects.of(organisation).select_related("user").order_by("user__name", "pk"),
        "invitations": standing,
        "form": form,
        "may_keep": may_keep,
        "may_leave": can_leave(role_in(organisation)),
    }
    return render(request, "accounts/members.html", context, status=status)


def _find_kept(request: SignedInRequest, uuid: UUID) -> Organisation:
    """The organisation, for who keeps its members."""
    organisation = find_organisation(request, uuid)
    if not can_keep_members(role_in(organisation)):
        raise PermissionDenied
    return organisation


def _find_invitation(request: SignedInRequest, uuid: UUID, invitation_uuid: UUID) -> Invitation:
    organisation = _find_kept(request, uuid)
    found: Invitation = get_object_or_404(Invitation.objects.of(organisation), uuid=invitation_uuid)
    return found


def _find_member(organisation: Organisation, user_uuid: UUID) -> Membership:
    rows = Membership.objects.of(organisation).select_related("user", "organisation")
    found: Membership = get_object_or_404(rows, user__uuid=user_uuid)
    return found
