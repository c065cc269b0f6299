"""The sites of an organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms.organisations import SiteForm
from accounts.middleware import SignedInRequest
from accounts.models import Organisation, Site
from accounts.permissions import Deed, can_keep_sites, may, role_in
from accounts.services.sites import add_site, change_site, remove_site
from accounts.views.shared import find_organisation, frame

GONE = gettext_lazy("Site %(name)s was removed meanwhile. Nothing was changed.")


@require_GET
def sites(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """What is assessed here, with the number of assessments of each."""
    organisation = find_organisation(request, uuid)
    rows = Site.objects.of(organisation).annotate(assessment_count=Count("assessments"))
    context = {
        **frame(organisation, "sites"),
        "sites": rows,
        "can_keep_sites": can_keep_sites(role_in(organisation)),
        "can_start": may(role_in(organisation), Deed.START),
    }
    return render(request, "accounts/sites.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    organisation = find_organisation(request, uuid)
    if not can_keep_sites(role_in(organisation)):
        raise PermissionDenied
    form = SiteForm(request.POST or None, initial={"time_zone": "Europe/Berlin"})
    if request.method == "POST" and form.is_valid():
        try:
            site = add_site(actor=request.user, organisation=organisation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error.messages)
        else:
            messages.success(request, _("Site %(name)s is added.") % {"name": site.name})
            if may(role_in(organisation), Deed.START) and not _has_assessments(organisation):
                return redirect(f"{reverse('assessments:start')}?site={site.uuid}")
            return redirect("accounts:sites", organisation.uuid)
    context = {**frame(organisation, "sites"), "form": form, "site": None}
    return render(request, "accounts/site_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, uuid: UUID, site_uuid: UUID) -> HttpResponse:
    organisation, site = _find_kept(request, uuid, site_uuid)
    initial = {"name": site.name, "place": site.place, "time_zone": site.time_zone}
    form = SiteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_site(actor=request.user, site=site, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("name", error.messages)
        except Site.DoesNotExist:
            messages.error(request, GONE % {"name": site.name})
            return redirect("accounts:sites", organisation.uuid)
        else:
            messages.success(request, _("Site %(name)s is changed.") % {"name": site.name})
            return redirect("accounts:sites", organisation.uuid)
    context = {**frame(organisation, "sites"), "form": form, "site": site}
    return render(request, "accounts/site_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def remove(request: SignedInRequest, uuid: UUID, site_uuid: UUID) -> HttpResponse:
    """Remove a site that was added by mistake, after a page that says so; one with assessments stays."""
    organisation, site = _find_kept(request, uuid, site_uuid)
    is_refused = False
    if request.method == "POST":
        try:
            remove_site(actor=request.user, site=site)
        except ValidationError:
            organisation, site = _find_kept(request, uuid, site_uuid)  # with its assessments as they are now
            is_refused = True
        except Site.DoesNotExist:
            messages.error(request, GONE % {"name": site.name})
            return redirect("accounts:sites", organisation.uuid)
        else:
            messages.success(request, _("Site %(name)s is removed.") % {"name": site.name})
            return redirect("accounts:sites", organisation.uuid)
    context = {**frame(organisation, "sites"), "site": site, "is_refused": is_refused}
    return render(request, "accounts/site_remove.html", context, status=422 if is_refused else 200)


def _find_kept(request: SignedInRequest, uuid: UUID, site_uuid: UUID) -> tuple[Organisation, Site]:
    """The organisation and its site with the number of its assessments, for who keeps sites."""
    organisation = find_organisation(request, uuid)
    rows = Site.objects.of(organisation).annotate(assessment_count=Count("assessments"))
    site = get_object_or_404(rows.select_related("organisation"), uuid=site_uuid)
    if not can_keep_sites(role_in(organisation)):
        raise PermissionDenied
    return organisation, site


def _has_assessments(organisation: Organisation) -> bool:
    """Whether a site of theirs was ever assessed: if not, that is what a first site is added for."""
    assessed: bool = Site.objects.of(organisation).filter(assessments__isnull=False).exists()
    return assessed
