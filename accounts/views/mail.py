"""What was sent, for who tries the demo without a mail server."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from records.models import Mail

NEWEST = 100


@login_not_required
@require_GET
def sent_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails with their words; this page is in demo mode only, where the words are kept."""
    return render(request, "accounts/mail.html", {"mails": Mail.objects.order_by("-pk")[:NEWEST]})
