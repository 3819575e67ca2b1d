"""Accessibility of a page by axe, in light and dark and on a narrow screen."""

import json

from axe_playwright_python.sync_playwright import Axe

from tests.pages import wait_until_still

ALL_RULES: dict = {}
COLOUR_RULES = {"runOnly": ["color-contrast"]}
ALL_BUT_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
LOOKS = (("light", 1280, ALL_RULES), ("dark", 1280, COLOUR_RULES), ("light", 320, ALL_BUT_COLOURS))
"""A theme, a width, and the rules whose answer may depend on them."""
THREE_ROWS = (
    "document.querySelectorAll('table tr:nth-child(n + 4):not(:last-child)').forEach(row => row.remove())"
)
"""The rows of a table of numbers are alike; thousands of cells took most of the time."""


def assert_no_violation(page) -> None:
    """Check all rules, those about colours again in the dark, and all the others again on a narrow screen.

    Of tables, the first three rows and the last are checked.
    """
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme)
        if width != page.viewport_size["width"]:
            page.set_viewport_size({"width": width, "height": 700})
            page.reload()
        page.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
        wait_until_still(page)  # opened tables have been filled
        page.evaluate(THREE_ROWS)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page, options={"resultTypes": ["violations"]} | rules).response["violations"]
        nodes = [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found]
        assert not found, json.dumps([scheme, width, nodes], indent=1)
