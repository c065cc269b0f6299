"""What an organisation is called, what kind it is, and the paper of its reports."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.organisations import OrganisationForm
from accounts.middleware import SignedInRequest
from accounts.permissions import can_keep_organisation, role_in
from accounts.services.people import change_organisation
from accounts.views.shared import find_organisation, frame


@require_http_methods(["GET", "POST"])
def organisation(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Change name, kind and paper."""
    found = find_organisation(request, uuid)
    if not can_keep_organisation(role_in(found)):
        raise PermissionDenied
    initial = {"name": found.name, "kind": found.kind, "paper": found.paper}
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(actor=request.user, organisation=found, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            found.refresh_from_db(fields=["name"])
        else:
            messages.success(request, _("The organisation is changed."))
            return redirect("accounts:organisation", uuid)
    context = {**frame(found, "organisation"), "form": form}
    return render(request, "accounts/organisation.html", context, status=422 if form.errors else 200)
