"""The front door, the small print, the error pages and what every page's frame needs."""

from __future__ import annotations

import sys
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from accounts.middleware import too_many, typed_in
from accounts.services.waitlist import KEEP_UNCONFIRMED
from assessments.charts.levels import ladder
from assessments.queries import find_sample
from frameworks.queries import newest_spec
from frameworks.views.public import PUBLIC
from records.mail import KEEP_TRYING

FIVE_MINUTES = 300


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What waits, for who is signed in; what this is about, for anybody else."""
    if request.user.is_authenticated:
        return redirect("home")
    sample = find_sample()
    rows = ladder(sample.spec, sample.results) if sample else ()
    context = {
        "spec": newest_spec(PUBLIC),
        "rows": rows,
        "lowered": sum(row.counts != row.claimed for row in rows),
        "unproved": sum(row.evidenced != row.claimed for row in rows),
    }
    return render(request, "front.html", context)


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, why and for how long."""
    return render(request, "privacy.html", small_print())


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site aims at, how that is tested, and what is known to fall short."""
    return render(request, "accessibility.html", small_print())


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What a result is and is not, and what who runs the site can be held to."""
    return render(request, "terms.html", small_print())


def small_print() -> dict[str, object]:
    """The settings that those pages speak of, so that they say what holds here."""
    return {
        "spec": newest_spec(PUBLIC),
        "operator": settings.OPERATOR,
        "is_tls": settings.TLS,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "confirmation_days": settings.WAITLIST_CONFIRMATION_DAYS,
        "unconfirmed_days": KEEP_UNCONFIRMED.days,
        "invitation_days": settings.INVITATION_DAYS,
        "reset_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "mail_hours": int(KEEP_TRYING.total_seconds() // 3600),
    }


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
    context = {**site_context(request), "is_passing": is_passing, "typed": []}
    with suppress(Exception):  # what failed may have been the reading of the request
        context["typed"] = typed_in(request)
    response = render(None, "500.html", context, status=503 if is_passing else 500)
    if is_passing:
        response["Retry-After"] = "10"
    return response


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", {"typed": typed_in(request)}, status=403)
