"""The explorer: ``ness serve``, in a notebook or a browser."""

from __future__ import annotations

import atexit
import html
import os
import subprocess
from typing import IO, Any, Optional, Set, Union, cast

from . import _session
from ._errors import Failed
from ._progress import in_notebook


class Explorer:
    """The explorer, served by a process of its own until :meth:`stop`, or the end of this process.

    >>> import ness
    >>> with ness.serve(show=False) as explorer:
    ...     explorer.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, store: str, threads: Optional[int], height: int) -> None:
        arguments = [_session.program(), "serve", "--port", "0", "--store", store, "--framed"]
        if threads is not None:
            arguments += ["--threads", str(threads)]
        self._owner = os.getpid()
        # Its own group: Ctrl-C on a cell is not meant for it.
        self._process = subprocess.Popen(
            arguments, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        output = cast(IO[bytes], self._process.stdout)
        line = b""
        while not line.endswith(b"\n"):
            part = output.read(1)
            if not part:
                break
            line += part
        #: The address with its token: who has it may start simulations and see the store.
        self.url = line.decode().strip()
        self._height = height
        if not self.url:
            raise Failed(f"ness serve ended with status {self._process.wait()}; try it in a terminal")
        # It lasts as long as this process, whoever holds it.
        _running.add(self)

    def stop(self) -> None:
        """Ends the server; simulations keep what they measured."""
        _running.discard(self)
        if self._owner != os.getpid() or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    @property
    def is_running(self) -> bool:
        """Whether it can be reached."""
        return self._process.poll() is None

    def __enter__(self) -> "Explorer":
        return self

    def __exit__(self, *error: Any) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<ness.Explorer {self.url}>" if self.is_running else "<ness.Explorer, stopped>"

    def _repr_html_(self) -> str:
        address = html.escape(self.url, quote=True)
        return (
            f'<iframe src="{address}" width="100%" height="{self._height}" style="border: 0" title="Ness"></iframe>'
            f'<div><a href="{address}" target="_blank" rel="noopener">open in a tab of its own</a>; a notebook on another '
            "machine needs its port forwarded</div>"
        )


_running: "Set[Explorer]" = set()


def serve(
    store: "Union[str, os.PathLike[str]]" = ".ness",
    *,
    threads: Optional[int] = None,
    height: int = 760,
    show: bool = True,
) -> Explorer:
    """Starts the explorer and shows it: sliders, exact theory at once, simulation with shrinking error bars.

    Args:
        store: folder where results are kept and looked up.
        threads: threads of a simulation; None for all cores.
        height: height in a notebook [pixels].
        show: whether to show it; else its ``url`` tells where it is.

    Returns:
        The explorer, with its ``url``; ``stop()`` ends it.
    """
    explorer = Explorer(os.path.abspath(os.fspath(store)), threads, height)
    if show and not in_notebook():
        print(f"open {explorer.url} in a browser; stop() ends it")
    return explorer


def _stop_all() -> None:
    for explorer in list(_running):
        explorer.stop()


atexit.register(_stop_all)
