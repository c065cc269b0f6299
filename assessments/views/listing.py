"""The list of assessments, and starting a new one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.middleware import SignedInRequest
from accounts.models import Membership, Organisation, Site, User
from accounts.permissions import RIGHTS, Deed
from assessments.forms.whole import StartForm
from assessments.models import Assessment
from assessments.services.assessments import start_assessment
from frameworks.queries import published_versions

PAGE = 50  # assessments to a page


@require_GET
def assessment_list(request: SignedInRequest) -> HttpResponse:
    """Those of their own organisations, latest change first; archived ones behind a filter."""
    mine = Assessment.objects.visible_to(request.user).of_members().for_page()
    show_archived = request.GET.get("show") == "archived"
    organisations = Organisation.objects.visible_to(request.user).order_by("name")
    shown = (mine.archived() if show_archived else mine.current()).with_state_today().with_level_names()
    page = Paginator(shown.order_by("-changed_at"), PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": page.object_list,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "show_archived": show_archived,
        "organisations": organisations,
        "can_start": _startable(request.user).exists(),
    }
    return render(request, "assessments/list.html", context)


@require_http_methods(["GET", "POST"])
def start(request: SignedInRequest) -> HttpResponse:
    """Site, title, scope and version; the assessment opens on its overview."""
    organisations = _startable(request.user)
    sites = (
        Site.objects.visible_to(request.user)
        .filter(organisation__in=organisations)
        .select_related("organisation")
    )
    if not organisations.exists():
        raise PermissionDenied
    versions = published_versions()
    initial = {"site": request.GET.get("site")} if request.GET.get("site") else {}
    form = StartForm(request.POST or None, sites=sites, versions=versions, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            assessment = start_assessment(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The assessment is started. Every answer is saved by itself."))
            return redirect("assessments:overview", assessment.uuid)
    context = {
        "form": form,
        "has_sites": sites.exists(),
        "has_versions": bool(versions),
        "newest": versions[0]
        if any(row.framework == versions[0].framework for row in versions[1:])
        else None,
        "organisation": organisations.first(),
    }
    return render(request, "assessments/start.html", context, status=422 if form.errors else 200)


def _startable(user: User) -> QuerySet[Organisation]:
    """The organisations in which this person may start an assessment."""
    memberships = Membership.objects.held_by(user).filter(role__in=RIGHTS[Deed.START])
    return Organisation.objects.filter(pk__in=memberships.values("organisation"))
