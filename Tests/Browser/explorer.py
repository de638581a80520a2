"""Uses the page of `ness serve` as a reader would, in a real browser.

    NESS=.build/release/ness python Tests/Browser/explorer.py [--screenshots FOLDER]

Needs Chromium and its driver (Debian: chromium, chromium-driver) and the packages of requirements.txt.
Ends with status 0 if every check passed; each check that failed is named with the reason.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from urllib.parse import urlparse

from selenium.webdriver.common.keys import Keys

from browser import CURVE, SIZES, Page, Server

checks = []


def check(function):
    """Registers a check; they run in the order in which they are written."""
    checks.append(function)
    return function


@check
def the_answer_stands_above_the_curve(page):
    page.open()
    headline = page.wait(page.headline, "the answer")
    assert "falls for Tleft >" in headline and "hotter means less heat" in headline, headline
    assert page.script("return getComputedStyle(document.querySelector('.peak')).visibility") == "visible"
    assert page.script("return document.documentElement.scrollWidth <= innerWidth")
    bottom = page.script("return document.querySelector('#simulate').getBoundingClientRect().bottom")
    assert bottom <= 900, f"the button Simulate ends at {bottom}, below the window"


@check
def a_slider_moves_the_curve(page):
    page.open()
    page.settle()
    times = []
    for place in (560, 420, 610, 380, 540, 470, 590, 450, 520, 400, 570):
        times.append(page.driver.execute_async_script("""
            const [selector, place, done] = arguments;
            const slider = document.querySelector('input[type="range"][data-path="baths.left.coupling"]');
            const path = document.querySelector(selector);
            const before = path.getAttribute('d');
            const since = performance.now();
            const watch = new MutationObserver(() => {
              if (path.getAttribute('d') === before) return;
              watch.disconnect();
              requestAnimationFrame(() => done(performance.now() - since));
            });
            watch.observe(path, { attributes: true });
            slider.value = place;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            setTimeout(() => { watch.disconnect(); done(-1); }, 5000);""", CURVE, place))
        time.sleep(0.03 if len(times) % 3 else 0.6)
    assert min(times) > 0, f"the curve did not move within 5 s: {times}"
    median = statistics.median(times)
    print(f"  from slider to curve: median {median:.0f} ms, slowest {max(times):.0f} ms of {len(times)} moves")
    assert median < 500, f"median {median:.0f} ms"


@check
def the_answer_changes_with_the_parameters(page):
    page.open()
    before = page.wait(page.headline, "the answer")
    page.slide("baths.right.temperature", 450)
    page.wait(lambda: page.headline() != before and "Tleft >" in page.headline(), "another answer")
    page.type("medium.quartic", "1")
    page.wait(lambda: "No theory answers" in page.headline(), "the refusal of anharmonic bonds")
    assert "anharmonic" in page.text("#subline"), page.text("#subline")


@check
def values_that_are_typed_are_taken_and_bad_ones_marked(page):
    page.open()
    page.type("baths.left.friction", "0.25")
    page.wait(lambda: "l.friction=0.25" in page.fragment(), "the value in the link")
    page.type("baths.left.count", "-1")
    fault = page.wait(lambda: page.text('[data-row="baths.left.count"] .fault'), "a message at the control")
    assert "-1" in fault, fault
    assert page.one('input[type="number"][data-path="baths.left.count"]').get_attribute("aria-invalid") == "true"
    page.type("baths.left.count", "40")
    page.wait(lambda: not page.text('[data-row="baths.left.count"] .fault'), "the message to go")


@check
def classical_and_quantum_are_one_click_apart(page):
    page.open("#classical-box&r.temperature=6.5")
    page.settle()
    assert "colder means less heat" in page.headline(), page.headline()
    page.one('[data-model="quantum"]').click()
    page.wait(lambda: "No fall found" in page.headline(), "the quantum answer")
    assert page.one('input[type="number"][data-path="baths.right.temperature"]').get_attribute("value") == "6.5"
    page.wait(lambda: page.all('[data-method="classical"]'), "the classical curve beside the quantum one")
    page.type("medium.hbar", "0.2")
    page.wait(lambda: "colder means less heat" in page.headline(), "the classical trap to come back")
    page.one('[data-model="box"]').click()
    page.wait(lambda: page.script("return document.querySelector('[data-model=box]').ariaPressed") == "true", "the classical box")
    page.settle()
    page.slide("classical", 700)
    page.wait(lambda: page.script("return document.querySelector('[data-model=quantum]').ariaPressed") == "true", "a quantum box")


@check
def links_restore_the_state_and_back_goes_back(page):
    fragment = "#hot-particles&l.temperature=33&l.coupling=0.25&y=log&tab=profile"
    page.open(fragment)
    assert page.fragment() == fragment, page.fragment()
    assert page.one('input[type="number"][data-path="baths.left.coupling"]').get_attribute("value") == "0.25"
    assert page.one("#tab-profile").get_attribute("aria-selected") == "true"
    page.one('[data-model="box"]').click()
    page.wait(lambda: page.fragment().startswith("#classical-box"), "the link of the box")
    page.driver.back()
    page.wait(lambda: page.one('input[type="number"][data-path="baths.left.coupling"]').get_attribute("value") == "0.25", "the state before")
    page.open("#nowhere&l.temperature=33")
    assert "no example" in page.text("#banner"), page.text("#banner")
    page.open("#hot-particles&l.temperature=abc&x=l.nothing")
    assert "l.nothing" in page.text("#banner").replace("baths.left", "l"), page.text("#banner")


@check
def keys_do_what_the_help_says(page):
    page.open()
    body = page.one("body")
    theme = page.script("return document.documentElement.dataset.theme")
    body.send_keys("d")
    assert page.script("return document.documentElement.dataset.theme") != theme, "d leaves the theme as it is"
    body.send_keys("d")
    body.send_keys("l")
    page.wait(lambda: "y=log" in page.fragment(), "log-log axes")
    body.send_keys("?")
    page.wait(lambda: page.script("return document.querySelector('#help').open"), "the help")
    page.one("#keys-on").click()
    page.one("#help-close").send_keys(Keys.ESCAPE)
    page.wait(lambda: not page.script("return document.querySelector('#help').open"), "the help to close")
    theme = page.script("return document.documentElement.dataset.theme")
    body.send_keys("d?")
    assert page.script("return document.documentElement.dataset.theme") == theme, "a key works although keys are switched off"
    page.open()
    page.one("body").send_keys("?")
    assert not page.script("return document.querySelector('#help').open"), "keys are on again after a reload"
    page.one("#help-open").click()
    page.one("#keys-on").click()
    page.one("#help-close").click()
    body = page.one("body")
    page.resize(1024, 500)
    page.script("window.scrollTo(0, 0); document.activeElement.blur()")
    body.send_keys(" ")
    page.wait(lambda: page.script("return window.scrollY") > 50, "the space bar to scroll")
    assert page.text("#simulate") == "Simulate" and not page.all(".run-item"), "the space bar simulates"
    page.resize(*SIZES["wide"])
    slider = page.one('input[type="range"][data-path="medium.sites"]')
    sites = page.one('input[type="number"][data-path="medium.sites"]')
    before = int(sites.get_attribute("value"))
    slider.send_keys(Keys.ARROW_RIGHT)
    page.wait(lambda: int(sites.get_attribute("value")) == before + 1, "one site more")


@check
def the_picture_moves(page):
    page.open()
    page.wait(lambda: "t = " in page.text("#heat-counter"), "the counter of heat")
    picture = "return document.querySelector('#scene').toDataURL()"
    first = page.script(picture)
    page.wait(lambda: page.script(picture) != first, "another picture")
    page.one("#scene-pause").click()
    time.sleep(0.5)
    resting = page.script(picture)
    time.sleep(0.6)
    assert page.script(picture) == resting, "the picture moves although it is paused"
    page.one("#scene-pause").click()
    page.wait(lambda: page.script(picture) != resting, "the picture to move on")


def half_bars(page):
    return page.script("""return [...document.querySelectorAll('.run:not(.faded) .point')]
        .map((point) => Number(point.dataset.half)).filter((half) => half > 0)""")


@check
def commas_are_decimal_marks_and_no_word_is_a_number(page):
    page.open()
    page.type("baths.left.friction", "0,35")
    page.wait(lambda: "l.friction=0.35" in page.fragment(), "the value in the link")
    assert page.one('input[type="number"][data-path="baths.left.friction"]').get_attribute("value") == "0.35"
    page.type("baths.left.friction", "1,000")
    row = '[data-row="baths.left.friction"] .fault'
    page.wait(lambda: "decimal mark" in page.text(row), "word of what was read")
    page.type("baths.left.friction", "e")
    page.wait(lambda: "number is needed" in page.text(row), "word of what is needed")
    assert "l.friction=e" not in page.fragment() and page.one('input[type="number"][data-path="baths.left.friction"]').get_attribute("value") == "1"
    page.type("baths.left.friction", "0.2")
    page.wait(lambda: not page.text(row), "the word to go")
    field = page.one("#run-error")
    field.click()
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("2,5", Keys.TAB)
    page.wait(lambda: "error=0.025" in page.fragment(), "the error in the link")
    field.click()
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("900", Keys.TAB)
    page.wait(lambda: "50 is taken" in page.text("#run-line"), "word of the bound")


@check
def a_fault_is_marked_where_it_is_and_nowhere_else(page):
    for path, fragment in (("baths.left.temperature", ""), ("baths.left.count", "#hot-particles&x=m.sites"), ("medium.mass", "")):
        page.open(fragment)
        page.type(path, "-5")
        fault = page.wait(lambda: page.text(f'[data-row="{path}"] .fault'), f"a message at {path}")
        assert "-5" in fault and "experiment:" not in fault, fault
        page.wait(lambda: page.one("#scene-note").is_displayed(), "word in the picture")
        words = page.script("return document.body.innerText")
        assert "experiment:" not in words, words
        marked = page.script("return [...document.querySelectorAll('.row.bad')].map((row) => row.dataset.row)")
        assert marked == [path], marked
        page.type(path, "2")
        page.wait(lambda: not page.all(".row.bad"), "the mark to go")
    page.open()
    field = page.one("#axis-from")
    field.click()
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("-3", Keys.TAB)
    page.wait(lambda: page.script("return document.querySelector('#axis-from').ariaInvalid ?? document.querySelector('#axis-from').getAttribute('aria-invalid')") == "true", "the range to be marked")


@check
def skipping_to_the_answer_keeps_the_state(page):
    fragment = "#hot-particles&l.coupling=0.3"
    page.open(fragment)
    page.script("document.querySelector('.skip').focus()")
    page.one(".skip").send_keys(Keys.ENTER)
    page.wait(lambda: page.script("return document.activeElement.id") == "verdict", "the answer to have the focus")
    assert page.fragment() == fragment, page.fragment()


@check
def letters_grow_borders_are_seen_and_labels_have_words(page):
    page.open()
    before = page.script("return parseFloat(getComputedStyle(document.querySelector('.subline')).fontSize)")
    page.script("document.documentElement.style.fontSize = '200%'")
    after = page.script("return parseFloat(getComputedStyle(document.querySelector('.subline')).fontSize)")
    assert after == 2 * before, f"{before} to {after}"
    assert page.script("return document.documentElement.scrollWidth <= innerWidth"), "letters of twice the size scroll sideways"
    apart = page.script("""return ['.picture', '.detail', '.curve', '.side'].map((part) => document.querySelector(part).getBoundingClientRect())
        .every((one, index, all) => all.slice(index + 1).every((other) => one.right <= other.left + 1 || other.right <= one.left + 1
          || one.bottom <= other.top + 1 || other.bottom <= one.top + 1))""")
    assert apart, "letters of twice the size lay parts of the page over one another"
    page.script("document.documentElement.style.fontSize = ''")
    labels = page.script("return [...document.querySelectorAll('.row label')].map((label) => label.textContent)")
    assert "T temperature [energy]" in labels, labels
    for dark in (False, True):
        page.resize(*SIZES["wide"], dark)
        worst = page.script("""
            const part = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map((each) => part(Number(each) / 255)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const ratio = (one, other) => { const [high, low] = [light(one), light(other)].sort((a, b) => b - a); return (high + 0.05) / (low + 0.05); };
            const paper = getComputedStyle(document.body).backgroundColor;
            return [...document.querySelectorAll('input[type=number], input[type=search], select')].filter((node) => node.offsetParent)
              .map((node) => [ratio(getComputedStyle(node).borderTopColor, paper), node.id || node.dataset.path]).sort((a, b) => a[0] - b[0])[0];""")
        assert worst[0] >= 3, f"the border of {worst[1]} has a contrast of {worst[0]:.2f}"
    page.resize(*SIZES["wide"])


@check
def runs_of_one_model_stay_with_it(page):
    page.open("#hot-particles&m.sites=4&points=4&error=0.0003")
    page.settle()
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.running"), "the simulation to begin", 60)
    page.one('[data-model="langevin"]').click()
    page.wait(lambda: page.text("#simulate") == "Simulate", "the button of a model that is not simulated")
    assert not page.one("#run-progress").is_displayed() and not page.all(".run .point")
    page.settle()
    page.one("#simulate").click()
    page.wait(lambda: len(page.all(".run-item")) == 2, "a second simulation")
    page.wait(lambda: page.text("#simulate") == "Stop", "the button of the second simulation")
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.stopped"), "the second simulation to stop", 30)
    assert page.all(".run-item.running"), "the first simulation was stopped with the second"
    page.one('[data-model="particles"]').click()
    page.wait(lambda: page.text("#simulate") == "Stop", "the button of the first simulation")
    page.one("#simulate").click()
    page.wait(lambda: len(page.all(".run-item.stopped")) == 2, "both to be stopped", 30)
    while page.all(".run-item"):
        count = len(page.all(".run-item"))
        page.one('.run-item [data-action^="remove"]').click()
        page.wait(lambda: len(page.all(".run-item")) < count, "a simulation to leave the list")


@check
def simulated_points_arrive_and_their_bars_shrink(page):
    page.open("#hot-particles&m.sites=4&points=4&error=0.0005")
    page.settle()
    page.one("body").send_keys("s")
    first = page.wait(lambda: half_bars(page), "the first simulated point", 60)
    page.wait(lambda: any(now < 0.8 * was for now, was in zip(half_bars(page), first)), "an error bar to shrink", 90)
    assert page.text("#run-line"), "no word of progress"
    page.script("arguments[0].scrollIntoView()", page.one("#runs"))
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.stopped"), "the simulation to stop", 30)
    kept = min(half_bars(page))
    page.one(".run-item.stopped [data-action^=continue]").click()
    page.wait(lambda: page.all(".run-item.running"), "the simulation to go on", 30)
    page.wait(lambda: half_bars(page) and min(half_bars(page)) <= kept * 1.001, "its points where they were", 60)
    page.one("#simulate").click()
    page.wait(lambda: not page.all(".run-item.running"), "the simulation to stop again", 30)


@check
def runs_survive_a_reload_and_fade_when_parameters_move(page):
    page.open("#hot-particles&m.sites=4&points=4&error=0.0005")
    page.wait(lambda: half_bars(page), "the points after a reload")
    page.slide("baths.left.coupling", 300)
    page.wait(lambda: page.all(".run.faded .point"), "the points of other parameters to fade")
    assert "Faded" in page.text("#runs"), page.text("#runs")
    page.one('.run-item [data-action^="load"]').click()
    page.wait(lambda: not page.all(".run.faded"), "the parameters of the run")


@check
def what_was_simulated_is_kept(page):
    page.open()
    page.wait(lambda: page.all(".study-item"), "a kept study")
    page.script("arguments[0].click()", page.one(".study-item button"))
    page.wait(lambda: page.all("#study figure img"), "its figure", 30)
    page.script("document.querySelector('#study').scrollIntoView()")
    page.wait(lambda: page.script("const i = document.querySelector('#study img'); return i.complete && i.naturalWidth > 0"), "the drawn figure", 60)
    assert "Where it comes from" in page.text("#study"), page.text("#study")[:300]
    page.one("#study-search").send_keys("no such words")
    page.wait(lambda: "No kept study" in page.text("#studies"), "an empty search")
    page.one("#study-search").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    page.wait(lambda: page.all(".study-item"), "the list again")
    page.script("document.querySelector('#study .primary').click()")
    page.wait(lambda: "m.sites=4" in page.fragment(), "the study in the sliders")


@check
def the_experiment_can_be_saved_and_run(page):
    page.open("#classical-box&l.temperature=30")
    with tempfile.TemporaryDirectory() as folder:
        page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": folder})
        page.one("#save-file").click()
        file = page.wait(lambda: next(Path(folder).glob("*.yaml"), None), "the saved file")
        answer = subprocess.run([page.server.ness, "theory", str(file), "--format", "json", "--store", folder], capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr
        verdicts = json.loads(answer.stdout)["verdicts"]
        assert any("T_right <" in verdict["text"] and "30" in verdict["text"] for verdict in verdicts), verdicts


@check
def what_theory_refuses_is_simulated(page):
    page.open("#langevin-chain&m.sites=2&m.quartic=0.5&from=2&to=8&points=3&error=0.05")
    page.wait(lambda: "anharmonic" in page.text("#subline"), "the refusal")
    page.one("#simulate").click()
    page.wait(lambda: len(half_bars(page)) == 3, "three simulated points without a theory", 90)
    page.wait(lambda: page.all(".run-item.finished") or page.all(".run-item.stopped"), "the end", 90)
    page.wait(lambda: "simulation" in page.headline(), "the answer of the simulation")


@check
def a_phone_scrolls_only_down(page):
    for width in (360, 390, 768):
        page.resize(width, 800)
        for fragment in ("", "#classical-box", "#quantum-box", "#two-particle-baths"):
            page.open(fragment)
            wide = page.script("return document.documentElement.scrollWidth")
            assert wide <= width, f"{fragment or 'the page'} is {wide} wide at {width}"
    page.resize(*SIZES["wide"])


@check
def a_server_that_goes_is_told_and_found_again(page):
    page.open()
    page.settle()
    page.collect()
    known = len(page.messages)
    port = str(urlparse(page.server.address).port)
    page.server.stop()
    page.slide("baths.left.coupling", 430)
    page.wait(lambda: "does not answer" in page.text("#banner"), "word of the missing server")
    page.server.start(port)
    page.wait(lambda: "token" in page.text("#banner"), "word that the server has another token", 20)
    state = page.fragment()
    page.driver.refresh()
    page.wait(lambda: page.all("#token-form"), "the question for the token")
    assert page.fragment() == state, page.fragment()
    page.one("input[name=token]").send_keys(page.server.address.split("token=")[1], Keys.ENTER)
    page.wait(page.headline, "the page again")
    page.settle()
    assert page.fragment() == state and "token" not in page.script("return location.href"), page.script("return location.href")
    before = page.curve()
    page.slide("baths.left.coupling", 520)
    page.wait(lambda: page.curve() != before, "a curve from the server that came back")
    page.collect()
    # That nobody answered is what this check provokes; the browser writes it down by itself.
    del page.messages[known:]


@check
def nothing_comes_from_elsewhere_and_nothing_complains(page):
    page.open()
    page.collect()
    hosts = {urlparse(url).netloc for url in page.requests if urlparse(url).scheme in ("http", "https")}
    assert hosts == {urlparse(page.server.address).netloc}, f"asked of {hosts}"
    faults = [entry["message"] for entry in page.messages
              if not ("/api/" in entry["message"] and "422" in entry["message"])]
    assert not faults, "the console says: " + "; ".join(faults[:5])


def screenshots(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (width, height) in SIZES.items():
        for dark in (False, True):
            page.resize(width, height, dark)
            for model, fragment in (("chain", "#hot-particles&m.sites=4"), ("box", "#classical-box"), ("quantum", "#quantum-box")):
                page.open(fragment)
                time.sleep(1.5)
                page.driver.save_screenshot(str(folder / f"{model}-{name}-{'dark' if dark else 'light'}.png"))
    page.resize(*SIZES["wide"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--screenshots", type=Path, help="folder for pictures of the page at three sizes, light and dark")
    parser.add_argument("--only", help="run only checks whose name contains this")
    options = parser.parse_args()
    ness = os.environ.get("NESS")
    if not ness:
        sys.exit("NESS must name the built program, for example NESS=.build/release/ness")
    server = Server(os.path.abspath(ness))
    failed = 0
    try:
        page = Page(server)
        try:
            for function in checks:
                if options.only and options.only not in function.__name__:
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
