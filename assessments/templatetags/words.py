"""Numbers in running text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()
# A code as questions, actions and documents have: capitals and digits in parts joined by hyphens.
CODE = re.compile(r"(?<![\w-])(?=[\dA-Z-]*[A-Z])[\dA-Z]+(?:-[\dA-Z]+)+[a-z]?(?![\w-])")
LONGEST_CODE = 24  # characters; a longer one would run out of a narrow column


@register.filter
def percent(share: Fraction) -> str:
    """A share in percent, with a decimal only where it needs one: 75, 66.7."""
    return f"{float(share * 100):.1f}".removesuffix(".0")


@register.filter
def grouped(number: int) -> str:
    """Thousands apart: 4,000."""
    return f"{number:,}"


@register.filter
def as_typed(text: str) -> str:
    """The text with lasting blanks where lines would swallow them: beginning a line, after another, tabs."""
    return re.sub(r"^ |(?<= ) ", "\N{NO-BREAK SPACE}", text.replace("\t", "    "), flags=re.MULTILINE)


@register.filter
def parted(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a code that a line must not break: "MSAT-R-0207"."""
    pieces, at = [], 0
    for code in CODE.finditer(text):
        if len(code[0]) <= LONGEST_CODE:
            pieces += [(text[at : code.start()], False), (code[0], True)]
            at = code.end()
    return [(piece, is_code) for piece, is_code in (*pieces, (text[at:], False)) if piece]


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
