"""The report of a large release: how long it takes to make and to open, and how large it is."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from pathlib import Path

from pipeline.report.build import build
from tests.made_release import Shape, publish

REGIONS = (125, 500)
INDICATORS, FINDINGS = 70, 40
RUNS = 3
READY = "document.querySelectorAll('#matrix td button').length"


def opened(page: Path) -> float | None:
    """Seconds until the page's table stands, the median of RUNS in a fresh profile; None without a browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for _ in range(RUNS):
            tab = browser.new_context().new_page()
            start = time.monotonic()
            tab.goto(page.as_uri())
            assert tab.evaluate(READY)
            times.append(time.monotonic() - start)
        browser.close()
    return sorted(times)[RUNS // 2]


def main() -> None:
    """A line for each size of release."""
    print(f"Report: regions, each with {INDICATORS} indicators and {FINDINGS} findings")
    for regions in REGIONS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            output = publish(folder / "output", Shape(regions, INDICATORS, FINDINGS))
            start = time.process_time()
            built = build(output, folder / "report", folder)
            spent = time.process_time() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            seconds = opened(built.page)
            shown = "no chromium" if seconds is None else f"opens in {seconds:.2f} s"
            print(
                f"  {regions:4} regions: {spent:5.1f} s CPU, {peak:.0f} MB, page {built.size / 1e6:.1f} MB, {shown}",
                flush=True,
            )


if __name__ == "__main__":
    main()
