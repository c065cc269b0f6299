"""Who may do what with an assessment: predicates over loaded rows, read from the one table of rights."""

from __future__ import annotations

from accounts.permissions import Deed, may, role_in
from assessments.models import Assessment


def can_answer(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.ANSWER)


def can_call_unclear(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.CALL_UNCLEAR)


def can_rename(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.RENAME)


def can_archive(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.ARCHIVE)


def can_delete(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.DELETE)


def can_state_dpmm(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.STATE_DPMM)


def can_set_targets(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.SET_TARGETS)


def can_submit(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.SUBMIT)


def can_reopen(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.REOPEN)


def can_ask_for_report(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.ASK_FOR_REPORT)


def can_review(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.REVIEW)


def can_answer_review(assessment: Assessment) -> bool:
    return may(role_in(assessment), Deed.ANSWER_REVIEW)
