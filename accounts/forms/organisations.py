"""Forms of organisations: what they are called, their sites, members and engagements."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import AddressField, LinesField, PlainForm
from accounts.models import Engagement, Membership, Organisation, one_line


class SiteForm(PlainForm):
    """A site's name, place and time zone."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[one_line])
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        validators=[one_line],
        required=False,
        help_text=_("Town and country, as the report prints it."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
        help_text=_("Pages and reports of this site show their times in this zone."),
    )


class RoleForm(PlainForm):
    """What a member may do."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role,
        initial=Membership.Role.RESPONDENT,  # the least that most are invited for
        help_text=_("Owners do everything, respondents read and answer, viewers read."),
    )


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    email = AddressField(label=_("Work e-mail"))
    field_order = ("email", "role")


class OrganisationForm(PlainForm):
    """What an organisation is called, what kind it is, and the paper of its reports."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[one_line])
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Organisation.Kind,
        help_text=_("Only members of a consultancy can be engaged by others."),
    )
    paper = forms.ChoiceField(label=_("Paper of reports"), choices=Organisation.Paper)


class EngagementForm(PlainForm):
    """What consultants may do, and until when."""

    kind = forms.ChoiceField(
        label=_("What for"),
        choices=Engagement.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether they may read, or review too.")},
        help_text=_(
            "Both read every assessment, drafts and reports too. To review is to judge answers as well."
        ),
    )
    until_on = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("You can end it at any time before."),
    )


class EngageForm(EngagementForm):
    """Whom to engage, by address, besides."""

    emails = LinesField(
        label=_("Work e-mail of each consultant"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("One to a line. Each is sent a link that works once, for that address alone."),
    )
    field_order = ("emails", "kind", "until_on")

    def clean_emails(self) -> list[str]:
        """The addresses, each checked; parted by blanks, commas, semicolons or lines."""
        addresses = []
        for part in filter(None, re.split(r"[\s,;]+", self.cleaned_data["emails"])):
            try:
                addresses.append(AddressField().clean(part))
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(address)s” is no e-mail address."), params={"address": part[:80]}
                ) from None
        return addresses


class ConsultantForm(PlainForm):
    """One more consultant, by address."""

    email = AddressField(label=_("Work e-mail"))
