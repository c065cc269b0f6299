"""The pages that axe, the widths and the pictures see are all that the site has."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import resolve

from tests.browser import places
from tests.browser.conftest import RunningSite
from tests.policy import POLICY

# Addresses that a GET answers without a page of their own, or whose page is met elsewhere.
NO_PAGE = {
    "live", "session", "assessments:answers", "programme:front", "editor:questions",  # machines; ways on
    "reports:figure", "reports:plan_table", "reports:file", "sample_report_file",  # files
    "reports:revision_figure", "sample_report_figure",
    "programme:export", "editor:version_file", "editor:draft_file",
    "invitation", "engagement", "waitlist_confirm_link", "waitlist_leave_link",  # lead on without the key
    "account_signup", "account_confirm_login_code",  # closed: they lead to signing in
    "account_set_password", "account_request_reauthentication_code", "account_confirm_reauthentication_code",
    "account_email_verification_sent",
}  # fmt: skip
ELSEWHERE = {
    "assessments:revision": "tests/browser/test_review.py",
    "accept_engagement": "tests/browser/test_review.py",
    "reports:report": "tests/browser/test_pages.py, of_files",
}


def test_every_address_with_a_page_is_looked_at(site: RunningSite) -> None:
    made: dict[str, str] = defaultdict(lambda: str(UUID(int=0)))
    found = [*places.SIGNED_OUT, *places.places(site).values(), *places.programme(site).values()]
    found += places.pages_of_drafts(made).values()
    found += [path for pages in places.of_clients(made).values() for path in pages.values()]
    seen = {resolve(urlsplit(path).path).view_name for path in found}
    asked = {name for name, rule in POLICY.items() if rule.get}
    assert sorted(asked - seen - NO_PAGE - set(ELSEWHERE)) == []
