"""Rights, written once: which role may do which deed; every `can_…` predicate reads this table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Role(models.TextChoices):
    """What a person is to the organisation whose row they look at, or to the installation."""

    OWNER = "owner", _("Owner")
    RESPONDENT = "respondent", _("Respondent")
    VIEWER = "viewer", _("Viewer")
    REVIEWER = "reviewer", _("Consultant, to review")
    READER = "reader", _("Consultant, to read")
    EDITOR = "editor", _("Content editor")
    PROGRAMME_ADMIN = "programme admin", _("Programme admin")


MEMBERS = frozenset({Role.OWNER, Role.RESPONDENT, Role.VIEWER})
CONSULTANTS = frozenset({Role.REVIEWER, Role.READER})
READING = MEMBERS | CONSULTANTS
ANSWERING = frozenset({Role.OWNER, Role.RESPONDENT})
OWNING = frozenset({Role.OWNER})
REVIEWING = frozenset({Role.REVIEWER})
EDITING = frozenset({Role.EDITOR})
PROGRAMME = frozenset({Role.PROGRAMME_ADMIN})


class Deed(models.TextChoices):
    """What somebody may or may not do; the label is how the page of rights names it."""

    READ = "read", _("Read answers, results, plan and reports")
    ASK_FOR_REPORT = "ask for a report", _("Ask for a report and download it")
    ANSWER = "answer", _("Answer questions")
    CALL_UNCLEAR = "call unclear", _("Tell the content editors that a question is unclear, without a name")
    START = "start", _("Start an assessment")
    RENAME = "rename", _("Change title and scope")
    ARCHIVE = "archive", _("Archive an assessment and bring it back")
    DELETE = "delete", _("Delete a draft without replies")
    STATE_DPMM = "state DPMM", _("State the DPMM level")
    SET_TARGETS = "set targets and plan", _("Choose AI uses, set targets and plan")
    SUBMIT = "submit", _("Submit")
    REOPEN = "reopen", _("Reopen")
    REVIEW = "review", _("Review a submitted assessment: ask the site, decide, finish")
    ANSWER_REVIEW = "answer a review", _("Answer what a reviewer asks and changes")
    SEE_ORGANISATION = "see organisation", _("See sites, members and engagements")
    LEAVE = "leave", _("Leave the organisation")
    KEEP_ORGANISATION = "keep organisation", _("Change the organisation’s name, kind and paper")
    KEEP_SITES = "keep sites", _("Add and change sites, remove one without assessments")
    KEEP_MEMBERS = "keep members", _("Invite, change and remove members")
    ENGAGE = "engage", _("Engage consultants and end their engagement")
    EDIT_CONTENT = "edit content", _("Edit drafts of the framework")
    PUBLISH = "publish", _("Publish a draft that another editor asks to publish")
    KEEP_WAITLIST = (
        "keep waitlist",
        _("Work the waitlist, invite from it, revoke invitations, export it"),
    )
    KEEP_MAIL = "keep mail", _("See mails that could not be sent, and send them again")


RIGHTS: dict[Deed, frozenset[Role]] = {
    Deed.READ: READING,
    Deed.ASK_FOR_REPORT: READING,
    Deed.ANSWER: ANSWERING,
    Deed.CALL_UNCLEAR: READING,
    Deed.START: OWNING,
    Deed.RENAME: OWNING,
    Deed.ARCHIVE: OWNING,
    Deed.DELETE: OWNING,
    Deed.STATE_DPMM: OWNING,
    Deed.SET_TARGETS: OWNING,
    Deed.SUBMIT: OWNING,
    Deed.REOPEN: OWNING,
    Deed.REVIEW: REVIEWING,
    Deed.ANSWER_REVIEW: OWNING,
    Deed.SEE_ORGANISATION: MEMBERS,
    Deed.LEAVE: MEMBERS,
    Deed.KEEP_ORGANISATION: OWNING,
    Deed.KEEP_SITES: OWNING,
    Deed.KEEP_MEMBERS: OWNING,
    Deed.ENGAGE: OWNING,
    Deed.EDIT_CONTENT: EDITING,
    Deed.PUBLISH: EDITING,
    Deed.KEEP_WAITLIST: PROGRAMME,
    Deed.KEEP_MAIL: PROGRAMME,
}


def may(role: str | None, deed: Deed) -> bool:
    """Whether this role may do this deed; no role may do nothing."""
    return role in RIGHTS[deed]


def role_in(row: object) -> str | None:
    """The role that `visible_to(user)` found with a row; None where it came another way."""
    return getattr(row, "role", None)


def sees_as_consultant(row: object) -> bool:
    """Whether this person sees the row through an engagement, not as a member."""
    return role_in(row) in CONSULTANTS


def can_keep_organisation(role: str | None) -> bool:
    return may(role, Deed.KEEP_ORGANISATION)


def can_keep_members(role: str | None) -> bool:
    return may(role, Deed.KEEP_MEMBERS)


def can_leave(role: str | None) -> bool:
    return may(role, Deed.LEAVE)


def can_keep_sites(role: str | None) -> bool:
    return may(role, Deed.KEEP_SITES)


def can_engage(role: str | None) -> bool:
    return may(role, Deed.ENGAGE)


def can_edit_content(user: User) -> bool:
    return may(Role.EDITOR if user.is_editor else None, Deed.EDIT_CONTENT)


def can_publish(user: User) -> bool:
    return may(Role.EDITOR if user.is_editor else None, Deed.PUBLISH)


def can_keep_waitlist(user: User) -> bool:
    return may(Role.PROGRAMME_ADMIN if user.is_programme_admin else None, Deed.KEEP_WAITLIST)


def can_keep_mail(user: User) -> bool:
    return may(Role.PROGRAMME_ADMIN if user.is_programme_admin else None, Deed.KEEP_MAIL)
