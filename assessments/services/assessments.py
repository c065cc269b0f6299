"""Starting, renaming, archiving and deleting assessments."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Site, User
from assessments.models import Answer, Assessment
from assessments.results import brief_results_for
from assessments.services.lock import lock_draft
from assessments.services.summary import keep_summary
from frameworks.document.editing import mark_of
from frameworks.models import FrameworkVersion
from frameworks.queries import spec_for
from records.events import Entry, record
from records.jobs import discard_files
from records.models import Job
from records.models.job import ATTEMPTS


class RenamedMeanwhile(Exception):
    """Somebody else changed title or scope since the page was opened: nothing was written."""


def naming_of(assessment: Assessment) -> str:
    """What a page of title and scope tells that it has seen: a mark of the two."""
    return mark_of([assessment.title, assessment.scope])


@transaction.atomic
def start_assessment(
    *, actor: User, site: Site, version: FrameworkVersion, title: str, scope: str
) -> Assessment:
    """A new draft of a site with one empty answer for every question of the version.

    Raises ValidationError for a title that is missing, texts that are too long, or a site that was removed.
    """
    if Site.objects.of(site.organisation).select_for_update().filter(pk=site.pk).first() is None:
        raise ValidationError({"site": _("This site was removed meanwhile. Choose another one.")})
    assessment = Assessment(
        organisation=site.organisation, site=site, version=version, title=title, scope=scope, created_by=actor
    )
    assessment.full_clean(exclude=["organisation", "site", "version", "created_by"])
    assessment.save(force_insert=True)
    Answer.objects.bulk_create(
        [Answer(assessment=assessment, question_code=code) for code in spec_for(version).questions]
    )
    keep_summary(assessment, brief_results_for(assessment, assessment.answers.all()))
    after = {"title": title, "scope": scope, "site": str(site.uuid), "version": str(version)}
    _note(actor, assessment, "assessment.started", {}, after)
    return assessment


@transaction.atomic
def rename_assessment(
    *, actor: User, assessment: Assessment, title: str, scope: str, seen: str | None = None
) -> None:
    """Another title or scope, as long as it is a draft; `seen`: `naming_of` what the page showed, None for
    who showed nothing.

    Raises ValidationError, NotADraft, or RenamedMeanwhile where they are others by now.
    """
    lock_draft(assessment)
    stands = (assessment.title, assessment.scope)
    if seen is not None and seen != naming_of(assessment) and stands != (title, scope):
        raise RenamedMeanwhile
    before = {"title": assessment.title, "scope": assessment.scope}
    assessment.title, assessment.scope = title, scope
    assessment.clean_fields(exclude=_all_but("title", "scope"))
    assessment.stamp += 1
    assessment.changed_at = timezone.now()
    assessment.save(update_fields=["title", "scope", "stamp", "changed_at"])
    _note(actor, assessment, "assessment.renamed", before, {"title": title, "scope": scope})


@transaction.atomic
def archive_assessment(*, actor: User, assessment: Assessment) -> None:
    """Take it off the list; nothing else changes, and it can be brought back.

    Nothing happens where it is off the list already, or was deleted meanwhile.
    """
    if Assessment.objects.again(assessment).current().update(archived_at=timezone.now()):
        _note(actor, assessment, "assessment.archived", {}, {})


@transaction.atomic
def restore_assessment(*, actor: User, assessment: Assessment) -> None:
    """Bring an archived assessment back to the list; nothing happens where it is there, or was deleted."""
    if Assessment.objects.again(assessment).archived().update(archived_at=None):
        _note(actor, assessment, "assessment.restored", {}, {})


@transaction.atomic
def delete_assessment(*, actor: User, assessment: Assessment) -> None:
    """Remove a draft that has no replies and was never submitted; raises ValidationError otherwise.

    Its reports go with it, their jobs and files too. One that is gone already is no fault.
    """
    mine = Assessment.objects.of(assessment.organisation)
    locked: Assessment | None = mine.select_for_update().filter(pk=assessment.pk).first()
    if locked is None:
        return
    if not is_deletable(locked):
        raise ValidationError(_("Only a draft without a reply can be deleted. Archive this one instead."))
    before = {"title": locked.title, "scope": locked.scope}
    _note(actor, assessment, "assessment.deleted", before, {})
    jobs = list(Job.objects.of(assessment.organisation).filter(report__assessment=locked))
    locked.delete()
    for job in jobs:
        job.delete()
        transaction.on_commit(partial(discard_files, job, range(1, ATTEMPTS + 1)))


def is_deletable(assessment: Assessment) -> bool:
    """Whether nothing would be lost: a first draft with no reply and no words in it."""
    words = assessment.answers.exclude(comment="", evidence_note="", state=Answer.State.UNANSWERED)
    return assessment.is_draft and assessment.revision == 1 and not words.exists()


def _all_but(*names: str) -> set[str]:
    return {field.name for field in Assessment._meta.fields} - set(names)


def _note(
    actor: User, assessment: Assessment, action: str, before: dict[str, str], after: dict[str, str]
) -> None:
    entry = Entry(action, "assessment", str(assessment.uuid), before=before, after=after)
    record(actor=actor, organisation=assessment.organisation, entry=entry)
