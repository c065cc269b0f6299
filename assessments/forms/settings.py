"""Forms of the digital plant, and of uses, targets and plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.plain import PlainForm
from accounts.models import one_line
from assessments.models import Assessment
from assessments.services.settings import FURTHEST_WEEK, start_fault
from frameworks.document.shapes import FrameworkSpec

MOST_SPANS = FURTHEST_WEEK // 2 + 1  # every other week: more would touch each other
WEEKS = re.compile(r"^(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?$")


class ConditionalChoice(forms.TypedChoiceField):
    """A choice that another answer makes needed: the page does not call it optional."""

    is_conditional = True


class FoundationForm(PlainForm):
    """The DPMM level with its source, or that it is not known; `today` is the day at the site."""

    source = forms.ChoiceField(
        label=_("What is known of the DPMM level"),
        choices=Assessment.Dpmm,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the level was assessed, is estimated, or is not known.")},
    )
    level = ConditionalChoice(label=_("DPMM level"), coerce=int, empty_value=None, required=False)
    on = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    tool = forms.CharField(
        label=_("Version of the tool"),
        required=False,
        max_length=120,
        validators=[one_line],
        help_text=_("For example “DPMM 3.0”."),
    )
    by = forms.CharField(label=_("Who assessed it"), required=False, max_length=120, validators=[one_line])
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, spec: FrameworkSpec, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        level = self.fields["level"]
        assert isinstance(level, forms.TypedChoiceField)
        level.choices = [
            ("", "–"),
            *((str(row.level), f"{row.level} {row.name}") for row in spec.dpmm.levels),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") in ("assessed", "estimated") and cleaned.get("level") is None:
            self.add_error("level", _("Choose the DPMM level, or say that it is not known."))
        if (on := cleaned.get("on")) and on > self.today:
            self.add_error("on", _("The date lies in the future."))
        return cleaned


class TargetsForm(PlainForm):
    """AI uses, targets by dimension and plan settings."""

    use_cases = forms.MultipleChoiceField(
        label=_("AI uses"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("There is no use case %(value)s.")},
    )
    start_on = forms.DateField(
        label=_("Start of the plan"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The first day of week 1. Left open, it is the Monday after submission."),
    )
    capacity = forms.IntegerField(
        label=_("Actions at once"),
        min_value=1,
        max_value=50,
        help_text=_("How many may run at the same time."),
    )
    blackout_weeks = forms.CharField(
        label=_("Weeks in which nothing starts"),
        required=False,
        help_text=_("Weeks of the plan, counted from 1, for example 12, 26–28. What runs, runs on."),
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, spec: FrameworkSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        uses = self.fields["use_cases"]
        assert isinstance(uses, forms.MultipleChoiceField)
        uses.choices = [(use_case.code, use_case.name) for use_case in spec.use_cases]
        levels = [
            ("", _("From the chosen uses")),
            *((str(row.level), f"{row.level} {row.name}") for row in spec.levels),
        ]
        for dimension in spec.dimensions:
            self.fields[f"target_{dimension.code}"] = forms.TypedChoiceField(
                label=dimension.name, choices=levels, coerce=int, empty_value=None, required=False
            )

    @property
    def target_fields(self) -> list[forms.BoundField]:
        return [self[f"target_{dimension.code}"] for dimension in self.spec.dimensions]

    @property
    def targets(self) -> dict[str, int]:
        """The levels set by hand, by dimension."""
        chosen = {code: self.cleaned_data[f"target_{code}"] for code in self.spec.dimension_by_code}
        return {code: level for code, level in chosen.items() if level is not None}

    def clean_start_on(self) -> date | None:
        start_on: date | None = self.cleaned_data["start_on"]
        if fault := start_fault(start_on):
            raise forms.ValidationError(fault)
        return start_on

    def clean_blackout_weeks(self) -> list[int]:
        """Weeks from 0, read from weeks and spans counted from 1."""
        weeks: set[int] = set()
        spans = [part.strip() for part in self.cleaned_data["blackout_weeks"].split(",") if part.strip()]
        if len(spans) > MOST_SPANS:
            raise forms.ValidationError(_("At most 261 weeks or spans; write weeks in a row as one span."))
        for part in spans:
            found = WEEKS.match(part)
            first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
            if not 1 <= first <= last <= FURTHEST_WEEK + 1:
                raise forms.ValidationError(
                    _("“%(part)s” is not a week or a span of weeks from 1 to 521."), params={"part": part}
                )
            weeks.update(range(first - 1, last))
        return sorted(weeks)


def weeks_in_words(weeks: Iterable[int]) -> str:
    """Weeks from 0 as the field shows them: "12, 26–28", counted from 1."""
    spans: list[list[int]] = []
    for week in sorted(weeks):
        if spans and week == spans[-1][1] + 1:
            spans[-1][1] = week
        else:
            spans.append([week, week])
    return ", ".join(f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in spans)
