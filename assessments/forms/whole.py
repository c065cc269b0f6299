"""Forms about a whole assessment: starting, naming, reopening."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import LinesField, PlainForm
from accounts.models import Site, one_line
from assessments.models import OWN_WORDS, REASON_LEAST
from frameworks.models import FrameworkVersion


class NamingForm(PlainForm):
    """Title and scope of an assessment."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        validators=[one_line],
        help_text=_("As the report prints it, for example “Baseline, autumn 2026”."),
    )
    scope = LinesField(
        label=_("Scope"),
        required=False,
        max_length=OWN_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What is looked at, in your own words: buildings, lines, products, and what is left out."
        ),
    )


class RenameForm(NamingForm):
    """Another title or scope; `seen` tells which ones the page was opened with."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # none is a page too old


class SiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone: [Site] fails when it runs
    default_error_messages: ClassVar = {"invalid_choice": _("Choose one of the sites.")}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:  # what is no UUID is no site either
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from error

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.organisation.name})"


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone: [FrameworkVersion] fails when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.framework.upper()} {obj.version}, {obj.title}"


class StartForm(NamingForm):
    """A new assessment: the site and the version of the framework besides."""

    site = SiteChoice(label=_("Site"), queryset=Site.unguarded.none(), empty_label=None)
    version = VersionChoice(
        label=_("Framework version"), queryset=FrameworkVersion.objects.none(), empty_label=None
    )
    field_order = ("site", "title", "scope", "version")

    def __init__(self, *args: Any, sites: Any, versions: list[FrameworkVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site, version = self.fields["site"], self.fields["version"]
        assert isinstance(site, forms.ModelChoiceField)
        assert isinstance(version, forms.ModelChoiceField)
        site.queryset = sites
        site.to_field_name = "uuid"
        version.queryset = FrameworkVersion.objects.published().light()
        if versions:
            version.initial = versions[0].pk


class ReasonForm(PlainForm):
    """Why a submitted assessment is opened again."""

    reason = LinesField(
        label=_("Reason"),
        min_length=REASON_LEAST,
        max_length=OWN_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least ten characters. It is kept in the history of this assessment."),
        error_messages={"min_length": _("Give the reason in at least ten characters.")},
    )
