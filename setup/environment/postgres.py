"""A PostgreSQL server of this checkout's own: no network port, no rights on the machine's own."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import locks
from .messages import Problem
from .processes import child_environment, run

OWNER = "postgres"  # PostgreSQL refuses to run as root: then it runs as this user
ROLE = "odoo"
OLDEST_VERSION = 13
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path ends at 107 bytes
SECONDS_FOR_ORPHANS = 60
SETTINGS = {
    "listen_addresses": "''",
    "shared_buffers": "'256MB'",
    "max_connections": "200",
    # On a slow disk the log grows to twice of this; with 4 GB nothing measured was faster.
    "max_wal_size": "'1GB'",
    "log_timezone": "'UTC'",
    "timezone": "'UTC'",
}
# For databases that nobody misses after a power cut.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Cluster:
    """The server in one folder.

    :param home: the folder beside which the server lives, in this checkout
    :param fast: give up durability for speed
    """

    def __init__(self, home: Path, fast: bool = False):
        self.settings = SETTINGS | (FAST_SETTINGS if fast else {})
        self.locks = home
        self.as_root = os.geteuid() == 0
        self.folder = self._folder(home)
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.sockets = self._socket_folder()

    @contextmanager
    def serving(self):
        """Have the server running. Several commands may use it at once: the last one stops it."""
        starting = self.locks / "postgres-starting.lock"
        with locks.shared(self.locks / "postgres-users.lock") as is_last_user:
            with locks.exclusive(starting):
                self._start()
            try:
                yield self
            finally:
                with locks.exclusive(starting):
                    if is_last_user():
                        self._stop()

    def psql(self, statement, database="postgres", role=ROLE):
        """Run SQL; give back its rows as lines with fields separated by ``|``."""
        return run(
            *(self._program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"),
            *("-h", self.sockets, "-U", role, "-d", database, "-c", statement),
            failure=f"PostgreSQL refused: {statement}",
        ).strip()

    def _folder(self, home):
        """The server's folder; elsewhere when the server's user cannot reach the checkout."""
        folder = home / "postgres"
        if self.as_root and not folder.exists():
            home.mkdir(parents=True, exist_ok=True)
            probe = subprocess.run(["test", "-x", home], **self._as_owner())
            if probe.returncode:
                digest = hashlib.sha256(str(home).encode()).hexdigest()[:10]
                return Path(pwd.getpwnam(OWNER).pw_dir) / f"kokyaku-{home.name}-{digest}"
        return folder

    def _socket_folder(self):
        folder = self.folder / "socket"
        if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"kokyaku-{os.geteuid()}-{digest}"

    def _as_owner(self):
        """Options of subprocess that make a program run as the server's user."""
        if not self.as_root:
            return {"env": child_environment()}
        owner = pwd.getpwnam(OWNER)
        return {
            "user": owner.pw_uid,
            "group": owner.pw_gid,
            "extra_groups": [],
            "cwd": "/",
            "env": child_environment(HOME=owner.pw_dir),
        }

    def _make_private(self, folder):
        """Make a folder that the server's user alone enters."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.as_root:
            shutil.chown(folder, OWNER)
        if folder.stat().st_uid not in (os.geteuid(), self._owner_id()):
            raise Problem(f"{folder} belongs to another user: delete it and start again.")
        folder.chmod(0o700)

    def _owner_id(self):
        return pwd.getpwnam(OWNER).pw_uid if self.as_root else os.geteuid()

    def _program(self, name):
        """The path of a PostgreSQL program, of the version that made the data if there is one."""
        made_by = self.data / "PG_VERSION"
        if made_by.exists():
            program = Path(f"/usr/lib/postgresql/{made_by.read_text().strip()}/bin/{name}")
            if not program.exists():
                raise Problem(
                    f"PostgreSQL {made_by.read_text().strip()}, which made {self.data}, is gone: "
                    "install it again, or delete that folder with its databases."
                )
            return program
        versions = {
            int(path.name): path
            for path in Path("/usr/lib/postgresql").glob("[0-9]*")
            if (path / "bin/initdb").exists()
        }
        newest = max(versions, default=0)
        if newest < OLDEST_VERSION:
            raise Problem("PostgreSQL's server is missing: run apt-get install postgresql as root.")
        return versions[newest] / "bin" / name

    def _start(self):
        self._make_private(self.folder)
        self._make_private(self.sockets)
        if not (self.data / "complete").exists():
            self._initialise()
        if self._is_running():
            return
        self._configure()
        self._control("start", "-l", self.log, "-t", "120")

    def _is_running(self):
        """Whether the server runs; the traces of one that was killed are removed.

        A killed server may stay in the process table when nobody asks for its exit code, as in a
        container without an init; to PostgreSQL it then looks alive.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            runs_here = os.readlink(f"/proc/{pid}/cwd") == str(self.data)
        except (FileNotFoundError, ProcessLookupError, PermissionError, IndexError, ValueError):
            state, runs_here = "gone", False
        if state not in ("Z", "gone") and runs_here:
            return True
        if pid_file.exists():
            self._wait_for_orphans()
            pid_file.unlink()
            (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return False

    def _wait_for_orphans(self):
        """The processes of a killed server end by themselves; only then may a new one start."""
        deadline = time.monotonic() + SECONDS_FOR_ORPHANS
        while any(_works_in(process, self.data) for process in Path("/proc").glob("[0-9]*")):
            if time.monotonic() > deadline:
                raise Problem(f"An old PostgreSQL server still works on {self.data}: stop it.")
            time.sleep(0.1)

    def _stop(self):
        if self._is_running():
            try:
                self._control("stop", "-m", "fast", "-t", "120")
            except Problem:
                if self._is_running():  # it may have died meanwhile
                    raise

    def _control(self, *words):
        run(
            *(self._program("pg_ctl"), "-D", self.data, "-w", "-s", *words),
            failure=f"PostgreSQL did not {words[0]}: its reasons stand in {self.log}.",
            **self._as_owner(),
        )

    def _initialise(self):
        """Make the cluster and its role; a half-made one is made anew."""
        shutil.rmtree(self.data, ignore_errors=True)
        run(
            *(self._program("initdb"), "-D", self.data, "-U", OWNER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
            failure="PostgreSQL could not make its files: see its words below.",
            **self._as_owner(),
        )
        self._configure()
        self._control("start", "-l", self.log, "-t", "120")
        self.psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB", role=OWNER)
        (self.data / "complete").touch()

    def _configure(self):
        settings = self.settings | {"unix_socket_directories": f"'{self.sockets}'"}
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self.data / "kokyaku.conf").write_text("".join(lines))
        (self.data / "kokyaku.conf").chmod(0o644)
        main = self.data / "postgresql.conf"
        include = "include = 'kokyaku.conf'\n"
        if include not in main.read_text():
            main.write_text(main.read_text() + include)


def _works_in(process, folder):
    try:
        return os.readlink(process / "cwd") == str(folder)
    except OSError:
        return False
