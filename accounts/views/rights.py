"""The table of deeds and roles, as the code reads it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import RIGHTS, Role

OF_ORGANISATION = (Role.OWNER, Role.RESPONDENT, Role.VIEWER, Role.REVIEWER, Role.READER)
OF_INSTALLATION = (Role.EDITOR, Role.PROGRAMME_ADMIN)


@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what: with the assessments of an organisation, and with the installation."""
    groups = ((_("In an organisation"), OF_ORGANISATION), (_("In the whole installation"), OF_INSTALLATION))
    context = {
        "tables": [
            (
                name,
                roles,
                [
                    (deed, [(role, role in allowed) for role in roles])
                    for deed, allowed in RIGHTS.items()
                    if allowed & set(roles)
                ],
            )
            for name, roles in groups
        ]
    }
    return render(request, "accounts/rights.html", context)
