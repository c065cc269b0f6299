"""Every page that a signed-in owner can open in the demo: for pictures, axe and the content policy."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tests.browser.conftest import CLIENT, REVIEWER, RunningSite

OF_AN_ASSESSMENT = (
    "",
    "history/",
    "answers/rules/",
    "answers/D1/",
    "answers/D1/D1-CTX/",
    "answers/D1/D1-EXT/",
    "answers/D1/D1-CTX/?gates=yes&role=qa&show=unanswered",
    "answers/D3/?show=unanswered",
    "answers/D1/D1-CTX/history/",
    "answers/D1/D1-CTX/unclear/",
    "answers/find/?q=data",
    "not-applicable/D3/",
    "foundation/",
    "targets/",
    "results/",
    "results/compare/",
    "gaps/",
    "use-cases/",
    "roadmap/",
    "review/",
    "method/",
    "reports/",
)
PUBLIC = (
    "/",
    "/framework/",
    "/framework/dimensions/D1/",
    "/framework/crosswalk/",
    "/framework/use-cases/",
    "/framework/scoring/",
    "/framework/references/",
    "/framework/glossary/",
    "/sample-report/",
    "/waitlist/",
    "/waitlist/sent/",
    "/waitlist/confirm/",
    "/waitlist/leave/",
    "/privacy/",
    "/accessibility/",
    "/terms/",
)
SIGNED_OUT = (
    *PUBLIC,
    "/mail/",
    "/invitations/accept/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-wrong/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/wrong/",
    "/accounts/inactive/",
)


OF_A_DRAFT = (
    "",
    "changes/",
    "questions/D1-CTX/",
    "questions/D1-CTX/preview/",
    "questions/D1-CTX/remove/",
    "dimensions/D1/",
    "dimensions/D1/add/",
    "levels/",
    "crosswalk/",
    "use-cases/",
    "use-cases/UC01/",
    "yaml/",
    "publication/",
    "discard/",
)
EXTREMES = "from tests.browser.extremes import make; make()"
FILED = "from tests.browser.filed import make; make()"
DRAFTS = "from tests.browser.editing import make; make()"
REVIEWS = "from tests.browser.reviews import make; make()"


def extremes(site: RunningSite) -> dict[str, dict[str, str]]:
    """Addresses by name, for each owner of an organisation at an end: longest texts, and nothing yet."""
    made = json.loads(site.manage("shell", "--no-imports", "-c", EXTREMES).splitlines()[-1])
    found = {}
    for email, ids in made.items():
        organisation, assessment = ids["organisation"], ids["assessment"]
        name = "site-" + email.partition("@")[0]  # an editor's longest draft has pictures too
        found[email] = {
            f"{name}-list": "/assessments/",
            f"{name}-start": "/assessments/new/",
            f"{name}-sites": f"/organisations/{organisation}/sites/",
            f"{name}-members": f"/organisations/{organisation}/members/",
            f"{name}-rename": f"/assessments/{assessment}/rename/",
            f"{name}-submit": f"/assessments/{assessment}/submit/",
            f"{name}-delete": f"/assessments/{assessment}/delete/",
        } | of_an_assessment(name, assessment)
    return found


def of_files(site: RunningSite) -> dict[str, str]:
    """Addresses by name, for the owner FILER: files of every kind and state."""
    made = json.loads(site.manage("shell", "--no-imports", "-c", FILED).splitlines()[-1])
    folder = f"/assessments/{made['assessment']}/reports/"
    return {"filed": folder} | {
        f"filed-{place}": f"{folder}{report}/" for place, report in enumerate(made["reports"], 1)
    }


def of_drafts(site: RunningSite) -> dict[str, str]:
    """Addresses by name of what an editor opens: the lists, and the pages of drafts in each state."""
    return pages_of_drafts(json.loads(site.manage("shell", "--no-imports", "-c", DRAFTS).splitlines()[-1]))


def pages_of_drafts(made: Mapping[str, str]) -> dict[str, str]:
    faulty = f"/editor/drafts/{made['faulty']}/"
    found = {
        "editor": "/editor/",
        "editor-closed": "/editor/?show=closed",
        "editor-upload": "/editor/upload/",
        "editor-version": "/versions/bami/1.0/",
        "editor-home": "/home/",
        "editor-notes": "/editor/notes/",
        "faulty": faulty,
        "faulty-new": f"{faulty}questions/D1-NEW/",
        "faulty-remove-new": f"{faulty}questions/D1-NEW/remove/",
        "asked": f"/editor/drafts/{made['asked']}/",
        "asked-publication": f"/editor/drafts/{made['asked']}/publication/",
        "discarded": f"/editor/drafts/{made['discarded']}/",
        "discarded-question": f"/editor/drafts/{made['discarded']}/questions/D1-CTX/",
        "fresh": f"/editor/drafts/{made['fresh']}/",
        "fresh-changes": f"/editor/drafts/{made['fresh']}/changes/",
        "fresh-replace": f"/editor/drafts/{made['fresh']}/yaml/replace/",
        "fresh-publication": f"/editor/drafts/{made['fresh']}/publication/",
    }
    for name in ("faulty", "longest"):
        for path in OF_A_DRAFT:
            shown = path.strip("/").replace("/", "-") or "overview"
            found[f"{name}-{shown}"] = f"/editor/drafts/{made[name]}/{path}"
    return found


def pages_of_reviewers(made: Mapping[str, str]) -> dict[str, str]:
    def under(state: str, path: str) -> str:
        return f"/assessments/{made[state]}/{path}"

    return {
        "fresh": under("fresh", "review/"),
        "fresh-question": under("fresh", "review/answers/D1-CTX/"),
        "running": under("running", "review/?show=all"),
        "running-set": under("running", "review/answers/D1-INV/?show=all"),
        "running-replied": under("running", "review/answers/D1-CTX/?show=asked"),
        "running-rest": under("running", "review/accept-rest/"),
        "decided-rest": under("decided", "review/accept-rest/"),
        "running-finish": under("running", "review/finish/"),
        "decided-finish": under("decided", "review/finish/"),
        "done": under("done", "review/"),
        "longest": under("longest", "review/"),
    }


def pages_of_owners(made: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{state}-{path.replace('/', '-').strip('-') or 'overview'}": f"/assessments/{made[state]}/{path}"
        for state in ("running", "done", "longest")
        for path in (
            "", "review/", "results/", "history/", "reopen/", "reports/", "answers/D1/D1-INV/",
            "revisions/1/submitted/",
        )
    } | {
        f"{state}-revision": f"/assessments/{made[state]}/revisions/1/reviewed/"
        for state in ("done", "longest")
    }  # fmt: skip


def reviews_of(site: RunningSite) -> dict[str, str]:
    """The assessments of a client by the state of their review, the client and its engagement; made anew."""
    made: dict[str, str] = json.loads(site.manage("shell", "--no-imports", "-c", REVIEWS).splitlines()[-1])
    return made


def of_clients(made: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Addresses by name, for a reviewer and for the client's owner: clients, reviews, engagements."""
    organisation = f"/organisations/{made['organisation']}/"
    engagement = f"{organisation}engagements/{made['engagement']}/"
    reviewer = {"home": "/home/", "clients": "/clients/", "clients-nothing-found": "/clients/?q=nobody"}
    reviewer |= pages_of_reviewers(made) | of_an_assessment("client", made["running"])
    owner = {"home": "/home/"} | pages_of_owners(made) | {
        "engagements": f"{organisation}engagements/",
        "engage": f"{organisation}engagements/begin/",
        "engagement-change": engagement,
        "engagement-end": f"{engagement}end/",
        "engagement-name": f"{engagement}consultants/",
        "members": f"{organisation}members/",
    }  # fmt: skip
    named = ((REVIEWER, "reviewer", reviewer), (CLIENT, "client", owner))
    return {email: {f"{who}-{name}": path for name, path in found.items()} for email, who, found in named}


def name_of(path: str) -> str:
    """A file's name for an address: letters, digits and dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "overview"


def of_an_assessment(name: str, uuid: str) -> dict[str, str]:
    return {f"{name}-{name_of(path)}": f"/assessments/{uuid}/{path}" for path in OF_AN_ASSESSMENT}


ENTRIES = """
import json
from accounts.models import WaitlistEntry
print(json.dumps({entry.state: str(entry.uuid) for entry in WaitlistEntry.objects.order_by("pk")}))
"""


def programme(site: RunningSite) -> dict[str, str]:
    """Addresses by name: what a programme admin opens, with an entry in each state."""
    found = {
        "programme-home": "/home/",
        "programme-waitlist": "/programme/waitlist/",
        "programme-nothing-found": "/programme/waitlist/?q=nobody",
        "programme-counts": "/programme/waitlist/counts/",
        "programme-mails": "/programme/mails/",
    }
    by_state = json.loads(site.manage("shell", "--no-imports", "-c", ENTRIES).splitlines()[-1])
    for state, uuid in by_state.items():
        found[f"programme-{state}"] = f"/programme/waitlist/{uuid}/"
    found["programme-invite"] = f"/programme/waitlist/invite/?entry={by_state['confirmed']}"
    found["programme-erase"] = f"/programme/waitlist/{by_state['joined']}/erase/"
    return found


DEMO = """
import json
from accounts.models import Membership
from assessments.models import Assessment
rows = Assessment.objects.unscoped("pictures").order_by("pk")[:2]
ids = [list(map(str, row)) for row in rows.values_list("uuid", "organisation__uuid", "site__uuid")]
others = Membership.objects.unscoped("pictures").filter(organisation__uuid=ids[0][1]).exclude(role="owner")
print(json.dumps({"assessments": ids, "member": str(others.values_list("user__uuid", flat=True)[0])}))
"""


def places(site: RunningSite) -> dict[str, str]:
    """Addresses by name: of the submitted assessment, of the draft, of sites and of pages that refuse."""
    ids = json.loads(
        site.manage(
            "shell",
            "--no-imports",
            "-c",
            DEMO,
        ).splitlines()[-1]
    )
    (submitted, organisation, plant), (draft, _, _) = ids["assessments"]
    member = f"/organisations/{organisation}/members/{ids['member']}/"
    found = {"list": "/assessments/", "start": "/assessments/new/", "archived": "/assessments/?show=archived"}
    found |= {
        "sites": f"/organisations/{organisation}/sites/",
        "members": f"/organisations/{organisation}/members/",
        "member": member,
        "member-remove": f"{member}remove/",
        "organisation": f"/organisations/{organisation}/",
        "rights": "/rights/",
        "sites-side-by-side": f"/assessments/sites/{organisation}/",
        "add-site": f"/organisations/{organisation}/sites/add/",
        "change-site": f"/organisations/{organisation}/sites/{plant}/",
        "remove-site": f"/organisations/{organisation}/sites/{plant}/remove/",
    }
    for name, uuid in (("submitted", submitted), ("draft", draft)):
        found |= of_an_assessment(name, uuid)
    found["draft-rename"] = f"/assessments/{draft}/rename/"
    found["draft-carry"] = f"/assessments/{draft}/carried/"
    found["draft-submit"] = f"/assessments/{draft}/submit/"
    found["draft-delete"] = f"/assessments/{draft}/delete/"
    found["submitted-reopen"] = f"/assessments/{submitted}/reopen/"
    found["version"] = "/versions/bami/1.0/"
    found["wrong-method"] = f"/assessments/{draft}/archive/"
    found["missing"] = "/assessments/00000000-0000-4000-8000-000000000000/"
    found["password"] = "/accounts/password/change/"
    found["e-mail"] = "/accounts/email/"
    found["sign-out"] = "/accounts/logout/"
    found["sign-in-again"] = "/accounts/reauthenticate/"
    found["profile"] = "/profile/"
    found["leave"] = f"/organisations/{organisation}/members/leave/"
    return found
