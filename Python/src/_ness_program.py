"""Finds the program of Ness and becomes it: the command ``ness`` that ``pip install`` puts on the PATH.

This module stands outside of the package so that the command starts without importing NumPy.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Optional

_BUNDLED = Path(__file__).resolve().parent / "ness" / "_release" / "bin" / "ness"


def find() -> Optional[str]:
    """The program: of ``NESS_PROGRAM``, of the package itself, or of the PATH; None if there is none.

    Raises:
        FileNotFoundError: ``NESS_PROGRAM`` names no program.
    """
    named = os.environ.get("NESS_PROGRAM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"NESS_PROGRAM is {named}, which is no program")
        return os.path.abspath(found)
    if os.access(_BUNDLED, os.X_OK):
        return str(_BUNDLED)
    # The script of this package is of the same name, and would start itself for ever.
    mine = os.path.realpath(sys.argv[0]) if sys.argv else ""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = shutil.which("ness", path=folder)
        if found is not None and os.path.realpath(found) != mine and not _is_script(found):
            return os.path.abspath(found)
    return None


def _is_script(file: str) -> bool:
    with open(file, "rb") as program:
        return program.read(2) == b"#!"


MISSING = (
    "the program ness was not found: it is part of the wheel for Linux on x86-64; elsewhere build it "
    "(make build) and set NESS_PROGRAM to it"
)


def main() -> None:
    """Becomes the program, with the arguments of this one."""
    try:
        program = find()
    except FileNotFoundError as error:
        sys.exit(f"ness: {error}")
    if program is None:
        sys.exit(f"ness: {MISSING}")
    os.execv(program, [program, *sys.argv[1:]])
