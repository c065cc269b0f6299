"""Eight people at once, a thousand assessments, and a framework of 450 questions."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bami_site.demo import PASSWORD
from tests.bench.browser import Session
from tests.bench.measuring import Row, row, web_server
from tests.bench.pages import Answering, page_figures

CLIENTS = 8
SAVES = 40  # of each client
ASSESSMENTS = 1000
COPIES = 9  # of BAMI's 50 questions


def crowd_figures(draft: Any) -> list[Row]:
    """Saves in a second from eight clients: in eight organisations, and within one."""
    apart = [make_draft(f"Works {number}") for number in range(CLIENTS)]
    together = [draft] * CLIENTS
    with web_server() as (port, _server):
        return [
            row("Saves a second, eight clients in eight organisations", f"{rate(port, apart):.0f}"),
            row("Saves a second, eight clients within one", f"{rate(port, together):.0f}"),
        ]


def rate(port: int, drafts: list[Any]) -> float:
    """Saves in a second, each client at a question of its own."""
    people = []
    for place, draft in enumerate(drafts):
        session = Session(port)
        session.sign_in(draft.created_by.email)
        code = list(draft.answers.order_by("pk").values_list("question_code", flat=True))[place]
        people.append(Answering(session, f"/assessments/{draft.uuid}", code.partition("-")[0], code))
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda person: [person.save() for _ in range(SAVES)], people))
    return CLIENTS * SAVES / (time.perf_counter() - start)


def scale_figures(draft: Any) -> list[Row]:
    """The same pages with 1,000 assessments in the installation, and with a framework of 450 questions."""
    large = make_draft("Large", version=large_version())
    of_large = page_figures(large, ", 450 questions")
    fill(ASSESSMENTS)
    return [*of_large, *page_figures(draft, ", 1,000 assessments")]


def make_draft(name: str, version: Any = None) -> Any:
    """A draft of an organisation of its own, every question answered."""
    from accounts.models import Organisation
    from accounts.services.people import create_owner
    from accounts.services.sites import add_site
    from assessments.models import Answer, Assessment
    from assessments.services.assessments import start_assessment
    from frameworks.models import FrameworkVersion

    email = f"{name.lower().replace(' ', '-')}@bench.example"
    owner = create_owner(email=email, organisation_name=name, name=name, password=PASSWORD)
    organisation = Organisation.objects.visible_to(owner).get()
    site = add_site(actor=owner, organisation=organisation, name=name, place=name, time_zone="Europe/Paris")
    version = version or FrameworkVersion.objects.get(version="1.0", framework="bami")
    started = start_assessment(actor=owner, site=site, version=version, title="Bench", scope="")
    Answer.objects.of(organisation).update(state="level", level=2, grade="E1")
    return Assessment.objects.visible_to(owner).for_page().get(pk=started.pk)


def fill(number: int) -> None:
    """Assessments in forty organisations, so that each list stays a list that somebody would have."""
    from assessments.services.assessments import start_assessment

    organisations = 40
    for place in range(organisations):
        draft = make_draft(f"Filler {place}")
        for turn in range(number // organisations - 1):
            start_assessment(
                actor=draft.created_by, site=draft.site, version=draft.version, title=f"No. {turn}", scope=""
            )


def large_version() -> Any:
    """BAMI with each question nine times over, as a framework of its own: 90 questions in each dimension."""
    from frameworks.document.checks import parse_framework
    from frameworks.document.dump import dump_document
    from frameworks.services import install_framework
    from tests.builders import bami_spec

    document = dump_document(bami_spec())
    document["framework"], document["title"] = "large", "Large"
    for dimension in document["dimensions"]:
        for question in list(dimension["questions"]):
            copy = {**question, "quick": False}
            copies = [{**copy, "code": renamed(question["code"], turn)} for turn in range(1, COPIES)]
            dimension["questions"] += copies
    for action in document["actions"]:
        action["raises"] += [renamed(code, turn) for code in action["raises"] for turn in range(1, COPIES)]
    return install_framework(parse_framework(document))[0]


def renamed(code: str, turn: int) -> str:
    """D1-INV becomes D1-INV-3."""
    return f"{code}-{turn}"
