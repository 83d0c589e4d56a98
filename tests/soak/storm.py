"""Everything that can be done to sessions, done at random, with checks after each step."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import psutil

from stata_sessions.consoles.processes import MARK_VARIABLE
from stata_sessions.errors import NoSuchSession, SessionGone, StataSessionsError
from stata_sessions.states import ENDED_SESSIONS
from tests.soak.books import Book
from tests.soak.leftovers import Leftovers
from tests.soak.tasks import SORTS, TIME_LIMIT_S, Task
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually

# Refusals that belong to the game: somebody else was quicker.
REFUSALS = {
    "console-lost",
    "launch-failed",
    "no-such-session",
    "not-queued",
    "protected-session",
    "queue-full",
    "session-busy",
    "session-exists",
    "session-gone",
    "too-many-sessions",
}
# How often each thing is done, in proportion.
WEIGHTS = {
    "create": 6,
    "run": 30,
    "submit": 30,
    "look": 16,
    "query": 4,
    "stop": 10,
    "cancel": 8,
    "restart": 3,
    "kill": 3,
    "force": 2,
    "close": 4,
}


class Storm:
    """An engine, what is known about its sessions, and what went wrong."""

    def __init__(self, running: Engine) -> None:
        self.running = running
        self.manager = running.manager
        self.done: Counter[str] = Counter()
        self.violations: list[str] = []
        self._lock = threading.Lock()
        self._words = 0
        self.books = [Book(self.manager.get())]
        self.leftovers = Leftovers(running)

    # What can be done.

    def step(self, action: str, chance: random.Random) -> None:
        """Do one thing to one session, and check it."""
        with self._lock:
            self.done[action] += 1
            book = chance.choice(self.books)
        actions: dict[str, Callable[[], object]] = {
            "create": self._create,
            "run": lambda: self._submit(book, chance).command.wait(chance.choice([0.05, 1.0])),
            "submit": lambda: self._submit(book, chance),
            "look": lambda: self._look(book, chance),
            "query": lambda: self._query(book),
            "stop": lambda: self._stop(book, chance),
            "cancel": lambda: self._cancel(book, chance),
            "restart": lambda: self._restart(book),
            "kill": lambda: self._kill(book),
            "force": lambda: self._force(book),
            "close": lambda: self._close(book),
        }
        try:
            actions[action]()
        except StataSessionsError as error:
            if error.kind not in REFUSALS:
                self._blame([f"{book.name}: {action}: {error.kind}: {error}"])
        except Exception:
            self._blame([f"{book.name}: {action}: {traceback.format_exc()}"])
        self._check(book)

    def _create(self) -> None:
        session = self.manager.create()
        with self._lock:
            self.books.append(Book(session))

    def _submit(self, book: Book, chance: random.Random) -> Task:
        sort = chance.choices(list(SORTS), [30, 10, 6, 6, 6, 6, 1])[0]
        with self._lock:
            self._words += 1
            word = f"w{self._words}x"
        code = SORTS[sort].code.replace("W", word)
        if sort == "crashing":
            book.excuse("signal 11")
        limit_s = TIME_LIMIT_S if SORTS[sort].ends is None else None
        task = Task(book.session.submit(code, time_limit_s=limit_s), sort, word)
        book.add(task)
        return task

    def _look(self, book: Book, chance: random.Random) -> None:
        if tasks := book.tasks:
            chance.choice(tasks).look()
        # Its processes are measured, which needs that they are there.
        book.session.view(usage=True)
        maximum, available = self.manager.slots()
        if not 0 <= available <= maximum:
            self._blame([f"slots: {available} of {maximum}"])

    def _query(self, book: Book) -> None:
        result = book.session.query("display 40 + 2", wait_s=0.5)
        if (result.return_code, "42\n" in result.output) != (0, True):
            self._blame([f"{book.name}: a query answered {result}"])

    def _stop(self, book: Book, chance: random.Random) -> None:
        book.excuse("stop")
        book.session.stop(wait_s=chance.choice([0, 0.1, PATIENCE_S]))

    def _cancel(self, book: Book, chance: random.Random) -> None:
        if tasks := book.tasks:
            task = chance.choice(tasks[-3:])
            task.cancelled = True
            task.command.cancel()

    def _restart(self, book: Book) -> None:
        book.excuse("restart")
        book.session.restart()

    def _kill(self, book: Book) -> None:
        pid = book.session.view().pid
        if pid is None:
            return
        book.excuse("signal 9")
        with contextlib.suppress(psutil.Error, OSError):
            if psutil.Process(pid).environ().get(MARK_VARIABLE) == book.session.mark:
                os.kill(pid, signal.SIGKILL)

    def _force(self, book: Book) -> None:
        book.excuse("(force)")
        book.session.stop(force=True, wait_s=PATIENCE_S)

    def _close(self, book: Book) -> None:
        book.excuse("closed by the storm")
        try:
            self.manager.destroy(book.name, "closed by the storm")
        except (SessionGone, NoSuchSession):
            # Who is told that it is gone has to be right.
            if not eventually(lambda: book.session.state in ENDED_SESSIONS, 5):
                self._blame([f"{book.name}: gone, and yet {book.session.state}"])

    # Checks.

    def _blame(self, found: list[str]) -> None:
        with self._lock:
            self.violations += found

    def _check(self, book: Book) -> None:
        self._blame(book.check())
        if book.session.state in ENDED_SESSIONS and not book.tasks:
            self._drop(book)

    def _drop(self, book: Book) -> None:
        with self._lock:
            if book in self.books and not book.session.is_default:
                self.books.remove(book)
                self.leftovers.note(book.session.mark)
        with contextlib.suppress(StataSessionsError):
            self._close(book)

    def calm_down(self) -> None:
        """Let everything end, check it all, and look for what was left over."""
        for book in list(self.books):
            book.excuse("time-limit")
            if not eventually(partial(self._is_calm, book), 3 * PATIENCE_S):
                self._blame([f"{book.name}: hangs: {book.session.view()} {book.tasks[:3]}"])
            self._blame(book.check() + book.check_transcript())
        for book in list(self.books):
            if not book.session.is_default:
                self._close(book)
                self._drop(book)
        for session in self.manager.sessions()[1:]:
            self._blame([f"{session.name}: its end was asked for, and yet {session.state}"])
            self.manager.destroy(session.name)
        self._blame(self.leftovers.check())

    def _is_calm(self, book: Book) -> bool:
        return all(task.command.ended for task in book.tasks)


@contextlib.contextmanager
def storm(sessions: int, vices: str = "") -> Iterator[Storm]:
    """Bring up an engine for a storm; afterwards nothing may be left of it."""
    with engine(vices, max_sessions=sessions + 1, kill_grace=0.5) as running:
        blown = Storm(running)
        try:
            yield blown
        finally:
            blown.manager.shutdown()
            blown.violations += blown.leftovers.check_all()
