"""Checks of the examples, of systems with three baths, and of networks: their picture, and how they are drawn by pointing."""

from urllib.parse import unquote

from registry import check


@check
def every_example_shows_what_it_is(page):
    page.open()
    names = page.script("return [...document.querySelectorAll('#preset option')].map((option) => option.value)")
    assert len(names) >= 10, names
    for name in names:
        page.open(f"#{name}")
        page.settle()
        assert page.fragment() == f"#{name}", page.fragment()
        pressed = page.script("return [...document.querySelectorAll('#models [aria-pressed=true]')].map((button) => button.dataset.model)")
        assert pressed == [name], (name, pressed)
        assert not page.text("#banner") and not page.script("return [...document.querySelectorAll('.fault')].some((each) => each.textContent)"), name
        words, isDrawn = page.headline(), len(page.curve()) > 20
        assert isDrawn != words.startswith("No theory answers here. Simulate"), (name, words, page.curve())
        if not isDrawn:
            assert "not harmonic" in page.text("#subline") and page.one("#simulate").is_enabled(), (name, page.text("#subline"))
        page.wait(lambda: page.script("return document.querySelector('#scene').getContext('2d').getImageData(0, 0, 9999, 9999).data.some((each) => each)"), f"the picture of {name}")
        assert not page.text("#scene-note"), (name, page.text("#scene-note"))


@check
def noise_and_causes_lie_beside_the_curve(page):
    def opened(tab):
        page.wait(lambda: page.all(f"#tab-{tab}"), f"the tab {tab}")
        page.one(f"#tab-{tab}").click()
        page.wait(lambda: "On its way" not in page.text("#detail-caption"), f"what {tab} draws")
        return page.text("#detail-caption"), len(page.all("#detail-chart .series"))

    page.open("#hot-particles")
    page.settle()
    words, curves = opened("causes")
    assert "the bath changes its grip" in words and curves == 4, (words, curves)
    words, curves = opened("noise")
    assert "both are equal after a time of" in words and curves == 1, (words, curves)
    assert "tab=noise" in page.fragment(), page.fragment()
    page.open("#phi4-lattice")
    page.settle()
    words, curves = opened("causes")
    assert words.startswith("Not drawn: ") and "not harmonic" in words and curves == 0, (words, curves)


@check
def a_device_is_judged_below_the_answer_and_drawn_beside_it(page):
    expected = {
        "two-qubit-diode": ("As a diode: rectifies", "R = 0.98", 2), "three-qubit-transistor": ("As a transistor: amplifies", "α = −151.", 3),
        "absorption-refrigerator": ("As a refrigerator: cools", "Carnot bound = 3.5, COP = 0.331", 4),
    }
    for name, (verdict, number, curves) in expected.items():
        page.open(f"#{name}")
        page.wait(lambda: page.text("#judged"), f"the verdict on {name}")
        assert page.text("#judged").startswith(verdict), (name, page.text("#judged"))
        assert page.one("#tab-device").get_attribute("aria-selected") == "true", name
        assert number in page.text("#detail-caption"), (name, page.text("#detail-caption"))
        assert len(page.all("#detail-chart .series")) == curves, name
    # A slider that moves is followed; a device that it cannot be says why.
    before = page.text("#detail-caption")
    page.type("baths.hot.temperature", "6")
    page.wait(lambda: page.text("#detail-caption") != before, "the new numbers")
    page.type("baths.room.temperature", "1")
    page.wait(lambda: "three different temperatures" in page.text("#judged"), "the reason")
    page.open("#diode")
    page.wait(lambda: page.text("#judged"), "what theory says of the diode")
    assert page.text("#judged") == "As a diode: no theory answers; ness device simulates it.", page.text("#judged")
    assert not page.all("#tab-device"), "an empty chart"


@check
def numbers_of_the_axes_are_seen_whole(page):
    for fragment in ("#choking-spins", "#two-qubit-diode&tab=device", "#three-qubit-transistor", "#hot-particles"):
        page.open(fragment)
        page.settle()
        cut = page.script("""return ['#chart', '#detail-chart'].flatMap((name) => {
          const edge = document.querySelector(name).getBoundingClientRect().left;
          return [...document.querySelectorAll(`${name} .y-axis text`)].filter((text) => text.getBoundingClientRect().left < edge).map((text) => text.textContent); })""")
        assert not cut, (fragment, cut)
    # From currents of 10^-48 to usual ones: a curve that lies where nothing is drawn would be complained of in the end.
    page.open("#choking-spins&from=0.001&to=0.005")
    page.settle()
    page.script("location.hash = '#choking-spins'")
    page.wait(lambda: "10⁻⁵" in page.text("#chart .y-axis"), "the axis of usual currents")


@check
def three_baths_have_a_curve_each(page):
    page.open("#transistor")
    page.settle()
    drawn = page.script("return [...document.querySelectorAll('.curve-line')].map((line) => line.dataset.method)")
    assert sorted(drawn) == ["heatFrom.base", "heatFrom.collector", "heatFrom.emitter"], drawn
    assert "Jbase falls from about Tbase = 2" in page.headline(), page.headline()
    page.one('[data-curve="heatFrom.emitter"]').click()
    page.wait(lambda: len(page.all(".curve-line")) == 2, "the curve to be hidden")
    state = page.fragment()
    assert "hide=heatFrom.emitter" in state, state
    page.open(state)
    page.settle()
    assert len(page.all(".curve-line")) == 2 and not page.text("#banner"), page.text("#banner")


@check
def a_network_is_drawn_by_pointing(page):
    page.open("#langevin-chain")
    assert not page.one("#draw").is_displayed()
    page.open("#phi4-lattice")
    page.wait(lambda: "baths" in page.text("#heat-counter"), "the picture")

    def click(column, row):
        # Where the picture has the sites of a square of 4 by 4.
        page.wait(lambda: page.script("""const [column, row] = arguments; const canvas = document.querySelector('#scene');
            const box = canvas.getBoundingClientRect(); const scale = Math.min((box.height - 74) / 3, 64);
            const before = location.hash + document.querySelector('.draw-words').textContent;
            canvas.dispatchEvent(new MouseEvent('click', { bubbles: true,
              clientX: box.left + box.width / 2 + scale * (column - 1.5), clientY: box.top + (box.height - 14) / 2 + scale * (row - 1.5) }));
            return location.hash + document.querySelector('.draw-words').textContent !== before""", column, row), f"a click at {column}, {row} to do something")

    def press(tool):
        page.script("document.querySelector(`[data-tool=${arguments[0]}]`).click()", tool)

    press("bond")
    click(0, 0)
    assert "From site 1" in page.text(".draw-words"), page.text(".draw-words")
    click(1, 1)
    assert "m.bonds=" in page.fragment() and "[[1,6]]" in unquote(page.fragment()), page.fragment()
    press("bath")
    click(3, 0)
    page.wait(lambda: page.all('[data-group="baths.bath1"]'), "controls of the new bath")
    page.wait(lambda: "bath1" in page.text("#heat-counter"), "the new bath in the picture")
    press("remove")
    click(3, 0)
    page.wait(lambda: not page.all('[data-group="baths.bath1"]'), "the bath to go")
    page.wait(lambda: "bath1" not in page.text("#heat-counter"), "the picture without it")
    page.driver.back()
    page.wait(lambda: page.all('[data-group="baths.bath1"]'), "the bath to come back")
    page.wait(lambda: "bath1" in page.text("#heat-counter"), "its picture")
    press("site")
    click(0, 3)
    page.wait(lambda: page.script("return document.querySelector('[data-path=\"medium.lattice\"]').value") == "{sites: 17}", "the new site")
    # The last bath moves to the end of the lattice no more: it has a name and a site of its own.
    page.wait(lambda: "bath2" in page.text("#heat-counter"), "the picture of 17 sites")
    assert not page.text("#banner") and not page.text("#scene-note"), page.text("#banner") + page.text("#scene-note")
    state = page.fragment()
    page.open(state)
    page.wait(lambda: "bath2" in page.text("#heat-counter"), "the same from its link")
    assert not page.text("#banner") and page.value("medium.lattice.sites") == "17"
    page.open("#disordered-chain")
    press("site")
    assert "walls" in page.text(".draw-words"), page.text(".draw-words")


@check
def the_recent_mean_is_seen_beside_theory(page):
    for name in ("langevin-chain", "phi4-lattice"):
        page.open(f"#{name}&tab=profile")
        page.wait(lambda: page.script("return (document.querySelector('.series.recent')?.getBoundingClientRect().height ?? 0) > 3"), f"the dots of {name}")
