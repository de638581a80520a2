"""Checks of several simulations: to which experiment each belongs, how they are stopped, and what is told when something fails."""

import json
import os
import urllib.request
from urllib.parse import urlparse

from registry import check

FRAGMENT = "#hot-particles&m.sites=4&points=4&error=0.0003"


def items(page, state):
    return page.all(f".run-item.{state}")


def press(page, state, action):
    """Presses a button of the first simulation in a state."""
    page.script("document.querySelector(arguments[0]).click()", f'.run-item.{state} [data-action^="{action}"]')


def clear(page):
    """Stops everything and empties the list."""
    for state in ("waiting", "running"):
        while items(page, state):
            count = len(items(page, state))
            press(page, state, "stop")
            page.wait(lambda: len(items(page, state)) < count, "a simulation to stop")
    page.wait(lambda: not items(page, "stopping"), "the end")
    while page.all(".run-item"):
        count = len(page.all(".run-item"))
        page.script("""document.querySelector('.run-item [data-action^="remove"]').click()""")
        page.wait(lambda: len(page.all(".run-item")) < count, "a simulation to leave the list")


def simulate(page):
    page.script("document.querySelector('#simulate').click()")


@check
def every_experiment_has_its_own_button_and_place_in_the_queue(page):
    page.open(FRAGMENT)
    page.settle()
    simulate(page)
    page.wait(lambda: items(page, "running"), "the first simulation")
    page.slide("baths.left.coupling", 300)
    page.wait(lambda: page.text("#simulate") == "Simulate", "the button of other parameters")
    assert "queued" in page.text("#run-line"), page.text("#run-line")
    page.settle()
    simulate(page)
    page.wait(lambda: page.text("#simulate") == "Stop" and items(page, "waiting"), "the second simulation to wait")
    assert "1 simulation before it" in page.text(".run-item.waiting"), page.text(".run-item.waiting")
    assert not page.one("#run-progress").is_displayed(), "progress of another simulation"
    page.script("document.querySelector('[data-model=classical-box]').click()")
    page.settle()
    simulate(page)
    page.wait(lambda: len(items(page, "waiting")) == 2, "the third simulation to wait")
    order = page.script("return [...document.querySelectorAll('.run-item')].map((item) => item.className.split(' ')[1])")
    assert order == ["running", "waiting", "waiting"], order
    press(page, "waiting", "stop")
    page.wait(lambda: items(page, "stopped"), "a waiting simulation to be taken out of the queue")
    assert "before it measured" in page.text(".run-item.stopped"), page.text(".run-item.stopped")
    press(page, "running", "stop")
    page.wait(lambda: page.text(".run-item.running .title") == "The cold wall chokes the current", "the last one to have its turn")
    page.wait(lambda: page.text("#simulate") == "Stop", "its button")
    page.script("document.querySelector('[data-model=quantum-box]').click()")
    page.wait(lambda: page.text("#simulate") == "Simulate" and not page.one("#simulate").is_enabled(), "the button of a model without simulation")
    assert not page.one("#run-progress").is_displayed() and not page.all(".run .point")
    clear(page)


@check
def a_button_of_the_list_stays_the_same_while_its_simulation_goes_on(page):
    page.open(FRAGMENT)
    page.settle()
    simulate(page)
    page.wait(lambda: items(page, "running"), "the simulation")
    kept = page.script("""window.kept = document.querySelector('.run-item.running [data-action^="stop"]');
        return document.querySelector('.run-item.running progress').value""")
    page.wait(lambda: page.script("return document.querySelector('.run-item.running progress').value") > kept, "progress")
    assert page.script("""return window.kept === document.querySelector('.run-item.running [data-action^="stop"]')"""), "the button was made anew"
    clear(page)


@check
def two_windows_know_of_each_others_simulations(page):
    page.open(FRAGMENT)
    page.settle()
    server = urlparse(page.server.address)
    request = urllib.request.Request(
        f"http://{server.netloc}/api/runs", method="POST", headers={"Authorization": f"Bearer {server.query.split('=')[1]}"},
        data=json.dumps({
            "title": "From another window", "medium": {"kind": "chain", "sites": 4, "mass": 1, "spring": 1, "pinning": 1},
            "baths": {"left": {"kind": "langevin", "temperature": 2, "friction": 1}, "right": {"kind": "langevin", "temperature": 1, "friction": 1}},
            "run": {"targetError": 0.0003},
        }).encode())
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 202
    page.wait(lambda: "From another window" in page.text("#runs"), "the simulation of another window")
    assert page.text("#simulate") == "Simulate"
    clear(page)


@check
def what_a_run_is_asked_wrongly_is_told_in_words(page):
    page.open("#hot-particles&l.temperature=10&from=9&to=11&points=4")
    page.settle()
    simulate(page)
    page.wait(lambda: "could be measured" in page.text("#run-fault"), "word of what cannot be measured")
    page.slide("baths.left.coupling", 300)
    page.wait(lambda: not page.text("#run-fault"), "the word to go")


@check
def a_store_that_cannot_be_written_is_told(page):
    page.collect()
    known = len(page.messages)
    server, port = page.server, str(urlparse(page.server.address).port)
    server.stop()
    os.chmod(server.store, 0o555)
    # Root can write everywhere.
    server.start(port, user="nobody" if os.getuid() == 0 else None)
    try:
        page.open("#classical-box&points=2&error=0.1")
        page.settle()
        assert "cannot be written" in page.text("#about"), page.text("#about")
        simulate(page)
        page.wait(lambda: items(page, "finished"), "the simulation to end")
        assert "not kept" in page.text(".run-item.finished"), page.text(".run-item.finished")
    finally:
        server.stop()
        os.chmod(server.store, 0o755)
        server.start(port)
    page.open()
    page.collect()
    del page.messages[known:]


@check
def a_simulation_of_a_server_that_was_started_anew_is_not_shown_as_running(page):
    page.open(FRAGMENT)
    page.settle()
    simulate(page)
    page.wait(lambda: items(page, "running"), "the simulation")
    page.collect()
    known = len(page.messages)
    port = str(urlparse(page.server.address).port)
    page.server.stop()
    page.server.start(port)
    page.wait(lambda: "token" in page.text("#banner"), "word that the server is another")
    page.open(FRAGMENT)
    page.wait(lambda: page.text("#simulate") == "Simulate" and not page.all(".run-item"), "the list of the new server")
    page.wait(lambda: page.all(".study-item"), "what was measured among the kept studies")
    page.collect()
    del page.messages[known:]
