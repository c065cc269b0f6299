"""Rights, written once: which role may do which deed; every `can_…` predicate reads this table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership

Role = Membership.Role
ALL = frozenset(Role)
ANSWERING = frozenset({Role.OWNER, Role.RESPONDENT})
OWNING = frozenset({Role.OWNER})


class Deed(models.TextChoices):
    """What a member of an organisation may or may not do; the label is how the page of rights names it."""

    READ = "read", _("Read answers, results, plan and reports")
    ASK_FOR_REPORT = "ask for a report", _("Ask for a report and download it")
    ANSWER = "answer", _("Answer questions")
    START = "start", _("Start an assessment")
    RENAME = "rename", _("Change title and scope")
    ARCHIVE = "archive", _("Archive an assessment and bring it back")
    DELETE = "delete", _("Delete a draft without replies")
    STATE_DPMM = "state DPMM", _("State the DPMM level")
    SET_TARGETS = "set targets and plan", _("Choose AI uses, set targets and plan")
    SUBMIT = "submit", _("Submit")
    REOPEN = "reopen", _("Reopen")
    KEEP_SITES = "keep sites", _("Add and change sites")
    KEEP_MEMBERS = "keep members", _("Invite, change and remove members")


RIGHTS: dict[Deed, frozenset[Membership.Role]] = {
    Deed.READ: ALL,
    Deed.ASK_FOR_REPORT: ALL,
    Deed.ANSWER: ANSWERING,
    Deed.START: OWNING,
    Deed.RENAME: OWNING,
    Deed.ARCHIVE: OWNING,
    Deed.DELETE: OWNING,
    Deed.STATE_DPMM: OWNING,
    Deed.SET_TARGETS: OWNING,
    Deed.SUBMIT: OWNING,
    Deed.REOPEN: OWNING,
    Deed.KEEP_SITES: OWNING,
    Deed.KEEP_MEMBERS: OWNING,
}


def may(role: str | None, deed: Deed) -> bool:
    """Whether this role may do this deed; no role may do nothing."""
    return role in RIGHTS[deed]


def role_in(row: object) -> str | None:
    """The role that `visible_to(user)` found with a row; None where it came another way."""
    return getattr(row, "role", None)


def can_keep_members(role: str | None) -> bool:
    return may(role, Deed.KEEP_MEMBERS)


def can_keep_sites(role: str | None) -> bool:
    return may(role, Deed.KEEP_SITES)
