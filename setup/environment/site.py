"""One running place: a PostgreSQL cluster, Odoo's configuration for it and Odoo's files.

There are two: ``run`` keeps what people enter, ``test`` is fast and holds nothing worth keeping.
"""

import os
import signal
import subprocess
from contextlib import contextmanager

from .messages import Problem
from .paths import CHECKOUT, LOCAL, ODOO_PROGRAM, PYTHON
from .postgres import ROLE, Cluster
from .processes import child_environment, die_with_parent, last_words

PORT = 5432  # only a part of the socket's name: no network port is opened


class Site:
    """:param name: ``run`` or ``test``"""

    def __init__(self, name):
        self.folder = LOCAL / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cluster = Cluster(self.folder, fast=name == "test")
        self.configuration = self.folder / "odoo.conf"
        self.data = self.folder / "data"

    @contextmanager
    def open(self):
        """Have the database server running and Odoo's configuration written."""
        self._configure()
        with self.cluster.serving():
            yield self

    def odoo(self, *words):
        """The command line of an Odoo command, as a list; it needs ``environment()``.

        By Odoo's own script: a server that reloads itself (a scheduled action over its time
        limit, SIGHUP) starts that anew, which with ``-m odoo`` is no program.
        """
        return [str(PYTHON), "-P", str(ODOO_PROGRAM), *words]

    def environment(self, **more):
        """The variables under which Odoo finds this place."""
        return child_environment(ODOO_RC=str(self.configuration), **more)

    def server_environment(self):
        """The same for a server, which after a reload starts ``python`` without a folder.

        For nothing else: what starts ``setup/`` again would take the environment's own Python
        for the machine's, and build the environment anew from itself.
        """
        path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return self.environment(PATH=path)

    def run_odoo(self, *words, log, failure, script=None):
        """Run an Odoo command to its end, with everything it says in the file ``log``.

        :param script: Python text for the command ``shell``
        :raises Problem: with the sentence ``failure``
        """
        with open(log, "ab") as output:
            began = output.tell()
            done = subprocess.run(
                self.odoo(*words),
                input=script.encode() if script else b"",
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                preexec_fn=die_with_parent,
            )
        text = log.read_bytes()[began:].decode(errors="replace")
        if done.returncode in (-signal.SIGINT, 128 + signal.SIGINT):
            raise KeyboardInterrupt
        if done.returncode:
            raise Problem(f"{failure} All of it stands in {log}; it ends with:\n{last_words(text)}")
        return text

    def _configure(self):
        self.configuration.write_text(
            "[options]\n"
            f"addons_path = {CHECKOUT}\n"
            f"data_dir = {self.data}\n"
            f"db_host = {self.cluster.sockets}\n"
            f"db_port = {PORT}\n"
            f"db_user = {ROLE}\n"
            "http_interface = 127.0.0.1\n"
            "list_db = False\n"
        )
