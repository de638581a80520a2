"""The process that computes: ``ness session``, one for each Python process, started with the first call.

It is a process of its own so that no lock of Python is held while it works, nothing of it lives in this process, and its end
is an exception. It answers several calls at a time.
"""

from __future__ import annotations

import atexit
import collections
import json
import os
import queue
import subprocess
import tempfile
import threading
from typing import IO, Any, Callable, Deque, Dict, Optional, Tuple, cast

import _ness_program

from ._errors import Error, Interrupted, ProgramNotFound, SessionEnded, error_of

#: What the program tells before its answer: a line, and the bytes that follow it.
Listener = Callable[[Dict[str, Any], bytes], None]


def program() -> str:
    """The path of the program that is asked.

    Raises:
        ProgramNotFound: there is none.
    """
    try:
        found = _ness_program.find()
    except FileNotFoundError as error:
        raise ProgramNotFound(str(error)) from None
    if found is None:
        raise ProgramNotFound(_ness_program.MISSING)
    return found


class _Call:
    """A request and what has come for it."""

    def __init__(self) -> None:
        self._told: Deque[Tuple[Dict[str, Any], bytes]] = collections.deque()
        self._end: Optional[Tuple[Dict[str, Any], bytes]] = None
        self._news: "queue.SimpleQueue[None]" = queue.SimpleQueue()

    def put(self, line: Dict[str, Any], body: bytes) -> None:
        if line.get("done"):
            self._end = (line, body)
        else:
            self._told.append((line, body))
        self._news.put(None)

    def wait(self, listener: Optional[Listener]) -> bytes:
        """The answer, after all that is told before it. Ctrl-C ends the wait, which may begin again then."""
        while True:
            while self._told:
                line, body = self._told.popleft()
                if listener is not None:
                    listener(line, body)
            if self._end is not None:
                line, body = self._end
                if "failed" in line:
                    raise error_of(line["failed"])
                return body
            try:
                # Ctrl-C may come just after a word of news was taken: it is looked for again before long.
                self._news.get(timeout=0.5)
            except queue.Empty:
                pass


class Session:
    """A process that answers, and the thread that reads what it says."""

    def __init__(self) -> None:
        # What it says of its end goes to a file without a name: a pipe would want another reader.
        self._complaints: IO[bytes] = tempfile.TemporaryFile(buffering=0)
        # Without buffers, whose locks another thread may hold when this process is copied.
        self._process = subprocess.Popen(
            [program(), "session"], bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints
        )
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)
        self._lock = threading.Lock()
        self._calls: Dict[int, _Call] = {}
        self._count = 0
        self._is_over = False
        self._reader = threading.Thread(target=self._read, name="ness session", daemon=True)
        self._reader.start()

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._is_over

    @property
    def number(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, request: Dict[str, Any], listener: Optional[Listener] = None) -> bytes:
        """Asks, and waits for the answer. Several threads may ask at a time.

        Args:
            request: what is asked; its number is given here.
            listener: called in this thread with what is told before the answer.

        Returns:
            The bytes of the answer.

        Raises:
            Error: what the program refuses, or that it has ended.
            Interrupted: Ctrl-C was pressed, and the program has stopped that work.
        """
        call = _Call()
        with self._lock:
            if self._is_over:
                raise SessionEnded(self._last_words())
            self._count += 1
            number = self._count
            self._calls[number] = call
        try:
            try:
                self._send({"id": number, **request})
                return call.wait(listener)
            except Interrupted:
                # Nobody here has asked for that: the process itself was told to end.
                raise SessionEnded("the process that computes was told to end; the next call starts another one") from None
            except KeyboardInterrupt:
                return self._interrupt(number, call)
        finally:
            with self._lock:
                self._calls.pop(number, None)

    def _interrupt(self, number: int, call: _Call) -> bytes:
        """Has a request end; what it has measured is in the answer. Ctrl-C once more does not wait for that."""
        self._send({"cancel": number})
        try:
            body = call.wait(None)
        except (Error, Interrupted) as error:
            raise KeyboardInterrupt(str(error)) from None
        raise _Cancelled(body)

    def _send(self, request: Dict[str, Any]) -> None:
        line = memoryview(json.dumps(request, allow_nan=False).encode() + b"\n")
        sent = 0
        try:
            with self._lock:
                while sent < len(line):
                    sent += self._input.write(line[sent:]) or 0
        except (OSError, ValueError):
            # The process has ended. The thread that reads notices, and wakes whoever waits.
            pass
        except BaseException:
            if 0 < sent < len(line):
                # The rest of the line would be taken from the next one.
                self._process.kill()
            raise

    def _read(self) -> None:
        received = bytearray()

        def more() -> bool:
            part = self._output.read(1 << 18)
            received.extend(part)
            return bool(part)

        try:
            while True:
                end = received.find(b"\n")
                if end < 0:
                    if not more():
                        break
                    continue
                line = json.loads(received[:end])
                del received[: end + 1]
                length = line.get("length", 0)
                while len(received) < length and more():
                    pass
                body = bytes(received[:length])
                del received[:length]
                with self._lock:
                    # What is said of no request is that one was not understood: nobody shall wait for its answer.
                    one = self._calls.get(line["id"])
                    calls = list(self._calls.values()) if line["id"] == 0 else [one] if one is not None else []
                for call in calls:
                    call.put({**line, "done": True} if line["id"] == 0 else line, body)
        except (OSError, ValueError):
            pass
        self._end()

    def _end(self) -> None:
        self._process.wait()
        with self._lock:
            self._is_over = True
            calls = list(self._calls.values())
        for call in calls:
            call.put({"done": True, "failed": {"kind": "ended", "message": self._last_words()}}, b"")

    def _last_words(self) -> str:
        status = self._process.returncode
        how = f"was ended by signal {-status}" if status is not None and status < 0 else f"ended with status {status}"
        try:
            self._complaints.seek(0)
            words = self._complaints.read()[-2000:].decode(errors="replace").strip()
        except (OSError, ValueError):
            words = ""
        return f"the process that computes {how}; the next call starts another one" + (f"\n{words}" if words else "")

    def close(self) -> None:
        """Ends the process; what it is doing is kept. Comes back when it has ended."""
        with self._lock:
            try:
                self._input.close()
            except OSError:
                pass
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=5)
        self._output.close()
        self._complaints.close()

    def forget(self) -> None:
        """In a child of this process: lets go of what belongs to the parent, without a word to the program."""
        for stream in (self._input, self._output, self._complaints):
            stream.close()
        # Nobody waits for a process that is not a child of this one.
        self._process.returncode = 0


class _Cancelled(KeyboardInterrupt):
    """The answer to a call that was ended by Ctrl-C."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


_session: Optional[Session] = None
_owner = 0
_lock = threading.Lock()


def current() -> Session:
    """The session of this process; started if there is none, or if it has ended."""
    global _session, _owner
    with _lock:
        if _session is None or _session.is_over:
            if _session is not None:
                _session.close()
            _session = Session()
            _owner = os.getpid()
        return _session


def ask(request: Dict[str, Any], listener: Optional[Listener] = None) -> bytes:
    """The answer of the session of this process."""
    return current().ask(request, listener)


def cancelled(error: KeyboardInterrupt) -> Optional[bytes]:
    """The answer that a call has given although it was ended; None if there is none."""
    return error.body if isinstance(error, _Cancelled) else None


def end_session() -> None:
    """Ends the process that computes, if there is one. The next call starts another one."""
    global _session
    with _lock:
        session, _session = _session, None
    if session is not None and _owner == os.getpid():
        session.close()


def _after_fork() -> None:
    global _session, _lock
    session, _session = _session, None
    # Another thread may have held it when the process was copied.
    _lock = threading.Lock()
    if session is not None:
        session.forget()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(end_session)
