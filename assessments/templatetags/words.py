"""Numbers in running text."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def percent(share: Fraction) -> str:
    """A share in percent, with a decimal only where it needs one: 75, 66.7."""
    return f"{float(share * 100):.1f}".removesuffix(".0")


@register.filter
def grouped(number: int) -> str:
    """Thousands apart: 4,000."""
    return f"{number:,}"


@register.filter
def moment(text: str) -> datetime | None:
    """The moment that a record keeps as an ISO text, for `date`; None where there is none."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def ago(when: datetime) -> str:
    """How long ago a moment was, by its largest unit: "2 minutes ago", or "just now" within the minute."""
    now = timezone.now()
    if now - when < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(when, now, depth=1)}
