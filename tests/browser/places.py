"""Every page that a signed-in owner can open in the demo: for pictures, axe and the content policy."""

from __future__ import annotations

import json
import re

from tests.browser.conftest import RunningSite
from tests.browser.editing import MAKE as DRAFTS

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


def extremes(site: RunningSite) -> dict[str, dict[str, str]]:
    """Addresses by name, for each owner of an organisation at an end: longest texts, and nothing yet."""
    made = json.loads(site.manage("shell", "--no-imports", "-c", EXTREMES).splitlines()[-1])
    found = {}
    for email, ids in made.items():
        organisation, assessment = ids["organisation"], ids["assessment"]
        name = email.partition("@")[0]
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


def of_drafts(site: RunningSite) -> dict[str, str]:
    """Addresses by name of what an editor opens: the lists, and the pages of drafts in each state."""
    made = json.loads(site.manage("shell", "--no-imports", "-c", DRAFTS).splitlines()[-1])
    faulty = f"/editor/drafts/{made['faulty']}/"
    found = {
        "editor": "/editor/",
        "editor-closed": "/editor/?show=closed",
        "editor-upload": "/editor/upload/",
        "editor-version": "/versions/bami/1.0/",
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


def places(site: RunningSite) -> dict[str, str]:
    """Addresses by name: of the submitted assessment, of the draft, of sites and of pages that refuse."""
    ids = json.loads(
        site.manage(
            "shell",
            "--no-imports",
            "-c",
            "import json\n"
            "from assessments.models import Assessment\n"
            "rows = Assessment.objects.unscoped('pictures').order_by('pk')[:2]\n"
            "ids = rows.values_list('uuid', 'organisation__uuid', 'site__uuid')\n"
            "print(json.dumps([[str(part) for part in row] for row in ids]))",
        ).splitlines()[-1]
    )
    (submitted, organisation, plant), (draft, _, _) = ids
    found = {"list": "/assessments/", "start": "/assessments/new/", "archived": "/assessments/?show=archived"}
    found |= {
        "sites": f"/organisations/{organisation}/sites/",
        "members": f"/organisations/{organisation}/members/",
        "sites-side-by-side": f"/assessments/sites/{organisation}/",
        "add-site": f"/organisations/{organisation}/sites/add/",
        "change-site": f"/organisations/{organisation}/sites/{plant}/",
    }
    for name, uuid in (("submitted", submitted), ("draft", draft)):
        found |= of_an_assessment(name, uuid)
    found["draft-rename"] = f"/assessments/{draft}/rename/"
    found["draft-submit"] = f"/assessments/{draft}/submit/"
    found["draft-delete"] = f"/assessments/{draft}/delete/"
    found["submitted-reopen"] = f"/assessments/{submitted}/reopen/"
    found["version"] = "/versions/bami/1.0/"
    found["wrong-method"] = f"/assessments/{draft}/archive/"
    found["missing"] = "/assessments/00000000-0000-4000-8000-000000000000/"
    found["password"] = "/accounts/password/change/"
    return found
