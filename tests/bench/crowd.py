"""Eight people at once, a thousand assessments, and a framework of 450 questions."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from bami_site.demo import PASSWORD
from tests.bench.browser import Session
from tests.bench.measuring import Row, row, web_server
from tests.bench.pages import Answering, page_figures

CLIENTS = 8
SAVES = 40  # of each client
ASSESSMENTS = 1000
COPIES = 11  # of each question of four dimensions: 440; the first keeps its ten


def crowd_figures(draft: Any) -> list[Row]:
    """Saves in a second from eight clients, in eight organisations and within one, beside the floor's."""
    apart = [make_draft(f"Works {number}") for number in range(CLIENTS)]
    together = [draft] * CLIENTS
    with web_server() as (port, _server):
        return [
            beside_floor("Saves a second, eight clients in eight organisations", people_of(port, apart)),
            beside_floor("Saves a second, eight clients within one", people_of(port, together)),
        ]


def people_of(port: int, drafts: list[Any]) -> list[tuple[Answering, int]]:
    """A client for each draft, at a question of its own, and the number of its answer."""
    people = []
    for place, draft in enumerate(drafts):
        session = Session(port)
        session.sign_in(draft.created_by.email)
        answer = draft.answers.order_by("pk")[place]
        code = answer.question_code
        person = Answering(session, f"/assessments/{draft.uuid}", code.partition("-")[0], code)
        people.append((person, answer.pk))
    return people


def beside_floor(name: str, people: list[tuple[Answering, int]]) -> Row:
    """Saves in a second, those of the floor, and how many of the floor's go into one of ours."""
    ours = rate([person.save for person, _ in people])
    bare = rate([partial(person.floor, pk) for person, pk in people])
    return row(name, f"{ours:.0f}", f"{bare:.0f}", f"{bare / ours:.1f}")


def rate(saves: list[Callable[[], None]]) -> float:
    """Saves in a second, all clients at once."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda save: [save() for _ in range(SAVES)], saves))
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
    """BAMI with 450 questions, as a framework of its own: ten in D1, which is timed, 110 in each other."""
    from frameworks.document.checks import parse_framework
    from frameworks.document.dump import dump_document
    from frameworks.services import install_framework
    from tests.builders import bami_spec

    document = dump_document(bami_spec())
    document["framework"], document["title"] = "large", "Large"
    for dimension in document["dimensions"][1:]:
        for question in list(dimension["questions"]):
            copy = {**question, "quick": False}
            copies = [{**copy, "code": renamed(question["code"], turn)} for turn in range(1, COPIES)]
            dimension["questions"] += copies
    for action in document["actions"]:
        of_others = [code for code in action["raises"] if not code.startswith("D1-")]
        action["raises"] += [renamed(code, turn) for code in of_others for turn in range(1, COPIES)]
    return install_framework(parse_framework(document))[0]


def renamed(code: str, turn: int) -> str:
    """D1-INV becomes D1-INV-3."""
    return f"{code}-{turn}"
