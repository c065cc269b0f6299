"""The reviewed table of addresses: which deed each one is, by method; what S-01 holds the site to.

An address that is missing here, or here and no longer there, fails the check: nobody's access is an accident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.urls import URLResolver, get_resolver

from accounts.permissions import MEMBERS, READING, RIGHTS, Deed, Role


class Access(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "everybody who is signed in"


Right = Deed | Access


@dataclass(frozen=True)
class Rule:
    """What opening and sending to an address is; None where the method is wrong. `on`: which assessment."""

    get: Right | None = None
    post: Right | None = None
    on: str = "draft"
    beyond: frozenset[str] = frozenset()  # actors for whom a page of theirs is legitimately not there


PUBLIC, SIGNED_IN = Access.PUBLIC, Access.SIGNED_IN
READ, KEEP_MEMBERS, ENGAGE = Deed.READ, Deed.KEEP_MEMBERS, Deed.ENGAGE
SEE, WAITLIST, EDIT = Deed.SEE_ORGANISATION, Deed.KEEP_WAITLIST, Deed.EDIT_CONTENT
POLICY: dict[str, Rule] = {
    # --- the front, and what needs no account
    "front": Rule(get=PUBLIC),
    "framework:levels": Rule(get=PUBLIC),
    "framework:dimension": Rule(get=PUBLIC),
    "framework:crosswalk": Rule(get=PUBLIC),
    "framework:use_cases": Rule(get=PUBLIC),
    "framework:scoring": Rule(get=PUBLIC),
    "framework:references": Rule(get=PUBLIC),
    "framework:glossary": Rule(get=PUBLIC),
    "sample_report": Rule(get=PUBLIC),
    "sample_report_ask": Rule(post=PUBLIC),
    "sample_report_file": Rule(get=PUBLIC),
    "sample_report_figure": Rule(get=PUBLIC),
    "waitlist": Rule(get=PUBLIC, post=PUBLIC),
    "waitlist_sent": Rule(get=PUBLIC),
    "waitlist_confirm": Rule(get=PUBLIC, post=PUBLIC),
    "waitlist_confirm_link": Rule(get=PUBLIC),
    "waitlist_leave": Rule(get=PUBLIC, post=PUBLIC),
    "waitlist_leave_link": Rule(get=PUBLIC),
    "privacy": Rule(get=PUBLIC),
    "accessibility": Rule(get=PUBLIC),
    "terms": Rule(get=PUBLIC),
    "live": Rule(get=PUBLIC, post=PUBLIC),
    "sent_mail": Rule(get=PUBLIC),
    "invitation": Rule(get=PUBLIC),
    "accept_invitation": Rule(get=PUBLIC, post=PUBLIC),
    "engagement": Rule(get=PUBLIC),
    "accept_engagement": Rule(get=PUBLIC, post=PUBLIC),
    "account_login": Rule(get=PUBLIC, post=PUBLIC),
    "account_logout": Rule(get=PUBLIC, post=PUBLIC),
    "account_inactive": Rule(get=PUBLIC, post=PUBLIC),
    "account_signup": Rule(get=PUBLIC, post=PUBLIC),
    "account_request_reauthentication_code": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "account_confirm_reauthentication_code": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "account_confirm_email": Rule(get=PUBLIC, post=PUBLIC),
    "account_confirm_login_code": Rule(get=PUBLIC, post=PUBLIC),
    "account_email_verification_sent": Rule(get=PUBLIC, post=PUBLIC),
    "account_reset_password": Rule(get=PUBLIC, post=PUBLIC),
    "account_reset_password_done": Rule(get=PUBLIC, post=PUBLIC),
    "account_reset_password_from_key": Rule(get=PUBLIC, post=PUBLIC),
    "account_reset_password_from_key_done": Rule(get=PUBLIC, post=PUBLIC),
    # --- one's own account
    "account_email": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "account_change_password": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "account_set_password": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "account_reauthenticate": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "profile": Rule(get=SIGNED_IN, post=SIGNED_IN),
    "home": Rule(get=SIGNED_IN),
    "rights": Rule(get=SIGNED_IN),
    "session": Rule(get=SIGNED_IN),
    # --- an organisation
    "accounts:organisation": Rule(get=Deed.KEEP_ORGANISATION, post=Deed.KEEP_ORGANISATION),
    "accounts:sites": Rule(get=SEE),
    "accounts:site_add": Rule(get=Deed.KEEP_SITES, post=Deed.KEEP_SITES),
    "accounts:site_change": Rule(get=Deed.KEEP_SITES, post=Deed.KEEP_SITES),
    "accounts:site_remove": Rule(get=Deed.KEEP_SITES, post=Deed.KEEP_SITES),
    "accounts:members": Rule(get=SEE),
    "accounts:member": Rule(get=KEEP_MEMBERS, post=KEEP_MEMBERS),
    "accounts:member_remove": Rule(get=KEEP_MEMBERS, post=KEEP_MEMBERS),
    "accounts:leave": Rule(get=Deed.LEAVE, post=Deed.LEAVE),
    "accounts:invite": Rule(post=KEEP_MEMBERS),
    "accounts:invitation_resend": Rule(post=KEEP_MEMBERS),
    "accounts:invitation_revoke": Rule(post=KEEP_MEMBERS),
    "accounts:engagements": Rule(get=SEE),
    "accounts:engage": Rule(get=ENGAGE, post=ENGAGE),
    "accounts:engagement_change": Rule(get=ENGAGE, post=ENGAGE),
    "accounts:engagement_end": Rule(get=ENGAGE, post=ENGAGE),
    "accounts:consultant_name": Rule(get=ENGAGE, post=ENGAGE),
    "accounts:consultant_strike": Rule(post=ENGAGE),
    # --- assessments
    "clients": Rule(get=SIGNED_IN),
    "assessments:list": Rule(get=SIGNED_IN),
    "assessments:start": Rule(get=Deed.START, post=Deed.START),
    "assessments:overview": Rule(get=READ),
    "assessments:rename": Rule(get=Deed.RENAME, post=Deed.RENAME),
    "assessments:archive": Rule(post=Deed.ARCHIVE),
    "assessments:restore": Rule(post=Deed.ARCHIVE),
    "assessments:delete": Rule(get=Deed.DELETE, post=Deed.DELETE),
    "assessments:submit": Rule(get=Deed.SUBMIT, post=Deed.SUBMIT),
    "assessments:mark_unknown": Rule(post=Deed.SUBMIT),
    "assessments:reopen": Rule(get=Deed.REOPEN, post=Deed.REOPEN, on="submitted"),
    "assessments:history": Rule(get=READ),
    "assessments:answers": Rule(get=READ),
    "assessments:rules": Rule(get=READ),
    "assessments:find": Rule(get=READ),
    "assessments:answering": Rule(post=READ),
    "assessments:show_part": Rule(post=READ),
    "assessments:dimension": Rule(get=READ),
    "assessments:question": Rule(get=READ),
    "assessments:save": Rule(post=Deed.ANSWER),
    "assessments:answer_history": Rule(get=READ),
    "assessments:unclear": Rule(get=Deed.CALL_UNCLEAR, post=Deed.CALL_UNCLEAR),
    "assessments:leave_out": Rule(get=Deed.ANSWER, post=Deed.ANSWER),
    "assessments:carry": Rule(get=Deed.ANSWER, post=Deed.ANSWER),
    "assessments:confirm_carried": Rule(post=Deed.ANSWER),
    "assessments:take_back": Rule(post=Deed.ANSWER),
    "assessments:foundation": Rule(get=READ, post=Deed.STATE_DPMM),
    "assessments:targets": Rule(get=READ, post=Deed.SET_TARGETS),
    "assessments:results": Rule(get=READ),
    "assessments:sites": Rule(get=SEE),
    "assessments:compare": Rule(get=READ),
    "assessments:gaps": Rule(get=READ),
    "assessments:use_cases": Rule(get=READ),
    "assessments:roadmap": Rule(get=READ),
    "assessments:method": Rule(get=READ),
    "assessments:review": Rule(get=READ, on="under_review"),
    "assessments:review_question": Rule(get=Deed.REVIEW, on="under_review"),
    "assessments:decide": Rule(post=Deed.REVIEW, on="submitted"),
    "assessments:accept_rest": Rule(get=Deed.REVIEW, post=Deed.REVIEW, on="submitted"),
    "assessments:finish_review": Rule(get=Deed.REVIEW, post=Deed.REVIEW, on="under_review"),
    "assessments:answer_inquiry": Rule(post=Deed.ANSWER_REVIEW, on="under_review"),
    "assessments:answer_change": Rule(post=Deed.ANSWER_REVIEW, on="reviewed"),
    "assessments:revision": Rule(get=READ, on="reviewed"),
    "reports:list": Rule(get=READ, on="submitted"),
    "reports:ask": Rule(post=Deed.ASK_FOR_REPORT, on="submitted"),
    "reports:ask_brief": Rule(post=Deed.ASK_FOR_REPORT, on="submitted"),
    "reports:ask_blank": Rule(post=Deed.ASK_FOR_REPORT, on="submitted"),
    "reports:ask_workbook": Rule(post=Deed.ASK_FOR_REPORT, on="submitted"),
    "reports:figure": Rule(get=Deed.ASK_FOR_REPORT),
    "reports:revision_figure": Rule(get=Deed.ASK_FOR_REPORT, on="reviewed"),
    "reports:plan_table": Rule(get=Deed.ASK_FOR_REPORT, on="submitted"),
    "reports:report": Rule(get=READ, on="submitted"),
    "reports:file": Rule(get=Deed.ASK_FOR_REPORT, on="submitted"),
    # --- the programme
    "programme:front": Rule(get=WAITLIST),
    "programme:waitlist": Rule(get=WAITLIST),
    "programme:invite": Rule(get=WAITLIST, post=WAITLIST),
    "programme:counts": Rule(get=WAITLIST),
    "programme:export": Rule(get=WAITLIST),
    "programme:entry": Rule(get=WAITLIST),
    "programme:note": Rule(post=WAITLIST),
    "programme:invite_again": Rule(post=WAITLIST),
    "programme:revoke": Rule(post=WAITLIST),
    "programme:erase": Rule(get=WAITLIST, post=WAITLIST),
    "programme:unsent": Rule(get=Deed.KEEP_MAIL),
    "programme:send_again": Rule(post=Deed.KEEP_MAIL),
    # --- the content editor
    "version": Rule(get=SIGNED_IN),
    "question_preview": Rule(get=EDIT),
    "editor:versions": Rule(get=EDIT),
    "editor:upload": Rule(get=EDIT, post=EDIT),
    "editor:notes": Rule(get=EDIT),
    "editor:start": Rule(post=EDIT),
    "editor:version_file": Rule(get=EDIT),
    "editor:draft": Rule(get=EDIT),
    "editor:copy": Rule(post=EDIT),
    "editor:discard": Rule(get=EDIT, post=EDIT),
    "editor:changes": Rule(get=EDIT),
    "editor:save": Rule(post=EDIT),
    "editor:questions": Rule(get=EDIT),
    "editor:question": Rule(get=EDIT),
    "editor:move": Rule(post=EDIT),
    "editor:settle_note": Rule(post=EDIT),
    "editor:remove": Rule(get=EDIT, post=EDIT),
    "editor:dimension": Rule(get=EDIT),
    "editor:add": Rule(get=EDIT, post=EDIT),
    "editor:levels": Rule(get=EDIT),
    "editor:crosswalk": Rule(get=EDIT),
    "editor:use_cases": Rule(get=EDIT),
    "editor:use_case": Rule(get=EDIT),
    "editor:yaml": Rule(get=EDIT),
    "editor:replace": Rule(get=EDIT, post=EDIT),
    "editor:draft_file": Rule(get=EDIT),
    "editor:publication": Rule(get=EDIT),
    "editor:ask": Rule(post=EDIT),
    "editor:take_back": Rule(post=EDIT),
    "editor:publish": Rule(post=Deed.PUBLISH),
}
# What each actor of the world is to organisation A; who is not named is nothing to it.
ROLES: dict[str, Role] = {
    "owner": Role.OWNER,
    "respondent": Role.RESPONDENT,
    "viewer": Role.VIEWER,
    "reviewer": Role.REVIEWER,
    "reader": Role.READER,
    "of_two": Role.REVIEWER,
    "editor": Role.EDITOR,
    "programme_admin": Role.PROGRAMME_ADMIN,
}
OF_INSTALLATION = {deed for deed in Deed if RIGHTS[deed] <= {Role.EDITOR, Role.PROGRAMME_ADMIN}}
OF_ORGANISATION_PAGES = ("accounts:", "assessments:sites")


def expected(name: str, actor: str, method: str) -> str:
    """OK, LOGIN, HIDE (404), DENY (403) or METHOD (405): the door that this actor finds at A's things."""
    rule = POLICY[name]
    right = rule.get if method == "GET" else rule.post
    if Access.PUBLIC in (rule.get, rule.post):
        return "OK" if right else "METHOD"
    if actor == "anonymous":
        return "LOGIN"
    if right is None:
        return "METHOD"
    if right is Access.SIGNED_IN:
        return "OK"
    assert isinstance(right, Deed)
    role = ROLES.get(actor)
    may = role in RIGHTS[right]
    if right in OF_INSTALLATION or name == "assessments:start":
        return "OK" if may or _starts_elsewhere(name, actor) else "DENY"
    sees = MEMBERS if name.startswith(OF_ORGANISATION_PAGES) else READING
    if role not in sees:
        return "HIDE"
    return "OK" if may else "DENY"


def _starts_elsewhere(name: str, actor: str) -> bool:
    """Starting is a deed at one's own organisation: owners of others find the page too."""
    return name == "assessments:start" and actor in OWNERS


OWNERS = {"owner", "stranger", "reviewer", "reader", "of_two", "unnamed", "ended", "unengaged"}


def walk(
    resolver: Any = None, prefix: str = "", spaces: tuple[str, ...] = (), keys: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address of the site by its full name, with the keys in it; what has no name goes by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        inside = (*keys, *entry.pattern.converters, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            space = (entry.namespace,) if entry.namespace else ()
            yield from walk(entry, route, spaces + space, inside)
        else:
            yield ":".join((*spaces, entry.name or route)), tuple(dict.fromkeys(inside))


def views(resolver: Any = None) -> Iterator[tuple[str, Any]]:
    """Every view with the name of its address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        else:
            yield entry.name or str(entry.pattern), entry.callback
