"""The product's data, read beside it: SQLite by Python's own library, PostgreSQL by psql.

Statements are written once, with marks for what the engines write differently: `{id:x}` is an
identifier as 32 hexadecimal digits, `{hex:x}` bytes as such, `{text:x}` a document as text.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, Protocol

from .processes import Broken

Row = dict[str, Any]
Rows = list[Row]
MARK = re.compile(r"\{(id|hex|text):([a-z0-9_.]+)\}")


class Database(Protocol):
    """What the judge needs of either engine."""

    name: str

    def read(self, statements: dict[str, str]) -> dict[str, Rows]:
        """The answers of all statements, as of one moment."""

    def change(self, statement: str) -> None:
        """Changes something while the product does not run."""

    def integrity(self) -> list[str]:
        """What the engine itself finds wrong with its files."""

    def identifier(self, digits: str) -> str:
        """An identifier as it stands in a statement."""

    def clear(self) -> None:
        """Nothing is in it any more, not even a schema; the product does not run."""

    def remove(self, dump: Path | None) -> None:
        """Takes away what the folder of the run does not hold; `dump` gets a copy."""


class Sqlite:
    """A file."""

    name = "sqlite"
    FORMS = {"id": "nullif(lower(hex({0})), '')", "hex": "lower(hex({0}))",
             "text": "CAST({0} AS TEXT)"}  # fmt: skip

    def __init__(self, path: Path) -> None:
        self.path = path

    def _open(self) -> sqlite3.Connection:
        # It must not make a database where there is none.
        connection = sqlite3.connect(f"file:{self.path}?mode=rw", uri=True, timeout=60)
        connection.isolation_level = None
        connection.row_factory = sqlite3.Row
        return connection

    def read(self, statements: dict[str, str]) -> dict[str, Rows]:
        """One transaction, which sees one moment."""
        connection = self._open()
        try:
            connection.execute("PRAGMA query_only = 1")
            connection.execute("BEGIN")
            found = {}
            for name, sql in statements.items():
                rows = connection.execute(dialect(sql, self.FORMS)).fetchall()
                found[name] = [dict(row) for row in rows]
            connection.execute("COMMIT")
            return found
        finally:
            connection.close()

    def change(self, statement: str) -> None:
        """Changes something."""
        connection = self._open()
        try:
            connection.execute(dialect(statement, self.FORMS))
        finally:
            connection.close()

    def integrity(self) -> list[str]:
        """`PRAGMA integrity_check` and `PRAGMA foreign_key_check`."""
        connection = self._open()
        try:
            connection.execute("PRAGMA query_only = 1")
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            stray = [tuple(row) for row in connection.execute("PRAGMA foreign_key_check")]
        finally:
            connection.close()
        faults = [f"integrity_check: {text}" for text in said if text != "ok"]
        return faults + [f"foreign_key_check: {row}" for row in stray]

    def identifier(self, digits: str) -> str:
        """A literal of bytes."""
        return f"x'{_only_digits(digits)}'"

    def clear(self) -> None:
        """Removes the file, and those beside it."""
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink()

    def remove(self, dump: Path | None) -> None:
        """The file goes with its folder, or stays there."""


class Postgres:
    """A database of its own on a server."""

    name = "postgres"
    FORMS = {"id": "replace(CAST({0} AS TEXT), '-', '')", "hex": "encode({0}, 'hex')",
             "text": "CAST({0} AS TEXT)"}  # fmt: skip

    def __init__(self, server: str, database: str) -> None:
        self.server, self.database = server, database
        self.url = re.sub(r"/[^/]*$", f"/{database}", server)
        self._psql(server, f"CREATE DATABASE {database}")

    def _psql(self, url: str, script: str) -> str:
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"]
        done = subprocess.run(
            command, input=script, capture_output=True, text=True, timeout=600, check=False
        )
        if done.returncode:
            raise Broken(f"psql: {done.stderr.strip()}")
        return done.stdout

    def read(self, statements: dict[str, str]) -> dict[str, Rows]:
        """One transaction, which sees one moment."""
        lines = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"]
        for name, sql in statements.items():
            lines += [f"\\echo @{name}", f"SELECT row_to_json(t) FROM ({self._text(sql)}) AS t;"]
        lines.append("COMMIT;")
        found: dict[str, Rows] = {}
        rows: Rows = []
        for line in self._psql(self.url, "\n".join(lines) + "\n").splitlines():
            if line.startswith("@"):
                rows = found.setdefault(line[1:], [])
            elif line:
                rows.append(json.loads(line))
        return found

    def _text(self, sql: str) -> str:
        return dialect(sql, self.FORMS)

    def change(self, statement: str) -> None:
        """Changes something."""
        self._psql(self.url, self._text(statement) + ";\n")

    def cut(self) -> None:
        """Ends all connections to it, but for the one that does this."""
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        self._psql(self.url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others};\n")

    def integrity(self) -> list[str]:
        """amcheck of every table and every index, with the rows that the indexes are of."""
        script = """
            CREATE EXTENSION IF NOT EXISTS amcheck;
            SELECT c.relname || ': ' || v.msg FROM pg_class c
                CROSS JOIN LATERAL verify_heapam(c.oid) v
                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace;
            SELECT bt_index_check(c.oid, true) FROM pg_class c
                JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
                WHERE c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace;
        """
        try:
            said = self._psql(self.url, script)
        except Broken as fault:
            return [f"amcheck: {fault}"]
        return [f"amcheck: {line}" for line in said.splitlines() if line.strip()]

    def identifier(self, digits: str) -> str:
        """A literal of text, turned."""
        return f"CAST('{_only_digits(digits)}' AS UUID)"

    def clear(self) -> None:
        """Makes it anew."""
        self.remove(None)
        self._psql(self.server, f"CREATE DATABASE {self.database}")

    def remove(self, dump: Path | None) -> None:
        """Drops the database; backends of killed programs may still hold it."""
        if dump is not None:
            command = ["pg_dump", "-Fc", "-f", str(dump / "database.dump"), self.url]
            subprocess.run(command, check=False, timeout=600)
        self._psql(self.server, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


def url_of(database: Database) -> str:
    """What the product is told; nothing for SQLite, which it keeps in its folder."""
    return database.url if isinstance(database, Postgres) else ""


def dialect(sql: str, forms: dict[str, str]) -> str:
    """A statement as one engine writes it."""
    return MARK.sub(lambda mark: forms[mark[1]].format(mark[2]), sql)


def _only_digits(digits: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{32}", digits):
        raise ValueError(f"{digits} is no identifier")
    return digits
