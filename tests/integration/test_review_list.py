"""The list of a review: what its filters show, and what stands beside each answer."""

from __future__ import annotations

import re
from functools import partial
from uuid import uuid4

from assessments.results import results_for
from assessments.services.answers import record_answer
from assessments.services.submission import submit_assessment
from tests import builders, reviewing
from tests.answering import statements
from tests.reviewing import ACCEPT, again, place, posted


def test_filters_show_what_they_say(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-CTX")
    reviewing.ask(submitted, cast.reviewer, "D2-VAL")
    client = sign_in(cast.reviewer)

    def codes(show):
        page = client.get(place(submitted, "review") + f"?show={show}")
        return [case.code for case in page.context["cases"]]

    every = list(builders.bami_spec().questions)
    assert codes("all") == every
    assert codes("undecided") == [code for code in every if code != "D1-CTX"]
    assert codes("asked") == ["D2-VAL"]
    matters = codes("matters")
    assert codes("nonsense") == matters
    assert set(matters) < set(every)
    shown = client.get(place(submitted, "review")).content.decode()
    assert "Claimed one level lower, it would change" in shown
    for found in results_for(again(submitted, cast.owner)).load_bearing:
        for code in found.changes:
            if found.direction == "down" and code in builders.bami_spec().dimension_by_code:
                assert f"{place(submitted, 'results')}#why-{code}" in shown
    after = client.post(
        place(submitted, "decide", matters[0]), posted(submitted, **ACCEPT) | {"show": "matters"}
    )
    assert after["Location"] == place(submitted, "review_question", matters[1]) + "?show=matters"


def test_each_reason_is_a_sentence_that_leads_to_where_it_comes_from(cast, sign_in):
    rule = builders.bami_spec().flags[0]
    denies = rule.any_of[0]
    draft = builders.make_assessment(site=cast.site, owner=cast.owner)
    builders.answer_all(draft, cast.owner, level=2)
    builders.answer(draft, cast.owner, rule.when.question, 5)
    builders.answer(draft, cast.owner, denies.question, 0)
    flagged = builders.bami_spec().dimensions[4].questions[0].code
    record_answer(
        actor=cast.owner, assessment=draft, question_code=flagged, changes={"flagged": {"flagged": True}},
        base_version=draft.answers.get(question_code=flagged).version, op_id=uuid4(),
    )  # fmt: skip
    submit_assessment(actor=cast.owner, assessment=draft)
    page = sign_in(cast.reviewer).get(place(draft, "review") + "?show=all")
    shown = re.sub(r"\s+", " ", page.content.decode())
    claims, denied = (builders.bami_spec().questions[c] for c in (rule.when.question, denies.question))
    for other, words in ((denied, "It claims what is denied by"), (claims, "It denies what is claimed by")):
        link = place(draft, "review_question", other.code) + "?show=all"
        assert f'{words} <a href="{link}">{other.title}</a>' in shown
    assert "is a high claim: 4 and 5 ask for the most." in shown
    assert "Level 5 is claimed, and " in shown
    assert "The site flagged it for later." in shown
    for bare in (">load-bearing<", ">contradicting<", "its evidence grade E1 carries"):
        assert f'class="tag"{bare}' not in shown
    one = sign_in(cast.reviewer).get(place(draft, "review_question", rule.when.question)).content.decode()
    assert "Why it matters first" in one
    assert "What each level would do to the validated reading" in one
    assert "Verdicts on AI uses, gaps and roadmap rest on the claims" in one


def test_where_a_filter_is_done_the_page_goes_on_with_what_matters_first(cast, submitted, sign_in):
    reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    client = sign_in(cast.reviewer)
    decide = place(submitted, "decide", "D1-CTX")
    client.post(decide, posted(submitted, **ACCEPT, show="asked"))
    page = client.get(place(submitted, "review") + "?show=asked").content.decode()
    first = client.get(place(submitted, "review")).content.decode()
    link = re.compile(r'btn-primary" href="([^"]+)"')
    assert link.findall(page) == link.findall(first)
    assert link.findall(page)[0].endswith("?show=matters")


def test_the_last_decision_leads_back_to_the_review(cast, submitted, sign_in):
    reviewing.decide(submitted, cast.reviewer, "D1-INV")
    reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    reviewing.accept_all(submitted, cast.reviewer)
    client = sign_in(cast.reviewer)
    reply = client.post(place(submitted, "decide", "D1-CTX"), posted(submitted, **ACCEPT))
    assert reply["Location"] == place(submitted, "review") + "?show=all"
    assert "Every answer is decided: finish the review" in client.get(reply["Location"]).content.decode()


def test_pages_of_a_review_keep_their_statements(cast, submitted, sign_in):
    client = sign_in(cast.reviewer)
    reviewing.decide(submitted, cast.reviewer, "D1-INV", 1)
    reviewing.ask(submitted, cast.reviewer, "D1-CTX")
    pages = [
        place(submitted, "review"),
        place(submitted, "accept_rest"),
        place(submitted, "review_question", "D1-SEM"),
        place(submitted, "finish_review"),
    ]
    for page in pages:
        client.get(page)

    def counted():
        return [statements(partial(client.get, page)) for page in pages]

    at_one = counted()
    for set_now, asked_now in (("D2-OWN", "D2-INV"), ("D2-VAL", "D2-MON"), ("D3-SCL", "D3-MTR")):
        reviewing.decide(submitted, cast.reviewer, set_now, 1)
        reviewing.ask(submitted, cast.reviewer, asked_now)
    assert counted() == at_one
    assert max(at_one) <= 12
