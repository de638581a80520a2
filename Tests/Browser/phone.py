"""Checks on a phone: the answer stays in view, nothing is cut off, and fingers find what they press."""

import time

from browser import SIZES
from registry import check

@check
def a_phone_scrolls_only_down(page):
    for width in (360, 390, 768):
        page.resize(width, 800)
        for fragment in ("", "#classical-box", "#quantum-box", "#two-particle-baths", "#diode", "#transistor"):
            page.open(fragment)
            wide = page.script("return document.documentElement.scrollWidth")
            assert wide <= width, f"{fragment or 'the page'} is {wide} wide at {width}"
    page.resize(*SIZES["wide"])


@check
def the_answer_and_the_curve_stay_in_view_while_a_slider_moves(page):
    for size in ((390, 844), (360, 640), (844, 390)):
        page.resize(*size)
        page.open("#hot-particles")
        page.settle()
        for path in page.script("return [...document.querySelectorAll('input[type=range][data-path]')].filter((each) => each.offsetParent).map((each) => each.dataset.path)"):
            if size[0] > 820 and path.startswith("baths.right"):
                continue
            page.script("""const slider = document.querySelector(`input[type=range][data-path="${arguments[0]}"]`);
                slider.scrollIntoView({ block: 'nearest' });
                slider.focus();""", path)
            page.slide(path, 520)
            seen = page.script("""const slider = document.querySelector(`input[type=range][data-path="${arguments[0]}"]`);
                const seen = (node) => { const b = node.getBoundingClientRect();
                  const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
                  return b.top >= 0 && b.bottom <= innerHeight + 1 && (node.contains(top) || top?.contains(node)); };
                return [slider, document.querySelector('#headline'), document.querySelector('#chart')].map((node) =>
                  [seen(node), node.getBoundingClientRect().top, node.getBoundingClientRect().bottom]);""", path)
            assert all(each[0] for each in seen), f"{path} at {size}: slider, answer and chart are seen, from, to: {seen}; {page.text('.reasons')}"
    page.resize(*SIZES["wide"])


@check
def nothing_is_cut_off_and_fingers_find_what_they_press(page):
    page.resize(*SIZES["phone"])
    for fragment in ("#hot-particles", "#metropolis-walls", "#quantum-box", "#transistor", "#disordered-chain"):
        page.open(fragment)
        page.wait(lambda: page.all("#detail-tabs button"), "the tabs")
        page.script("for (const each of document.querySelectorAll('details')) each.open = true")
        page.wait(lambda: page.all(".study-item"), "a kept study")
        page.script("document.querySelector('.study-item button').click()")
        page.wait(lambda: page.all("#study figure"), "the study")
        time.sleep(0.3)
        small = page.script("""return [...document.querySelectorAll('button, select, input, summary, a[href]:not(.skip)')].filter((node) => node.offsetParent)
            .map((node) => [node.type === 'checkbox' ? node.closest('label') : node, node])
            .map(([box, node]) => [box.getBoundingClientRect(), node])
            .filter(([box]) => box.height < 40 || box.width < 40 || box.left < 0 || box.right > innerWidth)
            .map(([box, node]) => `${node.id || node.dataset.path || node.textContent.slice(0, 30)}: ${box.width} by ${box.height} at ${box.left}`)""")
        assert not small, small
        cut = page.script("""return [...document.querySelectorAll('p, li, label, h1, h2, h3, button, figcaption, text')].filter((node) => node.getClientRects().length)
            .filter((node) => !node.closest('.scroll, .models, dialog, .skip') && !node.matches('.quiet-title'))
            .map((node) => [node.getBoundingClientRect(), node]).filter(([box, node]) => (box.left < -1 || box.right > innerWidth + 1
              || node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0 && getComputedStyle(node).overflow === 'hidden') && node.textContent)
            .map(([box, node]) => `${node.textContent.slice(0, 40)}: ${box.left} to ${box.right}`)""")
        assert not cut, cut
    page.resize(*SIZES["wide"])
