"""What a person's own words need before they are kept."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.models import OWN_WORDS, REASON_LEAST


def refuse(**faults: str) -> None:
    """Raises ValidationError with every fault that is one, by field."""
    if found := {field: fault for field, fault in faults.items() if fault}:
        raise ValidationError(found)


def words_fault(text: str, missing: str) -> str:
    """What is wrong with words that are needed: missing, too long, or with a null byte; else empty."""
    return _extent_fault(text) if text.strip() else missing


def reason_fault(text: str, missing: str = "") -> str:
    """The same for a reason, which has ten characters or more."""
    if len(text.strip()) < REASON_LEAST:
        return missing or _("Give the reason in at least ten characters.")
    return _extent_fault(text)


def _extent_fault(text: str) -> str:
    if len(text) > OWN_WORDS:
        return _("At most 4,000 characters.")
    if "\x00" in text:
        return _("This holds a character that cannot be kept (a null byte).")
    return ""
