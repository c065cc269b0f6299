"""The front door, the error pages and what every page's frame needs."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token

from accounts.middleware import too_many

FIVE_MINUTES = 300


def front(request: HttpRequest) -> HttpResponse:
    """The list of assessments; who is not signed in was sent to sign in before this."""
    return redirect("assessments:list")


@login_not_required
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """That the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def site_context(request: HttpRequest) -> dict[str, object]:
    """What base.html shows on every page."""
    return {"product_version": settings.VERSION, "contact_url": settings.CONTACT_URL, "demo": settings.DEMO}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # Without the token's check, which would read a body that cannot be read once more.
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """What allauth answers when its own limits are reached."""
    return too_many(request, FIVE_MINUTES)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; or that the database is away or busy, which passes: a script then tries again."""
    is_passing = isinstance(sys.exc_info()[1], OperationalError)
    # No request context: whatever failed may fail again in a context processor.
    context = {**site_context(request), "is_passing": is_passing}
    response = render(None, "500.html", context, status=503 if is_passing else 500)
    if is_passing:
        response["Retry-After"] = "10"
    return response


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
