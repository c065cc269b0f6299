"""The form that all others begin with."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from django import forms


class PlainForm(forms.Form):
    """A form whose tag and button stay in the template."""

    helper = FormHelper()
    helper.form_tag = False
