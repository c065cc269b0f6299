"""Forms that begin something: a draft, a draft from a file, a question."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import PlainForm
from frameworks.document.faults import Fault
from frameworks.document.reading import MAX_BYTES, TOO_LARGE


class OperationForm(forms.Form):
    """One deed, sent once however often its button is pressed; without an id each press is one."""

    op_id = forms.UUIDField(required=False)


class UploadForm(PlainForm):
    """The YAML of a framework."""

    file = forms.FileField(
        label=_("YAML file"),
        help_text=_("At most 2 MiB. It is checked first: with a fault nothing is kept."),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("This file is empty: document: a mapping expected, nothing found."),
        },
    )
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def faults(self) -> list[Fault]:
        """That the file is too large to be read at all."""
        return [TOO_LARGE] if self.cleaned_data["file"].size > MAX_BYTES else []


class QuestionForm(PlainForm):
    """A question that is added: the rest is written on its own page."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "Letters, digits, hyphens, underscores and full stops. Answers are carried to later "
            "versions by it, so it never changes."
        ),
    )
    title = forms.CharField(
        label=_("Title"), max_length=8000, help_text=_("As contents and reports name it.")
    )
    op_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        """A code is for good: the beginning that the page offers is none yet."""
        code: str = self.cleaned_data["code"]
        if code.endswith(("-", "_", ".")):
            raise ValidationError(
                _("Write the rest of the code: %(code)s is only its beginning.") % {"code": code}
            )
        return code
