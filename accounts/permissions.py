"""Rights, written once: which role may do which deed; every `can_…` predicate reads this table."""

from __future__ import annotations

from enum import StrEnum

from accounts.models import Membership

Role = Membership.Role
ALL = frozenset(Role)
ANSWERING = frozenset({Role.OWNER, Role.RESPONDENT})
OWNING = frozenset({Role.OWNER})


class Deed(StrEnum):
    """What a member of an organisation may or may not do."""

    READ = "read"
    ANSWER = "answer"
    START = "start"
    RENAME = "rename"
    ARCHIVE = "archive"
    DELETE = "delete"
    STATE_DPMM = "state DPMM"
    SET_TARGETS = "set targets and plan"
    SUBMIT = "submit"
    REOPEN = "reopen"
    ASK_FOR_REPORT = "ask for a report"
    KEEP_SITES = "keep sites"


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
}


def may(role: str | None, deed: Deed) -> bool:
    """Whether this role may do this deed; no role may do nothing."""
    return role in RIGHTS[deed]


def role_in(row: object) -> str | None:
    """The role that `visible_to(user)` found with a row; None where it came another way."""
    return getattr(row, "role", None)


def can_keep_sites(role: str | None) -> bool:
    return may(role, Deed.KEEP_SITES)
