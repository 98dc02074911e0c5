"""Every page: accessible, on a phone, in both schemes, without JavaScript; and nobody's puppet."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.browser.conftest import ARABIC

pytestmark = pytest.mark.browser

AXE = Axe()


def test_no_page_is_hard_to_use_for_those_who_do_not_see_or_point(
    context: BrowserContext, addresses: tuple[str, ...]
) -> None:
    page = context.new_page()
    for address in addresses:
        page.goto(address)
        found = AXE.run(page).response["violations"]
        told = [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found]
        assert not told, address


def test_on_a_phone_nothing_stands_beside_the_screen(
    browser: Browser, addresses: tuple[str, ...]
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360, address
    page.close()


def test_arabic_runs_from_right_to_left(page: Page, site: str) -> None:
    page.goto(site)
    title = page.get_by_role("link", name=ARABIC)
    assert title.evaluate("it => getComputedStyle(it.closest('h3')).direction") == "rtl"
    title.click()
    assert page.locator("h1").evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert page.locator(".text").first.evaluate("it => getComputedStyle(it).direction") == "rtl"


def test_arabic_is_set_right_wherever_it_is_listed(page: Page, site: str) -> None:
    page.goto(f"{site}/feeds")
    name = page.get_by_role("link", name=ARABIC)
    assert name.evaluate("it => getComputedStyle(it.querySelector('bdi')).direction") == "rtl"
    page.goto(f"{site}/tags/sahel")
    title = page.get_by_role("link", name=ARABIC)
    assert title.evaluate("it => getComputedStyle(it.closest('h3')).direction") == "rtl"
    assert title.locator("mark").text_content() == "الساحل"


def test_keys_lead_through_the_river(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Talks in Mali"
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == ARABIC
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries/*")
    page.keyboard.press("g")
    page.wait_for_url(f"{site}/")
    page.keyboard.press("/")
    page.keyboard.type("mali j?")
    assert page.locator("#q").input_value() == "mali j?"
    page.locator("#q").blur()
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()


def test_without_javascript_everything_works(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("searchbox").fill("mali")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".story h3").all_text_contents() == ["Talks in Mali"]
    page.get_by_role("link", name="Feeds").click()
    page.get_by_role("link", name="Errors").click()
    assert page.locator("th[aria-sort=descending]").all_inner_texts() == ["Errors ▾"]
    assert page.locator("tbody th").first.inner_text().startswith(ARABIC)
    context.close()


def test_the_bench_answers_while_one_types_and_copies_the_rule(
    context: BrowserContext, site: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page = context.new_page()
    page.goto(f"{site}/bench")
    page.get_by_label("Query").fill("mali OR nothing")
    page.get_by_text("1 of", exact=False).wait_for()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "tags:\n  my-tag:\n    query: |\n      mali OR nothing\n"


def test_what_publishers_wrote_runs_nothing_and_calls_nobody(page: Page, site: str) -> None:
    strangers: list[str] = []
    refused: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(site):
            strangers.append(request.url)

    page.on("requestfailed", note)
    page.on("requestfinished", note)
    page.on("dialog", lambda dialog: refused.append(dialog.message))
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(site)
    entries = re.findall(r'href="(/entries/[a-z2-7]+)"', page.content())
    assert len(entries) > 30
    for path in ("/", "/tags/sahel", "/feeds", *entries):
        page.goto(site + path)
        assert page.locator("a[href^='javascript' i], a[href^='data' i]").count() == 0, path
        assert page.evaluate("window.attacked === undefined"), path
        assert page.locator("main").count() == 1, path
        assert page.locator("#keys:not([open])").count() == 1, path
        assert page.locator("iframe, object, embed, main form:not(.search):not(.why)").count() == 0
    assert not strangers
    assert not refused
