"""The DPMM statement, the chosen uses, targets and plan settings of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Assessment
from assessments.results import brief_results_for, spec_of
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary
from assessments.services.words import refuse
from records.events import Entry, record

DPMM_FIELDS = ("dpmm_source", "dpmm_level", "dpmm_on", "dpmm_tool", "dpmm_by")
TARGET_FIELDS = ("use_cases", "targets", "plan_start_on", "plan_capacity", "plan_blackout_weeks")
FURTHEST_WEEK = 520  # ten years
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)  # of the start of a plan


class SettingsConflict(Exception):
    """Somebody else changed these settings since the page was opened."""


@transaction.atomic
def state_dpmm(
    *,
    actor: User,
    assessment: Assessment,
    source: str,
    level: int | None,
    on: date | None,
    tool: str,
    by: str,
    base_version: int,
) -> None:
    """State the site's DPMM level and where it comes from, or that it is not known (Method, section 4).

    Raises ValidationError, NotADraft, or SettingsConflict where the settings changed since `base_version`.
    """
    stated = source in (Assessment.Dpmm.ASSESSED, Assessment.Dpmm.ESTIMATED)
    if stated and level is None:
        raise ValidationError({"level": _("Choose the DPMM level, or say that it is not known.")})
    values = (
        source,
        level if stated else None,
        on if stated else None,
        tool if stated else "",
        by if stated else "",
    )
    _change(actor, assessment, "dpmm.stated", dict(zip(DPMM_FIELDS, values, strict=True)), base_version)


@transaction.atomic
def set_targets(
    *,
    actor: User,
    assessment: Assessment,
    use_cases: list[str],
    targets: Mapping[str, int],
    start_on: date | None,
    capacity: int,
    blackout_weeks: list[int],
    base_version: int,
) -> None:
    """Choose AI uses, set targets by hand and settle the plan (Method, sections 7 and 8).

    Raises ValidationError for codes, levels, weeks or a start (EARLIEST to LATEST) that cannot be, NotADraft,
    or SettingsConflict.
    """
    spec = spec_of(assessment)
    if unknown := set(use_cases) - set(spec.use_case_by_code):
        raise ValidationError({"use_cases": _("There is no use case %(code)s.") % {"code": min(unknown)}})
    if not set(targets) <= set(spec.dimension_by_code) or not set(targets.values()) <= set(range(6)):
        raise ValidationError({"targets": _("A target is a level from 0 to 5 for a dimension.")})
    refuse(start_on=start_fault(start_on))
    if any(not 0 <= week <= FURTHEST_WEEK for week in blackout_weeks):
        raise ValidationError({"blackout_weeks": _("Weeks are counted from 1 to 521.")})
    chosen = [use_case.code for use_case in spec.use_cases if use_case.code in use_cases]
    ordered = {code: targets[code] for code in spec.dimension_by_code if code in targets}
    values = (chosen, ordered, start_on, capacity, sorted(set(blackout_weeks)))
    _change(actor, assessment, "targets.set", dict(zip(TARGET_FIELDS, values, strict=True)), base_version)


def start_fault(start_on: date | None) -> str:
    """What is wrong with the start of a plan, empty where nothing is: no year that anybody plans for."""
    if start_on and not EARLIEST <= start_on <= LATEST:
        return _("A plan starts between 1 January 2000 and 31 December 2100.")
    return ""


def _change(
    actor: User, assessment: Assessment, action: str, values: dict[str, Any], base_version: int
) -> None:
    lock_draft(assessment)
    if assessment.settings_version != base_version:
        raise SettingsConflict
    before = {name: getattr(assessment, name) for name in values}
    for name, value in values.items():
        setattr(assessment, name, value)
    assessment.clean_fields(exclude={field.name for field in Assessment._meta.fields} - set(values))
    assessment.settings_version += 1
    assessment.save(update_fields=[*values, "settings_version"])
    entry = Entry(
        action,
        "assessment",
        str(assessment.uuid),
        before=_plain(before),
        after=_plain(values),
        object_version=assessment.settings_version,
    )
    record(actor=actor, organisation=assessment.organisation, entry=entry)
    keep_summary(assessment, brief_results_for(assessment, assessment.answers.all()))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
