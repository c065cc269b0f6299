"""Results in a browser: charts explored when asked for, cells that open their words; all without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import RunningSite, Visitor
from tests.browser.places import places
from tests.browser.seeing import findings, too_wide

# The texts of an explored chart that reach out of its place, of which there is one on a page.
OUTSIDE = """() => {
  const place = document.querySelector("[data-explored]");
  const { left, right } = place.getBoundingClientRect();
  return [...place.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < left - 1 || box.right > right + 1);
  }).map((text) => text.textContent);
}"""


def library_asked_for(page: Page) -> list[str]:
    """Addresses of the charting library, as they are asked for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "plotly" in request.url else None)
    return asked


@pytest.mark.parametrize("name", ["submitted-results", "submitted-roadmap"])
def test_a_chart_is_explored_only_when_asked_for(visitor: Visitor, name: str) -> None:
    page = visitor.page
    visitor.sign_in()
    asked = library_asked_for(page)
    visitor.go(places(visitor.site)[name])
    drawing, button = page.locator("[data-drawing]"), page.get_by_role("button", name="Explore this chart")
    expect(drawing).to_be_visible()
    assert asked == []
    button.click()
    # The library is large, and a busy machine takes its time over it.
    expect(page.locator("[data-explored] .main-svg").first).to_be_visible(timeout=60_000)
    expect(drawing).to_be_hidden()
    assert any("plotly.min" in address for address in asked)
    assert page.locator("style").count() == 0, "nothing is styled inside the page"
    assert page.evaluate(OUTSIDE) == [], "no label of the chart stands outside it"
    button.click()
    expect(drawing).to_be_visible()
    expect(page.locator("[data-explored]")).to_be_hidden()


def test_the_drawing_stays_where_the_library_does_not_come(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    page.route("**/plotly/**", lambda route: route.abort())
    visitor.go(places(visitor.site)["submitted-results"])
    page.get_by_role("button", name="Explore this chart").click()
    expect(page.get_by_text("This could not be loaded.")).to_be_visible()
    expect(page.locator("[data-drawing]")).to_be_visible()
    visitor.complaints.clear()  # that it did not come is what was tried


def test_a_cell_opens_what_its_level_says(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.go(places(visitor.site)["submitted-results"])
    words = page.locator("#h-D2-OWN")
    expect(words).to_be_hidden()
    page.locator('.heat a[href="#h-D2-OWN"]').click()
    expect(words).to_be_visible()
    expect(words).to_be_in_viewport()
    words.get_by_role("link").click()
    page.wait_for_url("**/answers/D2/D2-OWN/")


def test_the_number_held_back_opens_to_its_sum(visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in()
    visitor.go(places(visitor.site)["submitted-results"])
    made = page.locator("#index-made")
    expect(made.get_by_role("table")).to_be_hidden()
    page.get_by_role("link", name="held back by the digital plant").first.click()
    expect(made.get_by_role("table")).to_be_visible()
    expect(made).to_be_in_viewport()
    made.get_by_role("link").first.click()
    expect(page.locator("#why-D1 .why-grid")).to_be_in_viewport()


def test_what_opens_on_the_results_is_accessible_and_fits_a_phone(visitor: Visitor) -> None:
    visitor.sign_in()
    found = []
    for name in ("submitted-results", "draft-results"):
        visitor.go(places(visitor.site)[name])
        visitor.page.evaluate(
            "document.querySelectorAll('main details').forEach(part => { part.open = true })"
        )
        found += findings(visitor, name)
        found += [(name, "wide", f"{size} at {width}") for width, size in too_wide(visitor)]
    assert found == []


def test_everything_is_there_without_script(browser: Browser, site: RunningSite) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    person = Visitor(context, site)
    person.sign_in()
    addresses = places(site)
    person.go(addresses["submitted-results"])
    expect(person.page.get_by_role("button", name="Explore this chart")).to_have_count(0)
    expect(person.page.locator(".radar")).to_be_visible()
    expect(person.page.get_by_role("table", name="Ceilings by DPMM level")).to_be_visible()
    person.go(addresses["submitted-roadmap"])
    rows = person.page.locator("[data-action]")
    expect(rows.first).to_be_visible()
    everything = rows.count()
    person.page.get_by_label("Wave").select_option("first")
    person.page.get_by_role("button", name="Show these actions").click()
    person.page.wait_for_url("**wave=first**")
    expect(rows.first).to_be_visible()
    assert 0 < rows.count() < everything
    person.go(f"{addresses['submitted-results']}compare/")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    context.close()
    assert person.complaints == []
