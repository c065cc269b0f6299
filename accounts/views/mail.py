"""What was sent, for who tries the demo without a mail server."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from records.models import Mail

NEWEST = 100
# What a mail is, by the name of its templates: for a mail whose subject is not kept, or not made yet.
KINDS = {
    "accounts/email_changed": _("Address changed"),
    "accounts/email_confirmation": _("Confirmation of an address"),
    "accounts/email_deleted": _("Address removed"),
    "accounts/engagement": _("Request to engage a consultant"),
    "accounts/engagement_begun": _("Consultant has accepted"),
    "accounts/engagement_changed": _("Change of an engagement"),
    "accounts/engagement_ended": _("End of an engagement"),
    "accounts/engagement_over": _("Last day of an engagement has passed"),
    "accounts/invitation": _("Invitation to an organisation"),
    "accounts/password_changed": _("Password changed"),
    "accounts/password_reset": _("Link for a new password"),
    "accounts/waitlist_confirmation": _("Confirmation for the waitlist"),
    "accounts/waitlist_invitation": _("Invitation from the waitlist"),
    "accounts/waitlist_known": _("Answer to a second request for the waitlist"),
    "assessments/ready_for_review": _("Assessments ready for review"),
    "assessments/reviewed": _("End of a review"),
    "assessments/site_asked": _("Question of a reviewer"),
    "assessments/site_disagrees": _("Objection to a change of a review"),
    "assessments/site_replied": _("Reply to a reviewer"),
    "frameworks/publication_asked": _("Request to publish a version"),
    "frameworks/publication_made": _("A version is published"),
    "frameworks/publication_declined": _("Request for publication ended"),
}


@login_not_required
@require_GET
def sent_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails with their words; this page is in demo mode only, where the words are kept."""
    newest = Mail.objects.order_by("-pk")[:NEWEST]
    return render(request, "accounts/mail.html", {"mails": [(mail, KINDS[mail.name]) for mail in newest]})
