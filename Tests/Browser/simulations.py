"""Checks of simulations, kept studies, saved files, and of a server that goes and comes back."""

import ast
import json
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlparse

from PIL import Image
from selenium.webdriver.common.keys import Keys

from browser import SIZES
from registry import check
from running import clear


def half_bars(page):
    return page.script("""return [...document.querySelectorAll('.run:not(.faded) .point')]
        .map((point) => Number(point.dataset.half)).filter((half) => half > 0)""")


@check
def runs_of_one_model_stay_with_it(page):
    page.open("#hot-particles&m.sites=4&points=4&error=0.0003")
    page.settle()
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.running"), "the simulation to begin")
    page.one('[data-model="langevin-chain"]').click()
    page.wait(lambda: page.text("#simulate") == "Simulate", "the button of a model that is not simulated")
    assert not page.one("#run-progress").is_displayed() and not page.all(".run .point")
    page.settle()
    page.one("#simulate").click()
    page.wait(lambda: len(page.all(".run-item")) == 2, "a second simulation")
    page.wait(lambda: page.text("#simulate") == "Stop", "the button of the second simulation")
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.stopped"), "the second simulation to stop")
    assert page.all(".run-item.running"), "the first simulation was stopped with the second"
    page.one('[data-model="hot-particles"]').click()
    page.wait(lambda: page.text("#simulate") == "Stop", "the button of the first simulation")
    page.one("#simulate").click()
    page.wait(lambda: len(page.all(".run-item.stopped")) == 2, "both to be stopped")
    while page.all(".run-item"):
        count = len(page.all(".run-item"))
        page.one('.run-item [data-action^="remove"]').click()
        page.wait(lambda: len(page.all(".run-item")) < count, "a simulation to leave the list")


@check
def simulated_points_arrive_and_their_bars_shrink(page):
    page.open("#hot-particles&m.sites=4&points=4&error=0.0005")
    page.settle()
    page.one("body").send_keys("s")
    first = page.wait(lambda: half_bars(page), "the first simulated point")
    page.wait(lambda: any(now < 0.8 * was for now, was in zip(half_bars(page), first)), "an error bar to shrink")
    assert page.text("#run-line"), "no word of progress"
    page.script("arguments[0].scrollIntoView()", page.one("#runs"))
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.stopped"), "the simulation to stop")
    kept = min(half_bars(page))
    page.one(".run-item.stopped [data-action^=continue]").click()
    page.wait(lambda: page.all(".run-item.running"), "the simulation to go on")
    page.wait(lambda: half_bars(page) and min(half_bars(page)) <= kept * 1.001, "its points where they were")
    page.one("#simulate").click()
    page.wait(lambda: not page.all(".run-item.running"), "the simulation to stop again")


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
    page.wait(lambda: page.all("#study figure img"), "its figure")
    page.script("document.querySelector('#study').scrollIntoView()")
    page.wait(lambda: page.script("const i = document.querySelector('#study img'); return i.complete && i.naturalWidth > 0"), "the drawn figure")
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
        page.driver.download_to(folder)
        page.one("[data-export=download]").click()
        file = page.wait(lambda: next(Path(folder).glob("*.yaml"), None), "the saved file")
        answer = subprocess.run([page.server.ness, "theory", str(file), "--format", "json", "--store", folder], capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr
        verdicts = json.loads(answer.stdout)["verdicts"]
        assert any("T_right <" in verdict["text"] and "30" in verdict["text"] for verdict in verdicts), verdicts


@check
def a_study_is_given_away_as_yaml_and_as_python(page):
    def copied():
        # Whether the clipboard may be read differs between browsers: what is written into it is caught.
        page.script("""window.caught = undefined;
            Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => { window.caught = text; } } });""")
        page.script("document.querySelector('#export [data-export=copy]').click()")
        return page.wait(lambda: page.script("return window.caught"), "the copied file")

    for fragment, simulated in (("#hot-particles&l.temperature=33&points=3&error=0.05", True), ("#quantum-box&r.temperature=7", False)):
        page.open(fragment)
        file = copied()
        page.script("document.querySelector('#export [data-export=python]').click()")
        code = page.wait(lambda: page.text("#code-text"), "the study in Python")
        tree = ast.parse(code)
        texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and "medium:" in str(node.value)]
        assert [text.strip() for text in texts] == [file.strip()], code
        calls = [node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
        assert calls[:2] == ["Study", "theory"] and ("run" in calls) == simulated and "plot" in calls, calls
        page.script("document.querySelector('[data-code=close]').click()")
        with tempfile.TemporaryDirectory() as folder:
            name = Path(folder) / "copied.yaml"
            name.write_text(file)
            answer = subprocess.run([page.server.ness, "theory", str(name), "--format", "json", "--store", folder], capture_output=True, text=True)
            assert answer.returncode == 0 and json.loads(answer.stdout)["points"], answer.stderr


@check
def bars_are_one_standard_error_everywhere(page):
    page.open("#hot-particles&m.sites=4&points=3&error=0.05")
    clear(page)
    page.settle()
    assert page.script("return getComputedStyle(document.querySelector('.bar-note')).visibility") == "hidden"
    page.one("#simulate").click()
    page.wait(lambda: page.all(".run-item.finished"), "the simulation")
    page.wait(lambda: len(half_bars(page)) == 3, "its points")
    assert page.script("return getComputedStyle(document.querySelector('.bar-note')).visibility") == "visible"
    assert page.text(".bar-note") == "bars: one standard error"
    told = page.script("""return (async () => {
        const { runs } = await (await fetch('api/runs')).json();
        return runs[0].points.map((point) => point.estimates.find((each) => each.quantity === 'heatCurrent').uncertainty);
    })()""")
    assert sorted(told) == sorted(half_bars(page)), (told, half_bars(page))
    # The drawn bar is as long as the axis says.
    drawn = page.script("""const ticks = [...document.querySelectorAll('#chart .y-axis .tick')].map((tick) =>
            [Number(tick.querySelector('text').textContent), Number(tick.getAttribute('transform').match(/,([-\\d.]+)/)[1])]);
        const scale = Math.abs((ticks[1][0] - ticks[0][0]) / (ticks[1][1] - ticks[0][1]));
        return [...document.querySelectorAll('.run:not(.faded) .point')].map((point) => {
          const [top, bottom] = point.querySelector('.bar').getAttribute('d').match(/^M-5,([-\\d.e]+)H5M0,[-\\d.e]+V([-\\d.e]+)/).slice(1).map(Number);
          return [scale * (bottom - top) / 2, Number(point.dataset.half)];
        })""")
    assert all(abs(one - other) < 0.01 * other for one, other in drawn), drawn
    # A verdict has its level of confidence; a bar and a ± have none.
    words = page.script("return ['#chart', '#legend', '#readout', '#help', '#headline', '#subline'].map((part) => document.querySelector(part).textContent).join(' ')")
    assert "95" not in words.replace("Krekels et al. 2026", ""), words
    page.script("document.querySelector('.run-item [data-action^=remove]').click()")


@check
def figures_of_studies_follow_the_dark_page(page):
    page.open()
    page.wait(lambda: page.all(".study-item"), "a kept study")
    page.script("arguments[0].click()", page.one(".study-item button"))
    page.wait(lambda: page.script("const i = document.querySelector('#study img'); return i && i.complete && i.naturalWidth > 0"), "the drawn figure")
    for dark in (False, True):
        page.resize(*SIZES["wide"], dark)
        page.script("document.querySelector('#study figure').scrollIntoView({ block: 'center' })")
        page.wait(lambda: page.script("return document.documentElement.dataset.theme") == ("dark" if dark else "light"), "the theme")
        colours = picture_of(page, "#study img")
        paper = page.script("return getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number)")
        common = max(colours, key=colours.get)
        wanted = paper if dark else [255, 255, 255]
        assert max(abs(one - other) for one, other in zip(common, wanted)) <= 2, (common, wanted)
        # Ink, and a colour that is none of paper and ink, are seen.
        seen = [colour for colour, count in colours.items() if count > 20 and contrast(colour, common) >= 3]
        assert seen and any(max(colour) - min(colour) > 60 for colour in seen), f"nothing but {common} is seen"
        assert max(contrast(colour, common) for colour in seen) > 7
    page.resize(*SIZES["wide"])


def picture_of(page, selector):
    """How often each colour is on the screen where an element is."""
    box = page.script("const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.left + 4, b.top + 4, b.right - 4, b.bottom - 4]", selector)
    with tempfile.TemporaryDirectory() as folder:
        page.driver.save_screenshot(f"{folder}/picture.png")
        picture = Image.open(f"{folder}/picture.png").convert("RGB").crop([round(each) for each in box])
        return {colour: count for count, colour in picture.getcolors(picture.width * picture.height)}


def contrast(one, other):
    def light(colour):
        parts = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@check
def what_theory_refuses_is_simulated(page):
    page.open("#langevin-chain&m.sites=2&m.quartic=0.5&from=2&to=8&points=3&error=0.05")
    page.wait(lambda: "anharmonic" in page.text("#subline"), "the refusal")
    page.one("#simulate").click()
    page.wait(lambda: len(half_bars(page)) == 3, "three simulated points without a theory")
    page.wait(lambda: page.all(".run-item.finished") or page.all(".run-item.stopped"), "the end")
    page.wait(lambda: "simulation" in page.headline(), "the answer of the simulation")


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
    page.wait(lambda: "token" in page.text("#banner"), "word that the server has another token")
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
    faults = [message for message in page.messages if not ("/api/" in message and "422" in message)]
    assert not faults, "the console says: " + "; ".join(faults[:5])
