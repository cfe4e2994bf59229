"""The pages that are sent, in a real browser: they run nothing, fetch nothing, and fit."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe

from assay.jobs.reviews.explain import explain_decision
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import review_facts
from assay.words.explanation_page import explanation_page
from assay.words.review_page import review_page
from tests.few_partners import PROGRAM, write_facts

ON = date(2025, 7, 1)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Files of pages by name: two explanations and a review, whose tables are all open."""
    folder = tmp_path_factory.mktemp("pages")
    source = Source(folder=write_facts(folder))
    texts = {}
    for name, partner in (("gold", "P1"), ("unknown", "P2")):
        program, explanation = explain_decision(PROGRAM, source, partner, on=ON, rows=True)
        texts[name] = explanation_page(explanation, program)
    reviewed = review_facts(PROGRAM, source, on=ON, summarised=True, before=folder / "before.csv")
    report = review_page(reviewed.summary, reviewed.done.program)
    texts["review"] = report.replace("<details>", "<details open>")
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture
def opened(browser, pages):
    """Open a page at a width in a colour scheme; what it asks for and complains of is kept."""
    contexts = []

    def visit(name, *, width, scheme):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        seen = []
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.goto(pages[name].as_uri())
        return page, seen

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["gold", "unknown", "review"])
def test_a_page_fits_is_readable_by_all_and_asks_for_nothing(opened, pages, name, scheme, width):
    page, seen = opened(name, width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert seen == [pages[name].as_uri()]


def test_tables_that_are_wider_than_the_screen_scroll_by_keyboard(opened):
    page, _ = opened("gold", width=320, scheme="light")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.getAttribute('aria-labelledby') === 'standing'")
    for _ in range(20):  # a key pressed before the browser has laid the page out scrolls nothing
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    assert page.evaluate("document.activeElement.scrollLeft") > 0
