"""Forms of people, organisations and sites."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from zoneinfo import available_timezones

from allauth.account import forms as allauth
from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.models import Engagement, Membership, Organisation, User, WaitlistEntry, one_line
from accounts.models.countries import country_choices, country_name
from accounts.models.waitlist import NOTE_MOST, SORTS
from accounts.services.waitlist import CONSENT, Details, Invited


class SiteForm(forms.Form):
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
    helper = FormHelper()
    helper.form_tag = False


class RoleForm(forms.Form):
    """What a member may do."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role,
        initial=Membership.Role.RESPONDENT,  # the least that most are invited for
        help_text=_("Owners do everything, respondents read and answer, viewers read."),
    )
    helper = FormHelper()
    helper.form_tag = False


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("Work e-mail"), max_length=254)
    field_order = ("email", "role")


class OrganisationForm(forms.Form):
    """What an organisation is called, what kind it is, and the paper of its reports."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[one_line])
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Organisation.Kind,
        help_text=_("Only members of a consultancy can be engaged by others."),
    )
    paper = forms.ChoiceField(label=_("Paper of reports"), choices=Organisation.Paper)
    helper = FormHelper()
    helper.form_tag = False


class EngagementForm(forms.Form):
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
    helper = FormHelper()
    helper.form_tag = False


class EngageForm(EngagementForm):
    """Whom to engage, by address, besides."""

    emails = forms.CharField(
        label=_("Work e-mail of each consultant"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("One to a line. Each is sent a link that works once, for that address alone."),
    )
    field_order = ("emails", "kind", "until_on")

    def clean_emails(self) -> list[str]:
        """The addresses, each checked; parted by blanks, commas, semicolons or lines."""
        addresses = [part for part in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if part]
        for address in addresses:
            try:
                validate_email(address)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(address)s” is no e-mail address."), params={"address": address[:80]}
                ) from None
        return addresses


class ConsultantForm(forms.Form):
    """One more consultant, by address."""

    email = forms.EmailField(label=_("Work e-mail"), max_length=254)
    helper = FormHelper()
    helper.form_tag = False


class AcceptForm(forms.Form):
    """Name and password of a new account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[one_line],
        help_text=_("As colleagues and reports show it."),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    helper = FormHelper()
    helper.form_tag = False

    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        if first:
            try:
                validate_password(first, User(email=self.email, name=values.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return values

    def account(self) -> dict[str, str]:
        """What the new account is made with."""
        return {"name": self.cleaned_data["name"], "password": self.cleaned_data["password1"]}


class JoinForm(forms.Form):
    """Who wants a place: what the waitlist keeps, and a trap that only robots fill in."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name.")},
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The invitation goes here and works only for this address."),
        error_messages={
            "required": _("Give your work e-mail address."),
            "invalid": _("Give an e-mail address with an @ sign, like name@company.example."),
        },
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Give the name of your organisation.")},
    )
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=[("", ""), *WaitlistEntry.Kind.choices],
        error_messages={"required": _("Choose the kind of organisation.")},
    )
    role = forms.ChoiceField(
        label=_("Your role"),
        choices=[("", ""), *WaitlistEntry.Role.choices],
        error_messages={"required": _("Choose your role.")},
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", ""), *country_choices()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"required": _("Choose the country of your site.")},
    )
    interests = forms.MultipleChoiceField(
        label=_("What is your interest?"),
        choices=WaitlistEntry.Interest,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that apply."),
        error_messages={"required": _("Choose at least one.")},
    )
    consent = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Tick this, or we cannot keep an entry.")}
    )
    # The trap: hidden from people, and of a name that no browser fills in by itself.
    reference = forms.CharField(required=False, max_length=1000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["consent"].short_label = _("Consent")  # type: ignore[attr-defined]  # for the list of faults

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.cleaned_data["reference"])

    def details(self) -> Details:
        """What was typed, with the wording of the consent as the page showed it."""
        names = ("name", "email", "organisation_name", "kind", "role", "country", "interests")
        return Details(**{name: self.cleaned_data[name] for name in names}, consent=str(CONSENT))


class WaitlistFilter(forms.Form):
    """Which entries of the waitlist are shown, and in which order; empty shows all that stand."""

    q = forms.CharField(label=_("Search"), required=False, max_length=120)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All on the list")), *WaitlistEntry.State.choices]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *WaitlistEntry.Kind.choices]
    )
    interest = forms.ChoiceField(
        label=_("Interest"),
        required=False,
        choices=[("", _("All interests")), *WaitlistEntry.Interest.choices],
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in ("", *SORTS)])

    def __init__(self, *args: Any, countries: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        named = sorted((country_name(code), code) for code in countries if code)
        self.fields["country"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("All countries")), *((code, name) for name, code in named)
        ]  # fmt: skip


class NoteForm(forms.Form):
    """A programme admin's note about an entry."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Programme admins alone see it. It is erased with the entry."),
    )
    helper = FormHelper()
    helper.form_tag = False

    def clean_note(self) -> str:
        return str(self.cleaned_data["note"]).replace("\r\n", "\n").strip()


class InvitedForm(forms.Form):
    """The organisation that an invited entry gets: a new one, whose kind the programme admin confirms."""

    organisation_name = forms.CharField(
        label=_("Name of the new organisation"), max_length=120, validators=[one_line]
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", ""), *Organisation.Kind.choices],
        error_messages={"required": _("Confirm the kind.")},
    )

    def __init__(self, values: Any, *, entry: WaitlistEntry) -> None:
        kind = entry.kind if entry.kind in Organisation.Kind else ""
        initial = {"organisation_name": entry.organisation_name, "kind": kind}
        super().__init__(values, prefix=str(entry.uuid), initial=initial)
        self.entry = entry

    def invited(self) -> Invited:
        return Invited(entry=self.entry.uuid, **self.cleaned_data)


class Labelled(forms.Form):
    """A form of allauth with our labels, which its page and its list of faults then both use."""

    labels: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in self.labels.items():
            self.fields[name].label = label


class SignInForm(Labelled, allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    labels: ClassVar = {"login": _("Work e-mail")}


class AddEmailForm(Labelled, allauth.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar = {"email": _("E-mail address")}


class PasswordForm(Labelled, allauth.SetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"password1": _("New password"), "password2": _("New password again")}


class PasswordChangeForm(Labelled, allauth.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"oldpassword": _("Present password"), **PasswordForm.labels}


class PasswordResetForm(Labelled, allauth.ResetPasswordForm):  # type: ignore[misc]
    labels: ClassVar = {"email": _("E-mail address")}


class PasswordFromLinkForm(Labelled, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar = PasswordForm.labels
