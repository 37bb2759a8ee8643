"""Coming to rest: what does not move is pushed on, and told where it never moves."""

from __future__ import annotations

import contextlib
import io
import unittest
from typing import Any
from unittest import mock

from torture import quiet
from torture.quiet import Rest


class Clock:
    """Passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """No time passes outside."""
        self.now += seconds

    def time(self) -> float:
        """Seconds since 1970."""
        return self.now


class Waiting(unittest.TestCase):
    """By a clock of its own."""

    def setUp(self) -> None:
        self.clock, self.left, self.pushes = Clock(), {"messages": 5}, 0
        patched = mock.patch.object(quiet, "time", self.clock)
        patched.start()
        self.addCleanup(patched.stop)
        nothing: Any = None
        self.rest = Rest(nothing, nothing, nothing)

    def wait(self, push: Any) -> tuple[list[str], str]:
        """What is wrong, and what was told meanwhile."""

        def pushed() -> None:
            self.pushes += 1
            push()

        def still() -> list[str]:
            return [f"message {number}" for number in range(9)]

        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            found = self.rest._until("all is told", (lambda: dict(self.left), pushed), still)
        return found, told.getvalue()

    def test_what_does_not_move_is_pushed_on_until_it_is_over(self) -> None:
        def push() -> None:
            self.left["messages"] -= 1

        found, told = self.wait(push)
        self.assertEqual((found, self.pushes), ([], 5))
        self.assertIn("until all is told: {'messages': 4}", told)
        self.assertLess(self.clock.now, 20)

    def test_what_never_moves_is_told_with_what_is_left(self) -> None:
        found, told = self.wait(lambda: None)
        self.assertEqual(len(found), 1)
        self.assertIn("{'messages': 5}: message 0; message 1", found[0])
        self.assertNotIn("message 7", found[0])
        self.assertLess(self.clock.now, quiet.STILL + 1)
        self.assertGreater(told.count("…"), 5)

    def test_what_comes_and_goes_is_no_progress(self) -> None:
        def push() -> None:
            self.left["messages"] = 11 - self.left["messages"]

        found, _ = self.wait(push)
        self.assertEqual(len(found), 1)


if __name__ == "__main__":
    unittest.main()
