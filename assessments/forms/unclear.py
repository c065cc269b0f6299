"""The form that calls a question unclear."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import LinesField, PlainForm
from frameworks.models import NOTE_LONGEST


class UnclearForm(PlainForm):
    """What is unclear, in words that anybody may read."""

    text = LinesField(
        label=_("What is unclear?"),
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 1,000 characters: which word, the text of which level, what could be meant."),
        error_messages={"required": _("Say what is unclear.")},
    )
