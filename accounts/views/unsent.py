"""Mails that a day of trying did not send: a programme admin sees them and sends them again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.middleware import SignedInRequest
from accounts.permissions import can_keep_mail
from accounts.queries import programme_work
from accounts.views.mail import KINDS
from records.mail import send_again
from records.models import Mail

PAGE = 50  # rows


@require_GET
def unsent(request: SignedInRequest) -> HttpResponse:
    """What was given up, newest first: kind, address and why; never its words, which are made when sent."""
    if not can_keep_mail(request.user):
        raise PermissionDenied
    page = Paginator(Mail.objects.given_up().order_by("-written_at", "-pk"), PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "rows": [(mail, KINDS[mail.name]) for mail in page.object_list],
        "work": programme_work(),
    }
    return render(request, "programme/unsent.html", context)


@require_POST
def again(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    if not can_keep_mail(request.user):
        raise PermissionDenied
    mail = get_object_or_404(Mail, uuid=uuid)
    if send_again(actor=request.user, mail=mail):
        messages.success(request, _("The mail to %(to)s is tried again, for a day.") % {"to": mail.recipient})
    else:
        messages.error(request, _("This mail is on its way already."))
    return redirect("programme:unsent")
