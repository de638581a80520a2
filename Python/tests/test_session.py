"""The process that computes: threads, Ctrl-C, its death, forks, what it leaves behind."""

from __future__ import annotations

import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ness

from .conftest import CHAIN, python, session_number

LONG = """
import ness, os, sys
study = ness.Study(ness.examples()["hot-particles"])
study.sweep(None)
study.update({"run.duration": 4e5, "run.burnIn": 1, "run.replicas": 16, "run.timeStep": 0.05})
def tell(doing, part):
    if part > 1e-3 and not os.path.exists("begun"):
        open("begun", "w").close()
"""


def wait_for(file: Path, process: "subprocess.Popen[str]") -> None:
    """Waits until another process has made a file."""
    while not file.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked for counts."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def open_files(number: int) -> int:
    return len(os.listdir(f"/proc/{number}/fd"))


def resident_bytes(number: int) -> int:
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_calls_of_several_threads_get_their_own_answers() -> None:
    temperatures = [1.5 + 0.25 * number for number in range(40)]

    def current(temperature: float) -> float:
        study = ness.Study(CHAIN)
        study.baths.left.temperature = temperature
        return float(study.theory("heatCurrent")["heatCurrent"].best())

    alone = [current(each) for each in temperatures]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(current, temperatures)) == alone
    assert len(set(alone)) == len(alone)


def test_a_short_call_does_not_wait_for_a_long_one(hot: ness.Study, tmp_path: Path) -> None:
    begun: "list[float]" = []
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        long = pool.submit(
            hot.run, store=None, duration=1e9, time_limit=600, progress=lambda _, part: begun.append(part)
        )  # fmt: skip
        while not begun:
            time.sleep(0.02)
        assert hot.theory()["heatCurrent"].size
        assert not long.done()
        ness.end_session()
        with pytest.raises(ness.SessionEnded):
            # It is stopped with its session, before or after it had measured something.
            if long.result().is_interrupted:
                raise ness.SessionEnded("stopped")


def test_calls_leave_nothing_behind(chain: ness.Study) -> None:
    number = session_number()

    def some(count: int) -> None:
        for place in range(count):
            chain.baths.left.temperature = 2 + 0.001 * place
            assert chain.theory("heatCurrent")["heatCurrent"].size

    some(300)
    before, files, mine = resident_bytes(number), open_files(number), open_files(os.getpid())
    some(1000)
    assert session_number() == number
    assert open_files(number) == files and open_files(os.getpid()) == mine
    # A kilobyte a call would show.
    assert resident_bytes(number) - before < 1_000_000


def test_a_killed_process_is_told_and_replaced(chain: ness.Study) -> None:
    number = session_number()
    expected = chain.theory().to_json()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        begun: "list[float]" = []
        long = pool.submit(
            chain.run, store=None, duration=1e9, progress=lambda _, part: begun.append(part)
        )  # fmt: skip
        while not begun:
            time.sleep(0.02)
        os.kill(number, signal.SIGKILL)
        with pytest.raises(ness.SessionEnded, match="signal 9"):
            long.result()
    assert chain.theory().to_json() == expected
    assert session_number() != number
    # While nobody asks.
    os.kill(session_number(), signal.SIGKILL)
    for _ in range(3):
        try:
            assert chain.theory().to_json() == expected
            break
        except ness.SessionEnded:
            continue
    else:
        pytest.fail("no other process was started")


def test_ctrl_c_ends_a_run_and_keeps_its_work(tmp_path: Path) -> None:
    script = LONG + """
try:
    study.run(store="store", progress=tell)
except KeyboardInterrupt as interruption:
    assert isinstance(interruption, ness.Interrupted)
    result = interruption.result
    assert result is not None and result.is_interrupted and result["heatCurrent"].sel(method="simulation").is_sampled
    # The same process goes on answering.
    assert study.theory()["heatCurrent"].best().value > 0
    print("kept", interruption)
"""
    process = python(script, tmp_path, start_new_session=True)
    wait_for(tmp_path / "begun", process)
    # As a terminal does: to every process of the group.
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate()
    assert output.startswith("kept interrupted; what was measured is kept"), errors
    assert process.returncode == 0
    listed = subprocess.run(
        [ness.program(), "list", "--store", "store", "--format", "json"], cwd=tmp_path, check=True, stdout=subprocess.PIPE
    ).stdout  # fmt: skip
    assert json.loads(listed)["results"], "the state of the point is kept"


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_process_that_ends(tmp_path: Path, signal_number: int) -> None:
    script = LONG + """
from ness import _session
print(_session.current().number, flush=True)
study.run(store="store", progress=tell)
"""
    process = python(script, tmp_path)
    assert process.stdout is not None
    number = int(process.stdout.readline())
    wait_for(tmp_path / "begun", process)
    process.send_signal(signal_number)
    process.communicate()
    while is_alive(number):
        time.sleep(0.05)


def test_a_terminated_process_keeps_its_work_and_ends(tmp_path: Path) -> None:
    script = LONG + """
from ness import _session
import signal
def end(doing, part):
    if part > 1e-3:
        os.kill(_session.current().number, signal.SIGTERM)
result = None
try:
    result = study.run(store="store", progress=end)
except ness.SessionEnded:
    pass
except ness.Interrupted as interruption:
    result = interruption.result
print(result is None or result.is_interrupted)
for _ in range(100):
    try:
        print(study.theory()["heatCurrent"].best().value > 0)
        break
    except ness.SessionEnded:
        # It is still ending.
        pass
"""
    output, errors = python(script, tmp_path).communicate()
    assert output.split() == ["True", "True"], errors


def test_a_usual_end_waits_for_the_process(tmp_path: Path) -> None:
    script = "import ness; from ness import _session; ness.version(); print(_session.current().number)"
    process = python(script, tmp_path)
    output, errors = process.communicate()
    assert process.returncode == 0 and errors == ""
    assert not is_alive(int(output))


def test_a_child_has_a_process_of_its_own(chain: ness.Study) -> None:
    number, expected = session_number(), chain.theory().to_json()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            same = chain.theory().to_json() == expected
            os.write(writer, f"{session_number()} {same}".encode())
            ness.end_session()
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as told:
        own, same = told.read().split()
    assert os.waitpid(child, 0)[1] == 0
    assert int(own) != number and same == "True"
    assert session_number() == number and chain.theory().to_json() == expected


def test_studies_go_to_other_processes(chain: ness.Study) -> None:
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(theory_of, (chain,)) == chain.theory().to_json()


def theory_of(study: ness.Study) -> str:
    return study.theory().to_json()


def test_the_program_is_found_or_told(tmp_path: Path) -> None:
    script = "import ness\ntry:\n    ness.version()\nexcept ness.ProgramNotFound as error:\n    print(error)"
    environment = {**os.environ, "NESS_PROGRAM": str(tmp_path / "nothing")}
    process = python(script, tmp_path, env=environment)
    assert "NESS_PROGRAM is" in process.communicate()[0]
    environment = {**os.environ, "PATH": str(tmp_path)}
    environment.pop("NESS_PROGRAM", None)
    process = python(script + "\nelse:\n    print(ness.program())", tmp_path, env=environment)
    output = process.communicate()[0]
    assert "set NESS_PROGRAM" in output or "_release" in output


def test_the_command_of_the_package_is_the_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import _ness_program; _ness_program.main()", "kinds", "--format", "json"],
        cwd=tmp_path, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    direct = subprocess.run([ness.program(), "kinds", "--format", "json"], check=True, stdout=subprocess.PIPE)
    assert done.stdout == direct.stdout


def test_the_explorer_is_served_and_ended(tmp_path: Path) -> None:
    import urllib.error
    import urllib.request

    with ness.serve(store=tmp_path / "store", show=False) as explorer:
        with urllib.request.urlopen(explorer.url) as answer:
            page = answer.read().decode()
            # It may stand within the page of a notebook, and needs no cookie there.
            assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Set-Cookie"] is None and "<title>" in page
        token = explorer.url.partition("?")[2]
        with urllib.request.urlopen(explorer.url.partition("?")[0] + f"api/schema?{token}") as answer:
            assert json.load(answer)["media"]
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(explorer.url.partition("?")[0] + "api/schema")
        assert explorer.url in explorer._repr_html_() and "<iframe" in explorer._repr_html_()
    assert not explorer.is_running
    with pytest.raises(ness.Failed):
        (tmp_path / "file").write_text("")
        ness.serve(store=tmp_path / "file" / "store", show=False)
