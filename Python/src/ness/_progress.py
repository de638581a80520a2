"""How far the work is: a line in a terminal, a bar in a notebook."""

from __future__ import annotations

import html
import sys
import time
from typing import Any, Callable, Tuple, Union


def in_notebook() -> bool:
    """Whether what is shown is shown in a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


class Progress:
    """Shows how far some work is; nothing in the first second."""

    def __init__(self, wanted: "Union[bool, Callable[[str, float], None], None]") -> None:
        self._told = wanted if callable(wanted) else None
        self._is_notebook = in_notebook()
        is_seen = self._is_notebook or sys.stderr.isatty()
        self._is_shown = self._told is None and (is_seen if wanted is None else bool(wanted))
        self._start = time.monotonic()
        self._is_drawn = False
        self._display: Any = None

    def show(self, doing: str, fraction: float) -> None:
        """Tells what is done, and the part of the whole that is done."""
        if self._told is not None:
            return self._told(doing, fraction)
        elapsed = time.monotonic() - self._start
        if not self._is_shown or elapsed < 1:
            return
        left = f", {_words(elapsed * (1 - fraction) / fraction)} left" if fraction > 0.005 else ""
        if self._is_notebook:
            self._show_in_notebook(doing, fraction, left)
            return
        filled = round(24 * fraction)
        bar = "█" * filled + "░" * (24 - filled)
        sys.stderr.write(f"\r\033[K{bar} {100 * fraction:3.0f} %{left}  {doing}" if sys.stderr.isatty() else "")
        sys.stderr.flush()
        self._is_drawn = True

    def note(self, text: str) -> None:
        """Tells a choice or a finding."""
        if self._is_shown and not self._is_notebook:
            self._clear()
            sys.stderr.write(f"{text}\n")

    def _show_in_notebook(self, doing: str, fraction: float, left: str) -> None:
        html_of, display = _ipython()
        bar = html_of(
            f'<progress value="{fraction:.4f}" max="1" style="width: 20em"></progress> '
            f"{100 * fraction:.0f} %{left} &nbsp; {html.escape(doing)}"
        )
        if self._display is None:
            self._display = display(bar, display_id=True)
        else:
            self._display.update(bar)

    def _clear(self) -> None:
        if self._is_drawn and sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
        self._is_drawn = False

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: Any) -> None:
        self._clear()
        if self._display is not None:
            self._display.update(_ipython()[0](""))


def _ipython() -> Tuple[Callable[..., Any], Callable[..., Any]]:
    """What makes and shows a piece of HTML."""
    from IPython import display

    return display.HTML, display.display


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


