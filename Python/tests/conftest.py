"""What the tests share. Every one of them asks the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

import ness

CHAIN: Dict[str, Any] = {
    "medium": {"kind": "chain", "sites": 4, "pinning": 1.0},
    "baths": {
        "left": {"kind": "langevin", "temperature": 2.0, "friction": 1.0},
        "right": {"kind": "langevin", "temperature": 1.0, "friction": 1.0},
    },
    "run": {"duration": 50.0, "replicas": 8},
}


@pytest.fixture
def chain() -> ness.Study:
    """A short harmonic chain between Langevin baths."""
    return ness.Study(CHAIN)


@pytest.fixture
def hot() -> ness.Study:
    """Hot particles and a colder bath at three temperatures; a run takes a moment."""
    study = ness.Study(ness.examples()["hot-particles"])
    study.update({"run.duration": 20, "run.replicas": 8})
    return study


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., bytes]:
    """Runs a command of ness in a folder of its own; what it prints."""

    def run(*arguments: "str | os.PathLike[str]") -> bytes:
        words: List[str] = [ness.program(), *(os.fspath(each) for each in arguments)]
        return subprocess.run(words, cwd=tmp_path, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout

    return run


def python(script: str, folder: Path, **more: Any) -> "subprocess.Popen[str]":
    """Another Python that runs a script."""
    return subprocess.Popen(
        [sys.executable, "-c", script], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


def session_number() -> int:
    """The number of the process that computes."""
    from ness import _session

    return _session.current().number
