"""Prints each figure of speed beside its floor: `make bench`; the last table is in docs/figures.md."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.measuring import ROOT, Row, best, row

DATA = tempfile.mkdtemp(prefix="bami-bench-")
os.environ |= {"DATA_DIR": DATA, "BAMI_MODE": "demo", "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
os.environ.pop("DATABASE_URL", None)


def main() -> None:
    from tests.bench.crowd import crowd_figures, scale_figures
    from tests.bench.pages import page_figures
    from tests.bench.reports import report_figures
    from tests.bench.starts import start_figures

    try:
        prepare()
        submitted, draft = demo()
        rows = engine_figures(submitted)
        rows += page_figures(draft)
        rows += report_figures(draft)
        rows += start_figures()
        rows += crowd_figures(draft)
        rows += scale_figures(draft)
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    table = [
        "| Figure | Measured | Floor | Ratio |",
        "|---|---|---|---|",
        *("| " + " | ".join(each) + " |" for each in rows),
    ]
    print("\n".join(table))
    if "--write" in sys.argv:
        write_table(table)


def prepare() -> None:
    """The demo in a database of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    for folder in ("queue", "control"):
        (Path(DATA) / "broker" / folder).mkdir(parents=True)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "bami-1.0.yaml", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_demo", stdout=nowhere)
    call_command("collectstatic", verbosity=0, interactive=False)


def demo() -> tuple[Any, Any]:
    """The submitted assessment and the draft of the demo."""
    from assessments.models import Assessment

    rows = Assessment.objects.unscoped("the bench").for_page().order_by("pk")
    return rows[0], rows[1]


def engine_figures(submitted: Any) -> list[Row]:
    """One evaluation, with and without load-bearing answers, in milliseconds."""
    from assessments.engine.evaluate import evaluate, evaluate_briefly
    from assessments.results import record_for, spec_of

    spec, inputs = spec_of(submitted), record_for(submitted).inputs()
    brief = best(lambda: evaluate_briefly(spec, inputs), 200)
    whole = best(lambda: evaluate(spec, inputs), 50)
    return [
        row("Readings and verdicts, 50 questions", f"{brief:.2f} ms"),
        row("Whole evaluation with roadmap and load-bearing answers", f"{whole:.1f} ms"),
    ]


def write_table(table: list[str]) -> None:
    """Put the table into docs/figures.md, between its marks."""
    page = ROOT / "docs" / "figures.md"
    head, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->\n")
    _, _, tail = rest.partition("<!-- end -->")
    page.write_text(head + "<!-- table -->\n" + "\n".join(table) + "\n<!-- end -->" + tail, encoding="utf-8")


if __name__ == "__main__":
    main()
