"""What strace saw is read and judged, and points that were passed are told."""

from __future__ import annotations

import unittest

from torture.crashes import places
from torture.durable import judge_trace, read_trace

WAL = "11</x/portico.sqlite-wal>"
SOCKET = "34<TCP:[127.0.0.1:20001->127.0.0.1:45678]>"
WRITE = f'7 pwrite64({WAL}, "\\0"..., 4096, 32) = 4096'
SYNC = f"7 fdatasync({WAL}) = 0"
REPLY = f'9 writev({SOCKET}, [{{iov_base="HTTP/1.1 201 Created\\r\\n"..., iov_len=99}}], 1) = 99'


class Traces(unittest.TestCase):
    """In the order in which system calls begin and end."""

    def judged(self, *lines: str) -> tuple[int, int, int]:
        """Good, in doubt, bad."""
        return judge_trace(read_trace(iter(lines)))

    def test_a_reply_after_a_sync_is_good(self) -> None:
        self.assertEqual(self.judged(WRITE, WRITE, SYNC, REPLY, WRITE, SYNC, REPLY), (2, 0, 0))

    def test_a_reply_for_which_nothing_was_written_says_nothing(self) -> None:
        self.assertEqual(self.judged(REPLY, SYNC, REPLY), (0, 0, 0))

    def test_a_reply_before_the_sync_is_bad(self) -> None:
        self.assertEqual(self.judged(WRITE, REPLY, SYNC, REPLY), (0, 0, 1))
        failed = SYNC.replace("= 0", "= -1 EIO (Input/output error)")
        self.assertEqual(self.judged(WRITE, failed, REPLY), (0, 0, 1))

    def test_a_sync_counts_when_it_is_over(self) -> None:
        begun, ended = f"7 fdatasync({WAL} <unfinished ...>", "7 <... fdatasync resumed>) = 0"
        self.assertEqual(self.judged(WRITE, begun, REPLY, ended), (0, 0, 1))
        self.assertEqual(self.judged(WRITE, begun, ended, REPLY), (1, 0, 0))

    def test_files_and_sockets_of_others_do_not_count(self) -> None:
        other = "7 fdatasync(12</x/portico.sqlite>) = 0"
        question = f'9 sendto({SOCKET}, "GET / HTTP/1.1\\r\\n", 99, 0, NULL, 0) = 99'
        self.assertEqual(self.judged(WRITE, other, REPLY), (0, 0, 1))
        self.assertEqual(self.judged(WRITE, question, SYNC, REPLY), (1, 0, 0))

    def test_a_write_of_something_else_leaves_a_doubt(self) -> None:
        self.assertEqual(self.judged(WRITE, SYNC, WRITE, REPLY), (0, 1, 0))


class Points(unittest.TestCase):
    """As the product notes them."""

    def test_points_are_told_by_kind_and_by_the_use_case_that_they_are_in(self) -> None:
        ends = [
            "1 before a commit pay::begin::insert < pay::begin::begin",
            "2 after a commit pay::begin::insert < pay::begin::begin",
            "3 before a request to a provider pay::ask::to_pay < pay::begin::begin",
            "4 after a commit records::unit::Unit::commit < pay::settle::try_to_settle",
            "5 after a commit ",
        ]
        told = places(ends)
        self.assertIn("3 after a commit, 1 before a commit, 1 before a request", told)
        self.assertIn("in pay::ask::to_pay, pay::begin::insert, pay::settle::try_to_settle", told)


if __name__ == "__main__":
    unittest.main()
