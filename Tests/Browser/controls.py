"""Checks of what a reader sees and moves: answer, sliders, fields, links, keys, the picture."""

import statistics
import time

from selenium.webdriver.common.keys import Keys

from browser import CURVE, PATIENCE, SIZES
from registry import check


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
            const [selector, place, patience, done] = arguments;
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
            setTimeout(() => { watch.disconnect(); done(-1); }, 1000 * patience);""", CURVE, place, PATIENCE))
        time.sleep(0.03 if len(times) % 3 else 0.6)
    assert min(times) > 0, f"the curve did not move within {PATIENCE} s: {times}"
    # How fast it is depends on what else the machine does.
    print(f"  from slider to curve: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms of {len(times)} moves")


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
    page.one('[data-model="quantum-box"]').click()
    page.wait(lambda: "No fall found" in page.headline(), "the quantum answer")
    assert page.value("baths.right.temperature") == "6.5"
    page.wait(lambda: page.all('[data-method="classical"]'), "the classical curve beside the quantum one")
    page.type("medium.hbar", "0.2")
    page.wait(lambda: "colder means less heat" in page.headline(), "the classical trap to come back")
    page.one('[data-model="classical-box"]').click()
    page.wait(lambda: page.script("return document.querySelector('[data-model=classical-box]').ariaPressed") == "true", "the classical box")
    page.settle()
    page.slide("classical", 700)
    page.wait(lambda: page.script("return document.querySelector('[data-model=quantum-box]').ariaPressed") == "true", "a quantum box")


@check
def links_restore_the_state_and_back_goes_back(page):
    fragment = "#hot-particles&l.temperature=33&l.coupling=0.25&y=log&tab=profile"
    page.open(fragment)
    assert page.fragment() == fragment, page.fragment()
    assert page.value("baths.left.coupling") == "0.25"
    assert page.one("#tab-profile").get_attribute("aria-selected") == "true"
    page.one('[data-model="classical-box"]').click()
    page.wait(lambda: page.fragment().startswith("#classical-box"), "the link of the box")
    page.driver.back()
    page.wait(lambda: page.value("baths.left.coupling") == "0.25", "the state before")
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
    before = int(page.value("medium.sites"))
    slider.send_keys(Keys.ARROW_RIGHT)
    page.wait(lambda: int(page.value("medium.sites")) == before + 1, "one site more")


@check
def the_picture_moves(page):
    page.open()
    page.wait(lambda: "t = " in page.text("#heat-counter"), "the counter of heat")
    picture = "return document.querySelector('#scene').toDataURL()"
    first = page.script(picture)
    page.wait(lambda: page.script(picture) != first, "another picture")
    page.one("#scene-pause").click()

    def rests():
        # What theory still says is painted once more.
        before = page.script(picture)
        time.sleep(0.6)
        return page.script(picture) == before and before
    resting = page.wait(rests, "the paused picture to rest")
    page.one("#scene-pause").click()
    page.wait(lambda: page.script(picture) != resting, "the picture to move on")


@check
def commas_are_decimal_marks_and_no_word_is_a_number(page):
    page.open()
    page.type("baths.left.friction", "0,35")
    page.wait(lambda: "l.friction=0.35" in page.fragment(), "the value in the link")
    assert page.value("baths.left.friction") == "0.35"
    page.type("baths.left.friction", "1,000")
    row = '[data-row="baths.left.friction"] .fault'
    page.wait(lambda: "decimal mark" in page.text(row), "word of what was read")
    page.type("baths.left.friction", "e")
    page.wait(lambda: "number is needed" in page.text(row), "word of what is needed")
    assert "l.friction=e" not in page.fragment() and page.value("baths.left.friction") == "1"
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
    page.wait(lambda: "50 is taken" in page.text("#run-fault"), "word of the bound")


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
def whatever_control_is_wrong_is_marked_in_words_and_no_other(page):
    """Every number of a model, with values that mostly cannot be: each is answered, or marked with what was found and what is expected."""
    marked = 0
    for model in ("hot-particles", "classical-box", "quantum-box"):
        page.open(f"#{model}")
        paths = page.script("return [...document.querySelectorAll('input[type=number][data-path]')].map((each) => each.dataset.path).filter((each) => each !== 'classical')")
        assert len(paths) > 2, paths
        for path in paths:
            usual = page.value(path)
            for wrong in ("-5", "1e12"):
                page.script("performance.clearResourceTimings()")
                put(page, path, wrong)
                page.wait(lambda: page.script("return performance.getEntriesByType('resource').some((each) => /api.theory/.test(each.name))"), "an answer")
                seen = page.wait(lambda: page.script("""
                    const words = document.querySelector('#headline').textContent;
                    const bad = [...document.querySelectorAll('.row.bad')].map((row) => [row.dataset.row, row.querySelector('.fault').textContent]);
                    const isOld = document.querySelector('#chart').classList.contains('busy');
                    return bad.length || (!isOld && /falls|grows|No |gives|largest/.test(words)) ? { words, bad, all: document.body.innerText } : null"""),
                    f"an answer or a mark for {path} = {wrong} of {model}")
                assert "experiment:" not in seen["all"] and "No curve for these values" not in seen["words"], (model, path, wrong, seen["words"])
                for row, words in seen["bad"]:
                    marked += 1
                    # How many levels a quantum box needs follows from several controls; the mark says so.
                    isOwn = row == path or (model == "quantum-box" and "levels" in words)
                    assert isOwn and "found" in words and "expected" in words, (model, path, wrong, seen["bad"])
                put(page, path, usual)
                page.wait(lambda: not page.all(".row.bad"), f"the mark of {path} to go")
    assert marked > 20, f"only {marked} values were refused"


def put(page, path, text):
    page.script("""const field = document.querySelector(`input[type="number"][data-path="${arguments[0]}"]`);
        field.value = arguments[1];
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));""", path, text)


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
