"""Writes of framework versions: a document is published once and for ever, whichever door it comes by."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from frameworks.document.digest import canonical_json
from frameworks.document.dump import dump_document
from frameworks.document.shapes import FrameworkSpec
from frameworks.models import (
    Action,
    Ceiling,
    Dimension,
    DpmmLevel,
    FrameworkVersion,
    Level,
    Question,
    Reference,
    UseCase,
)
from records.events import Entry, record


@transaction.atomic
def install_framework(spec: FrameworkSpec) -> tuple[FrameworkVersion, bool]:
    """Publish a version as the system; returns the row and whether it is new.

    The same content under the same number does nothing. Other content under a published number
    raises ValidationError: a published version never changes.
    """
    published = FrameworkVersion.objects.published().light()
    installed = published.filter(framework=spec.framework, version=spec.version).first()
    if installed and installed.digest == spec.content_digest:
        return installed, False
    if installed:
        raise ValidationError(
            f"{spec.framework} {spec.version} is published and never changes: "
            f"its digest is {installed.digest}, this document's is {spec.content_digest}. "
            "Give the document a higher version number."
        )
    return publish_version(actor=None, spec=spec), True


@transaction.atomic
def publish_version(
    *, actor: User | None, spec: FrameworkSpec, note: str = "", asked_by: User | None = None
) -> FrameworkVersion:
    """Write a checked document and its rows as a published version; without an actor as the system.

    Raises ValidationError where its number is published already.
    """
    version = FrameworkVersion(
        framework=spec.framework,
        version=spec.version,
        title=spec.title,
        state=FrameworkVersion.State.DRAFT,  # until every row is written; the triggers guard from then on
        status_as_of=date.fromisoformat(spec.status_as_of),
        notice=spec.notice,
        document=canonical_json(dump_document(spec)),
        digest=spec.content_digest,
        change_note=note,
        asked_by=asked_by,
    )
    version.save(force_insert=True)
    _write_rows(version, spec)
    version.state = FrameworkVersion.State.PUBLISHED
    version.published_at, version.published_by = timezone.now(), actor
    try:
        with transaction.atomic():
            version.save(update_fields=["state", "published_at", "published_by"])
    except IntegrityError as error:  # somebody was quicker
        raise ValidationError(_("%(version)s is published already.") % {"version": version}) from error
    after = {"framework": spec.framework, "version": spec.version, "digest": spec.content_digest}
    if asked_by:
        after |= {"note": note, "asked_by": str(asked_by.uuid)}
    entry = Entry(
        "framework.published", "framework", f"{spec.framework} {spec.version}", before={}, after=after
    )
    record(actor=actor, organisation=None, entry=entry)
    return version


def _write_rows(version: FrameworkVersion, spec: FrameworkSpec) -> None:
    Level.objects.bulk_create(
        Level(version=version, code=str(item.level), name=item.name, position=place, summary=item.summary)
        for place, item in enumerate(spec.levels)
    )
    DpmmLevel.objects.bulk_create(
        DpmmLevel(version=version, code=str(item.level), name=item.name, position=place, reading=item.reading)
        for place, item in enumerate(spec.dpmm.levels)
    )
    dimensions = _write_dimensions(version, spec)
    Ceiling.objects.bulk_create(
        Ceiling(
            version=version,
            dimension=dimensions[row.dimension],
            dpmm=row.dpmm,
            sustained=row.sustained,
            ring_fenced=row.ring_fenced,
        )
        for row in spec.dpmm.ceilings
    )
    UseCase.objects.bulk_create(
        UseCase(
            version=version, code=item.code, name=item.name, position=place, impact_class=item.impact_class
        )
        for place, item in enumerate(spec.use_cases)
    )
    Action.objects.bulk_create(
        Action(
            version=version,
            code=item.code,
            name=item.title,
            position=place,
            dimension=dimensions[item.dimension],
            effort=item.effort,
        )
        for place, item in enumerate(spec.actions)
    )
    Reference.objects.bulk_create(
        Reference(
            version=version,
            code=item.code,
            name=item.title,
            position=place,
            issuer=item.issuer,
            status=item.status,
        )
        for place, item in enumerate(spec.references)
    )


def _write_dimensions(version: FrameworkVersion, spec: FrameworkSpec) -> dict[str, Dimension]:
    """Dimensions with their questions; returns the dimension rows by code."""
    dimensions = {
        item.code: Dimension.objects.create(
            version=version,
            code=item.code,
            name=item.name,
            position=place,
            short_name=item.short_name,
            weight=item.weight,
        )
        for place, item in enumerate(spec.dimensions)
    }
    Question.objects.bulk_create(
        Question(
            version=version,
            code=question.code,
            name=question.title,
            position=place,
            dimension=dimensions[spec.dimension_of[question.code]],
            weight=question.weight,
            gate=question.gate,
            quick=question.quick,
        )
        for place, question in enumerate(spec.questions.values())
    )
    return dimensions
