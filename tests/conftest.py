"""Fixtures of the tests that cross add-ons; README.md tells how they are run."""

import re
import shutil
import tempfile
from pathlib import Path

import place
import pytest
from kokyaku_testing import databases, served, web
from kokyaku_testing.office import Office
from playwright.sync_api import sync_playwright


def database_name(request):
    """A name for a database of a test file's own."""
    return re.sub(r"\W", "_", request.module.__name__)


@pytest.fixture(scope="session")
def full_template():
    """The name of a template with all add-ons installed: copy it with ``new_database``."""
    return databases.full_template()


@pytest.fixture
def new_database():
    """A function ``new_database(name, modules=(), template=None)`` that makes a database.

    It is a copy of the template (Odoo's own modules when none is named) with the modules
    installed, and is deleted after the test. Returns the name.
    """
    made = []

    def make(name, modules=(), template=None):
        made.append(name)
        place.copy(template or place.template(), name)
        if modules:
            place.install(name, ",".join(modules))
        return name

    yield make
    for name in made:
        databases.drop(name)


@pytest.fixture(scope="module")
def module_database(request, full_template):
    """A database with all add-ons that the tests of one file share; returns its name."""
    name = database_name(request)
    place.copy(full_template, name)
    yield name
    databases.drop(name)


@pytest.fixture
def database(company, request):
    """For one test, a copy of the database that the test file's fixture ``company`` names."""
    name = f"{database_name(request)}_{abs(hash(request.node.name)) % 10_000}"
    place.copy(company, name)
    yield name
    place.forget(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def odoo_shell():
    """``odoo_shell(database, code)``: run Python in Odoo's shell; returns what it printed."""
    return databases.shell


@pytest.fixture(scope="module")
def odoo_server():
    """``odoo_server(database, *options)``: a running :class:`served.Server`, stopped afterwards."""
    servers = []

    def start(database, *options):
        servers.append(served.Server(database, *options))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def open_folder():
    """A folder for a PostgreSQL server of a test's own, whose user cannot enter pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="kokyaku-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def office(module_database, odoo_server):
    """An :class:`office.Office`, served, in a database that the tests of one file share."""
    Office.hire(module_database)
    yield Office(module_database, odoo_server(module_database, "--max-cron-threads=0"))
    place.forget(module_database)


@pytest.fixture(scope="session")
def browser():
    """Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=web.CHROMIUM, args=web.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser):
    """``new_page(**options)``: a page in a session of its own, Japanese, 1366×768.

    The test fails when a page reports an error that ``page.troubles.expected`` did not name.
    """
    contexts, troubles = [], []

    def make(**options):
        options = {"viewport": web.SCREEN, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"} | options
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        page.troubles = web.Troubles(page)
        troubles.append(page.troubles)
        return page

    yield make
    for context in contexts:
        context.close()
    reported = [line for trouble in troubles for line in trouble.lines]
    assert not reported, "The pages reported:\n" + "\n".join(reported)


@pytest.fixture
def page(new_page):
    """One page: see ``new_page``."""
    return new_page()
