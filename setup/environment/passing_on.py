"""setup/odoo: Odoo's own command line inside this environment."""

import signal
import subprocess

from .databases import Databases
from .messages import Problem
from .network import free_port, port_is_free
from .preparing import prepare
from .serving import DATABASE, PORT
from .site import Site

WITH_ONE_DATABASE = ("server", "shell", "i18n", "module", "neutralize", "populate", "obfuscate")
HTTP_OPTIONS = ("-p", "--http-port", "--no-http")


def odoo(words):
    """Pass the words on to Odoo; the database is the demo company's when none is named.

    :return: Odoo's exit code
    """
    prepare()
    site = Site("run")
    with site.open():
        command = site.odoo(*_completed(site, words))
        child = subprocess.Popen(command, env=site.server_environment())
        # Ctrl-C reaches Odoo by itself; here it must not end before Odoo has.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


def _completed(site, words):
    words = list(words)
    subcommand = words[0] if words and not words[0].startswith("-") else "server"
    if subcommand not in WITH_ONE_DATABASE or {"-h", "--help", "--version"} & set(words):
        return words
    if not _names(words, "-d", "--database", "--db_name"):
        if not Databases(site).exists(DATABASE):
            raise Problem(
                f"The database {DATABASE} is not there yet: start setup/run first, "
                "or name another one with -d."
            )
        at = 2 if subcommand in ("i18n", "module") else int(words[:1] == [subcommand])
        words[at:at] = ["-d", DATABASE]
    if subcommand == "server" and not _names(words, *HTTP_OPTIONS) and not port_is_free(PORT):
        words += ["--http-port", str(free_port())]
    return words


def _names(words, *options):
    """Whether one of the options stands among the words, in any of its spellings."""
    return any(
        word == option
        or word.startswith(f"{option}=")
        or (len(option) == 2 and word.startswith(option) and not word.startswith("--"))
        for word in words
        for option in options
    )
