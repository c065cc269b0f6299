"""Rules on AI uses: what is ready, what is one step away, what blocks most, what to keep to one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assessments.charts.findings import last_step
from assessments.charts.rules.review import by_claims_of
from assessments.charts.rules.shapes import CREDIBLE, DECISION, FACT, LIMIT, STRENGTH, Case, Evidence, Finding
from assessments.engine.shapes import VERDICTS


def verdicts(case: Case) -> Iterator[Finding]:
    """How many uses have each verdict (Method, section 6)."""
    if not case.results.use_cases:
        return
    counts = Counter(case.results.verdicts.values())
    claimed = by_claims_of(case)
    values = {**{verdict: counts[verdict] for verdict in VERDICTS}, "by_claims": bool(claimed)}
    credible = counts["ready"] + counts["ready_bounded"]
    tone = LIMIT if not credible else STRENGTH if credible > len(claimed) else FACT
    shown = tuple(
        Evidence("use_case", use.code)
        for use in case.spec.use_cases
        if case.results.use_cases[use.code].verdict in CREDIBLE
    )
    yield Finding("verdicts", tone, "uses", values, shown)


def one_step_away(case: Case) -> Iterator[Finding]:
    """Uses that miss the test of "ready" in one thing only, by one level."""
    rows = tuple(
        (use.code, step.kind, step.code, step.need)
        for use in case.spec.use_cases
        for step in [last_step(case.results.use_cases[use.code])]
        if step
    )
    if rows:
        shown = tuple(Evidence("use_case", row[0]) for row in rows)
        yield Finding("one_step_away", DECISION, "uses", {"n": len(rows), "rows": rows}, shown)


def chosen_ready(case: Case) -> Iterator[Finding]:
    """How many of the chosen uses are credible today."""
    if not case.chosen:
        return
    held = [case.results.use_cases[code].verdict for code in case.chosen]
    ready, bounded = held.count("ready"), held.count("ready_bounded")
    is_claimed = any(code in case.chosen for code, _ in by_claims_of(case))
    values = {"n": len(held), "ready": ready, "bounded": bounded, "by_claims": is_claimed}
    tone = LIMIT if not ready + bounded else STRENGTH if ready == len(held) and not is_claimed else FACT
    yield Finding(
        "chosen_ready", tone, "uses", values, tuple(Evidence("use_case", code) for code in case.chosen)
    )


def blocks_most(case: Case) -> Iterator[Finding]:
    """What is short for most of the chosen uses, or of all where none is chosen; only what blocks several."""
    looked_at = list(case.chosen) or list(case.results.use_cases)
    counts = Counter(
        (blocker.kind, blocker.code or "")
        for code in looked_at
        for blocker in case.results.use_cases[code].blockers
    )
    if not counts:
        return
    (kind, code), n = min(counts.items(), key=lambda item: (-item[1], item[0]))
    if n > 1:
        values = {"kind": kind, "code": code, "n": n, "of": len(looked_at), "is_chosen": bool(case.chosen)}
        blocked = (
            Evidence("use_case", use)
            for use in looked_at
            if any((row.kind, row.code or "") == (kind, code) for row in case.results.use_cases[use].blockers)
        )
        yield Finding("blocks_most", LIMIT, "uses", values, tuple(blocked))


def keep_bounded(case: Case) -> Iterator[Finding]:
    """Chosen uses that are credible for one line, suite or product only."""
    codes = tuple(code for code in case.chosen if case.results.use_cases[code].verdict == "ready_bounded")
    if codes:
        shown = tuple(Evidence("use_case", code) for code in codes)
        is_claimed = any(code in codes for code, _ in by_claims_of(case))
        values = {"uses": codes, "n": len(codes), "by_claims": is_claimed}
        yield Finding("keep_bounded", DECISION, "uses", values, shown)
