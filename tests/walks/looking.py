"""What is held against a page in a browser: the rules of axe, and probes for what it leaves out."""

from pathlib import Path

from playwright.sync_api import Page

from tests.walks.test_walk import AXE, RULES

HERE = Path(__file__).parent
PROBES = (HERE / "probes.js").read_text(encoding="utf-8")
STOPS = (HERE / "stops.js").read_text(encoding="utf-8")


def axe(page: Page) -> list[str]:
    """Return what axe finds, with the parts of the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    answer = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['target']}" for rule in answer["violations"] for node in rule["nodes"]
    ]


def probed(page: Page, *names: str) -> list[str]:
    """Return what the probes of these names find; ``probes.js`` says what each is."""
    page.evaluate(PROBES)
    return [f"{name}: {it}" for name in names for it in page.evaluate(f"probes.{name}()")]
