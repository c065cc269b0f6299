"""What the mails about reviews say: names and a link, looked up when they are sent; no answer, no level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Deed, may, role_in
from assessments.models import Assessment, Inquiry
from assessments.models.assessment import AssessmentQuerySet
from records.mail import Compose
from records.models import Mail


def ready_for_review(mail: Mail) -> Mapping[str, Any] | None:
    """What of a client waits for this reviewer: the assessment named, or all submitted ones on the list."""
    rows = (
        _visible(mail)
        .current()
        .filter(organisation__uuid=mail.about["organisation"], state=Assessment.State.SUBMITTED)
    )
    if "assessment" in mail.about:
        rows = rows.filter(uuid=mail.about["assessment"])
    found = [row for row in rows.order_by("submitted_at") if may(role_in(row), Deed.REVIEW)]
    if not found:
        return None
    return {"organisation": found[0].organisation, "rows": [(row, _link(row)) for row in found]}


def reviewed(mail: Mail) -> Mapping[str, Any] | None:
    """That the review is finished, for the client's owners."""
    row = _one(mail, Deed.ANSWER_REVIEW)
    return None if row is None or not row.is_reviewed else {"assessment": row, "link": _link(row)}


def site_asked(mail: Mail) -> Mapping[str, Any] | None:
    """That a reviewer asks something, for the client's owners; not once it has a reply."""
    row = _one(mail, Deed.ANSWER_REVIEW)
    inquiry = _inquiry(mail, row)
    if row is None or inquiry is None or inquiry.replied_at:
        return None
    return {"assessment": row, "inquiry": inquiry, "link": _link(row)}


def site_replied(mail: Mail) -> Mapping[str, Any] | None:
    """That the site replied, for the reviewer who asked."""
    row = _one(mail, Deed.REVIEW)
    inquiry = _inquiry(mail, row)
    if row is None or inquiry is None:
        return None
    page = reverse("assessments:review_question", args=[row.uuid, inquiry.question_code])
    return {"assessment": row, "inquiry": inquiry, "link": settings.SITE_URL + page}


def site_disagrees(mail: Mail) -> Mapping[str, Any] | None:
    """That the owner disagrees with a change, for a reviewer of it, while that review stands."""
    row = _one(mail, Deed.REVIEW)
    if row is None or not row.is_reviewed:
        return None
    return {"assessment": row, "link": f"{_link(row)}#c-{mail.about['question']}"}


def _visible(mail: Mail) -> AssessmentQuerySet:
    """What the recipient may see at the moment of sending."""
    user = User.objects.filter(uuid=mail.about["user"], is_active=True).first()
    rows: AssessmentQuerySet = Assessment.objects.visible_to(user or User()).for_page()
    return rows


def _one(mail: Mail, deed: Deed) -> Assessment | None:
    """The assessment that the mail is about, if the recipient still may do that deed there."""
    row = _visible(mail).filter(uuid=mail.about["assessment"]).first()
    return row if row is not None and may(role_in(row), deed) else None


def _inquiry(mail: Mail, row: Assessment | None) -> Inquiry | None:
    if row is None:
        return None
    rows = Inquiry.objects.of(row.organisation).select_related("review__consultancy")
    found: Inquiry | None = rows.filter(uuid=mail.about["inquiry"]).first()
    return found


def _link(row: Assessment) -> str:
    return settings.SITE_URL + reverse("assessments:review", args=[row.uuid])


COMPOSERS: dict[str, Compose] = {
    "assessments/ready_for_review": ready_for_review,
    "assessments/reviewed": reviewed,
    "assessments/site_asked": site_asked,
    "assessments/site_replied": site_replied,
    "assessments/site_disagrees": site_disagrees,
}
