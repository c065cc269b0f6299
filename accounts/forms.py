"""Forms of organisations and sites."""

from __future__ import annotations

from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class SiteForm(forms.Form):
    """A site's name, place and time zone."""

    name = forms.CharField(label=_("Name"), max_length=Site._meta.get_field("name").max_length)
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        required=False,
        help_text=_("Town and country, as the report prints it."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
        help_text=_("Pages and reports of this site show their times in this zone."),
    )
    helper = FormHelper()
    helper.form_tag = False
