"""Uses the page of `ness serve` as a reader would, in a real browser.

    NESS=.build/release/ness python Tests/Browser/explorer.py [--screenshots FOLDER]

Needs Chromium and its driver (Debian: chromium, chromium-driver), or Firefox (--browser firefox; Debian: firefox-esr), and the
packages of requirements.txt.
Ends with status 0 if every check passed; each check that failed is named with the reason.
"""

import argparse
import os
import sys
import time
import traceback
from pathlib import Path

# Checks are registered when they are read.
import controls  # noqa: F401
import networks  # noqa: F401
import running  # noqa: F401
import simulations  # noqa: F401
import phone  # noqa: F401
from browser import SIZES, Page, Server
from registry import checks


def screenshots(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (width, height) in SIZES.items():
        for dark in (False, True):
            page.resize(width, height, dark)
            for model, fragment in (("chain", "#hot-particles&m.sites=4"), ("box", "#classical-box"), ("quantum", "#quantum-box"),
                                    ("transistor", "#transistor"), ("lattice", "#phi4-lattice")):
                page.open(fragment)
                time.sleep(1.5)
                page.driver.save_screenshot(str(folder / f"{model}-{name}-{'dark' if dark else 'light'}.png"))
    page.resize(*SIZES["wide"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--screenshots", type=Path, help="folder for pictures of the page at three sizes, light and dark")
    parser.add_argument("--browser", choices=["chromium", "firefox"], default="chromium")
    parser.add_argument("--only", help="run only checks whose name contains one of these, with commas between them")
    options = parser.parse_args()
    ness = os.environ.get("NESS")
    if not ness:
        sys.exit("NESS must name the built program, for example NESS=.build/release/ness")
    server = Server(os.path.abspath(ness))
    failed = 0
    try:
        if options.browser == "firefox":
            from firefox import Firefox as Browser
        else:
            from chromium import Chromium as Browser
        page = Page(server, Browser())
        try:
            for function in checks:
                if options.only and not any(part in function.__name__ for part in options.only.split(",")):
                    continue
                name = function.__name__.replace("_", " ")
                try:
                    function(page)
                    page.collect()
                    print(f"passed: {name}", flush=True)
                except Exception as error:
                    failed += 1
                    print(f"FAILED: {name}: {error}", flush=True)
                    if not isinstance(error, AssertionError):
                        traceback.print_exc()
            if options.screenshots:
                screenshots(page, options.screenshots)
        finally:
            page.close()
    finally:
        server.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
