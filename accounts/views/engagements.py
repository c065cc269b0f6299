"""The consultancies that an organisation engages: read by its members, kept by its owners."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.organisations import ConsultantForm, EngageForm, EngagementForm
from accounts.middleware import SignedInRequest
from accounts.models import Consultant, Engagement, Organisation
from accounts.permissions import can_engage, role_in
from accounts.services.engagements import (
    EngagementClosed,
    change_engagement,
    end_engagement,
    engage,
    name_consultant,
    strike_consultant,
)
from accounts.views.shared import find_organisation, frame

CLOSED = gettext_lazy("This engagement has ended meanwhile. Nothing was changed.")


@require_GET
def engagements(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Who is engaged, to do what and until when; and what is over."""
    organisation = find_organisation(request, uuid)
    places = Consultant.objects.of(organisation).of_record().select_related("user")
    rows = Engagement.objects.of(organisation).select_related("consultancy", "created_by", "ended_by")
    every = list(rows.prefetch_related(Prefetch("consultants", queryset=places, to_attr="places")))
    context = {
        **frame(organisation, "engagements"),
        "running": [row for row in every if row.is_running],
        "over": [row for row in every if not row.is_running],
        "may_engage": can_engage(role_in(organisation)),
    }
    return render(request, "accounts/engagements.html", context)


@require_http_methods(["GET", "POST"])
def begin(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Engage consultants by their addresses; the same is said whether they are known or not."""
    organisation = _find_engaging(request, uuid)
    form = EngageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            engage(actor=request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The links are on their way. Each consultant accepts by mail."))
            return redirect("accounts:engagements", organisation.uuid)
    return _form_page(request, organisation, "accounts/engage.html", form)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, uuid: UUID, engagement_uuid: UUID) -> HttpResponse:
    """Another last day, or reading instead of reviewing."""
    organisation = _find_engaging(request, uuid)
    engagement = _find_engagement(organisation, engagement_uuid)
    initial = {"kind": engagement.kind, "until_on": engagement.until_on}
    form = EngagementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_engagement(actor=request.user, engagement=engagement, **form.cleaned_data)
        except EngagementClosed:
            messages.error(request, CLOSED)
            return redirect("accounts:engagements", organisation.uuid)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The engagement is changed."))
            return redirect("accounts:engagements", organisation.uuid)
    return _form_page(request, organisation, "accounts/engagement_form.html", form, engagement)


@require_http_methods(["GET", "POST"])
def end(request: SignedInRequest, uuid: UUID, engagement_uuid: UUID) -> HttpResponse:
    """End it at once, after a page that says what that means."""
    organisation = _find_engaging(request, uuid)
    engagement = _find_engagement(organisation, engagement_uuid)
    if request.method == "POST":
        try:
            end_engagement(actor=request.user, engagement=engagement)
        except EngagementClosed:
            messages.error(request, CLOSED)
        else:
            messages.success(request, _("The engagement has ended."))
        return redirect("accounts:engagements", organisation.uuid)
    context = {**frame(organisation, "engagements"), "engagement": engagement}
    return render(request, "accounts/engagement_end.html", context)


@require_http_methods(["GET", "POST"])
def name(request: SignedInRequest, uuid: UUID, engagement_uuid: UUID) -> HttpResponse:
    """Name one more consultant, or send the link again to who has not accepted."""
    organisation = _find_engaging(request, uuid)
    engagement = _find_engagement(organisation, engagement_uuid)
    form = ConsultantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name_consultant(actor=request.user, engagement=engagement, email=form.cleaned_data["email"])
        except EngagementClosed:
            messages.error(request, CLOSED)
            return redirect("accounts:engagements", organisation.uuid)
        except ValidationError as error:
            form.add_error("email", error.messages)
        else:
            messages.success(request, _("A link is on its way; one from before no longer works then."))
            return redirect("accounts:engagements", organisation.uuid)
    return _form_page(request, organisation, "accounts/consultant.html", form, engagement)


@require_POST
def strike(
    request: SignedInRequest, uuid: UUID, engagement_uuid: UUID, consultant_uuid: UUID
) -> HttpResponse:
    """Take one consultant's place away."""
    organisation = _find_engaging(request, uuid)
    engagement = _find_engagement(organisation, engagement_uuid)
    rows = Consultant.objects.of(organisation).filter(engagement=engagement)
    consultant = get_object_or_404(rows.select_related("engagement__organisation"), uuid=consultant_uuid)
    try:
        strike_consultant(actor=request.user, consultant=consultant)
    except EngagementClosed:
        messages.error(request, _("This place was taken away before."))
    else:
        messages.success(request, _("%(email)s is no longer named.") % {"email": consultant.email})
    return redirect("accounts:engagements", organisation.uuid)


def _find_engaging(request: SignedInRequest, uuid: UUID) -> Organisation:
    """The organisation, for who engages consultants."""
    organisation = find_organisation(request, uuid)
    if not can_engage(role_in(organisation)):
        raise PermissionDenied
    return organisation


def _find_engagement(organisation: Organisation, uuid: UUID) -> Engagement:
    rows = Engagement.objects.of(organisation).select_related("organisation", "consultancy")
    found: Engagement = get_object_or_404(rows, uuid=uuid)
    return found


def _form_page(
    request: SignedInRequest,
    organisation: Organisation,
    template: str,
    form: Form,
    engagement: Engagement | None = None,
) -> HttpResponse:
    context = {**frame(organisation, "engagements"), "form": form, "engagement": engagement}
    return render(request, template, context, status=422 if form.errors else 200)
