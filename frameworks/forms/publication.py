"""Forms about a draft as a whole: asking for its publication, and what was looked at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import LinesField, PlainForm
from frameworks.document.versions import MAX_LENGTH
from frameworks.models import CHANGE_NOTE, CHANGE_NOTE_LEAST

TOO_SHORT = _("Say what changed and why in at least ten characters.")
TOO_LONG = _("At most 4,000 characters; this has %(show_value)s. Nothing you typed is lost.")


class RevisionForm(PlainForm):
    """The revision of a draft that somebody looked at."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AskForm(RevisionForm):
    """A request to publish: under which number, and what changed and why, for everybody who reads."""

    number = forms.CharField(
        label=_("Number"),
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"id": "version"}),
        help_text=_("Higher than every published one, compared part by part: 1.10 comes after 1.9."),
    )
    note = LinesField(
        label=_("What changed and why"),
        min_length=CHANGE_NOTE_LEAST,
        max_length=CHANGE_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "At least ten characters. It stays with the version, and owners read it before they start."
        ),
        error_messages={"min_length": TOO_SHORT, "required": TOO_SHORT, "max_length": TOO_LONG},
    )
    field_order = ("number", "note", "revision")


class TakeBackForm(PlainForm):
    """What who asked should know of it."""

    words = LinesField(
        label=_("What should change first"),
        required=False,
        max_length=CHANGE_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever asked gets it by mail, and it stays with the draft."),
        error_messages={"max_length": TOO_LONG},
    )
