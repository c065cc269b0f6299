"""The layout of a framework document: every key, in order, with what it holds (framework document format)."""

from __future__ import annotations

from functools import partial

from frameworks.document.fields import CODE, VERSION, Day, Item, ListOf, OneOf, Share, Text, TrueFalse, Whole
from frameworks.document.shapes import (
    ActionSpec,
    AreaSpec,
    CeilingSpec,
    CriticalSpec,
    DimensionSpec,
    DpmmLevelSpec,
    DpmmSpec,
    FlagConditionSpec,
    FlagPartnerSpec,
    FlagSpec,
    FrameworkSpec,
    GradeSpec,
    ImpactClassSpec,
    LevelSpec,
    MinimumSpec,
    PolicySpec,
    QuestionSpec,
    ReferenceSpec,
    RoleSpec,
    TermSpec,
    UseCaseDpmmSpec,
    UseCaseSpec,
)

DIMENSIONS = 5
QUICK_QUESTIONS = 2  # per dimension
GRADES = ("E0", "E1", "E2", "E3")
STATUSES = (
    *("in_force", "final", "draft", "guide", "standard"),
    *("principle", "enforcement", "law", "paper", "programme"),
)

TEXT = Text()
TEXT_OR_NULL = Text(or_null=True)
LEVEL = Whole(0, 5)
DPMM_LEVEL = Whole(1, 5)
WEIGHT = Whole(1)
WEEKS = Whole(1, 520)  # ten years: no action takes longer
CODES = ListOf(CODE)
SIX_TEXTS = ListOf(TEXT, exactly=6)

QUESTION = Item(
    QuestionSpec,
    {
        "code": CODE,
        "title": TEXT,
        "text": TEXT,
        "why": TEXT,
        "weight": WEIGHT,
        "gate": TrueFalse(),
        "quick": TrueFalse(),
        "not_applicable": TEXT_OR_NULL,
        "areas": ListOf(CODE, at_least=1),
        "roles": CODES,
        "anchors": SIX_TEXTS,
        "evidence": TEXT,
        "references": CODES,
    },
)

DIMENSION = Item(
    DimensionSpec,
    {
        "code": CODE,
        "name": TEXT,
        "short_name": TEXT,
        "weight": WEIGHT,
        "summary": TEXT,
        "headlines": SIX_TEXTS,
        "questions": ListOf(QUESTION),
    },
)

CEILING = Item(
    CeilingSpec,
    {"dpmm": DPMM_LEVEL, "dimension": CODE, "sustained": LEVEL, "ring_fenced": LEVEL, "because": TEXT},
)

DPMM = Item(
    DpmmSpec,
    {
        "name": TEXT,
        "owner": TEXT,
        "version": TEXT,
        "levels": ListOf(
            Item(DpmmLevelSpec, {"level": DPMM_LEVEL, "name": TEXT, "reading": TEXT}), exactly=5
        ),
        "proxies": CODES,
        "ceilings": ListOf(CEILING),
    },
)

MINIMUM = Item(MinimumSpec, {"dimension": CODE, "level": LEVEL, "because": TEXT})
CRITICAL = Item(CriticalSpec, {"question": CODE, "level": LEVEL}, optional=("level",))
USE_CASE_DPMM = Item(UseCaseDpmmSpec, {"bounded": DPMM_LEVEL, "site_wide": DPMM_LEVEL, "because": TEXT})

USE_CASE = Item(
    UseCaseSpec,
    {
        "code": CODE,
        "name": TEXT,
        "summary": TEXT,
        "impact_class": OneOf(("A", "B", "C", "D")),
        "caveat": TEXT_OR_NULL,
        "minima": ListOf(MINIMUM),
        "critical": ListOf(CRITICAL),
        "dpmm": USE_CASE_DPMM,
        "references": CODES,
    },
)

ACTION = Item(
    ActionSpec,
    {
        "code": CODE,
        "dimension": CODE,
        "from": LEVEL,
        "to": LEVEL,
        "title": TEXT,
        "task": TEXT,
        "deliverable": TEXT,
        "owner": TEXT,
        "roles": ListOf(CODE, at_least=1),
        "effort": OneOf(("S", "M", "L")),
        "weeks": ListOf(WEEKS, exactly=2),
        "prerequisites": CODES,
        "area": CODE,
        "raises": ListOf(CODE, at_least=1),
        "references": CODES,
    },
)

FLAG = Item(
    FlagSpec,
    {
        "code": CODE,
        "when": Item(FlagConditionSpec, {"question": CODE, "at_least": LEVEL}),
        "any_of": ListOf(Item(FlagPartnerSpec, {"question": CODE, "at_most": LEVEL}), at_least=1),
        "text": TEXT,
    },
)

REFERENCE = Item(
    ReferenceSpec,
    {
        "code": CODE,
        "title": TEXT,
        "issuer": TEXT,
        "status": OneOf(STATUSES),
        "status_text": TEXT,
        "requirement": TEXT,
    },
)

LEVEL_NAME = Item(LevelSpec, {"level": LEVEL, "name": TEXT, "summary": TEXT})

DOCUMENT = Item(
    partial(FrameworkSpec, content_digest=""),
    {
        "framework": CODE,
        "title": Text(limit=200),
        "version": VERSION,
        "summary": TEXT,
        "notice": TEXT,
        "status_as_of": Day(),
        "levels": ListOf(LEVEL_NAME, exactly=6),
        "areas": ListOf(Item(AreaSpec, {"code": CODE, "name": TEXT, "summary": TEXT}), exactly=4),
        "roles": ListOf(Item(RoleSpec, {"code": CODE, "name": TEXT})),
        "evidence_grades": ListOf(
            Item(GradeSpec, {"grade": OneOf(GRADES), "name": TEXT, "summary": TEXT, "supports": LEVEL}),
            exactly=len(GRADES),
        ),
        "policy": Item(PolicySpec, {"threshold": Share(), "gate_slack": LEVEL, "not_applicable_cap": LEVEL}),
        "glossary": ListOf(Item(TermSpec, {"term": TEXT, "meaning": TEXT})),
        "reading_rules": ListOf(TEXT),
        "references": ListOf(REFERENCE),
        "dimensions": ListOf(DIMENSION, exactly=DIMENSIONS),
        "dpmm": DPMM,
        "impact_classes": ListOf(
            Item(
                ImpactClassSpec,
                {"code": OneOf(("A", "B", "C", "D")), "name": TEXT, "meaning": TEXT, "view": TEXT},
            )
        ),
        "use_cases": ListOf(USE_CASE),
        "actions": ListOf(ACTION),
        "flags": ListOf(FLAG),
    },
)
