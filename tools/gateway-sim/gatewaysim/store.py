"""Everything the simulator knows, in memory, with an append-only file of JSON lines behind it.

One line is one request: either all rows it changed are there after a restart or none is. A line
that was cut off by a kill is dropped at the next start, and its reply was never sent either.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any
from collections.abc import Iterator

Row = dict[str, Any]

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Store:
    """Tables of rows; a row is a dictionary of JSON values and usually names its `account`."""

    def __init__(self, path: Path | None = None, seed: int = 0) -> None:
        self._tables: dict[str, dict[str, Row]] = defaultdict(dict)
        self._by_account: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._dirty: dict[tuple[str, str], None] = {}
        self._seed = seed
        self._number = 0
        self.last_time = 0.0
        self._file: int | None = None
        if path is not None:
            self._load(path)
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _load(self, path: Path) -> None:
        if not path.exists():
            return
        good = 0
        with path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                entry = json.loads(line)
                self._number = entry["number"]
                self.last_time = max(self.last_time, entry["at"])
                for table, key, row in entry["rows"]:
                    self._place(table, key, row)
                good += len(line)
        if good < path.stat().st_size:
            os.truncate(path, good)

    def _place(self, table: str, key: str, row: Row | None) -> None:
        if row is None:
            gone = self._tables[table].pop(key, None)
            if gone is not None:
                self._by_account[(table, gone.get("account", ""))].pop(key, None)
            return
        self._tables[table][key] = row
        self._by_account[(table, row.get("account", ""))].setdefault(key)

    def put(self, table: str, key: str, row: Row) -> Row:
        """Adds or changes a row; it reaches the file with the next `commit`."""
        self._place(table, key, row)
        self._dirty[(table, key)] = None
        return row

    def remove(self, table: str, key: str) -> None:
        """Takes a row away."""
        self._place(table, key, None)
        self._dirty[(table, key)] = None

    def get(self, table: str, key: str) -> Row | None:
        """One row, or nothing."""
        return self._tables[table].get(key)

    def all(self, table: str) -> Iterator[Row]:
        """Every row of a table, oldest first."""
        return iter(list(self._tables[table].values()))

    def of(self, table: str, account: str) -> list[Row]:
        """One account's rows of a table, oldest first."""
        rows = self._tables[table]
        return [rows[key] for key in self._by_account[(table, account)]]

    def number(self) -> int:
        """A number that was never given before, also not before a restart."""
        self._number += 1
        return self._number

    def token(self, length: int, alphabet: str = BASE62) -> str:
        """An identifier that was never given before and is the same for the same seed."""
        digest = hashlib.sha512(f"{self._seed}/{self.number()}".encode()).digest()
        value = int.from_bytes(digest, "big")
        letters = []
        for _ in range(length):
            value, index = divmod(value, len(alphabet))
            letters.append(alphabet[index])
        return "".join(letters)

    def commit(self, now: float) -> None:
        """Writes what changed as one line; returns when the system has taken it."""
        if not self._dirty:
            return
        rows = [[table, key, self._tables[table].get(key)] for table, key in self._dirty]
        self._dirty.clear()
        self.last_time = max(self.last_time, now)
        if self._file is None:
            return
        entry = {"number": self._number, "at": now, "rows": rows}
        data = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
