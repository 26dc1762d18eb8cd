"""setup/ itself: it fails in a sentence, counts honestly, and leaves nothing running."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import place
import pytest
from environment import (
    benchmark,
    debian,
    odoo_package,
    odoo_tests,
    passing_on,
    serving,
    space,
    stages,
    testing,
    virtual_environment,
)
from environment.databases import Databases
from environment.messages import Problem
from environment.postgres import LONGEST_SOCKET_FOLDER, Cluster
from environment.site import Site
from environment.stages import Outcome

CHECKOUT = Path(__file__).resolve().parents[1]


def setup(*words):
    return subprocess.run(
        [CHECKOUT / "setup" / words[0], *words[1:]],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


def disk_with(monkeypatch, gigabytes):
    """Have a disk with so much free space."""
    usage = SimpleNamespace(free=gigabytes * 2**30)
    monkeypatch.setattr(space.shutil, "disk_usage", lambda _path: usage)


def test_the_environment_is_not_built_anew_by_its_own_python(monkeypatch):
    """A command started from within it finds it built: it would clear what it runs on."""

    def refuse(*command, **_options):
        raise AssertionError(command)

    monkeypatch.setattr(virtual_environment, "run", refuse)
    virtual_environment.build()


class TestSentences:
    """What can go wrong on anyone's machine is said in one sentence that tells what to do."""

    def test_a_taken_port(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            done = setup("run", "--port", str(port))
        assert done.returncode == 1
        assert done.stderr.startswith(f"Port {port} is taken: ")
        assert len(done.stderr.splitlines()) == 1

    def test_an_impossible_port(self):
        done = setup("run", "--port", "70000")
        assert (done.returncode, done.stderr) == (1, "A port is a number from 1 to 65535.\n")

    def test_an_unknown_stage(self):
        done = setup("test", "--only", "nothing")
        assert done.returncode == 2
        assert "invalid choice: 'nothing'" in done.stderr
        assert "passed" not in done.stdout

    def test_a_disk_too_full_for_odoo(self, monkeypatch):
        disk_with(monkeypatch, 1)
        with pytest.raises(
            Problem, match=r" need 3\.0 GB more on the disk of .*\.local, which has 1\.0 GB free"
        ):
            space.check(space.INSTALLATION, "Odoo and its Python packages")

    def test_what_is_there_already_needs_no_room(self, monkeypatch, tmp_path):
        (tmp_path / "base").write_bytes(bytes(3 * 2**20))
        disk_with(monkeypatch, 1)
        space.check(space.GB + 2 * 2**20, "The tests", tmp_path)
        with pytest.raises(Problem, match=r"^The tests need 1\.0 GB more on the disk of "):
            space.check(space.GB + 5 * 2**20, "The tests", tmp_path)

    @pytest.mark.parametrize(
        ("begin", "words"),
        [
            (lambda: testing.test([]), "The tests' databases"),
            (lambda: testing.test(["--only", "odoo"]), "The tests' databases"),
            (lambda: testing.test(["test_run.py"]), "The tests' databases"),
            (lambda: serving.run(["--port", str(place.free_port())]), "The demo company's"),
            (lambda: benchmark.bench(["--scale", "M"]), "The benchmark's databases of size M"),
        ],
    )
    def test_a_disk_too_full_is_found_before_anything_is_begun(self, begin, words, full_disk):
        with pytest.raises(Problem, match=f"^{words}.* need .* make room and start again"):
            begin()

    def test_what_needs_no_database_needs_no_room(self, full_disk):
        with pytest.raises(ZeroDivisionError):
            testing.test(["--only", "rules", "lint"])

    @pytest.fixture
    def full_disk(self, monkeypatch):
        """Odoo is there, but no room for anything else; what begins all the same stumbles."""
        for module in (testing, serving, benchmark):
            monkeypatch.setattr(module, "prepare", lambda: None)
        monkeypatch.setattr(Site, "open", lambda _site: 1 / 0)
        monkeypatch.setattr(space, "_size", lambda _folder: 0)
        disk_with(monkeypatch, 0.001)

    def test_a_disk_that_ran_full_is_named_beside_the_failures(self, monkeypatch, tmp_path, capsys):
        disk_with(monkeypatch, 0.2)
        full = space.shortage(tmp_path)
        testing._conclusion([Outcome(passed=1, failed=1)], 1, full)
        assert "Only 0.2 GB are free on the disk" in capsys.readouterr().out
        testing._conclusion([Outcome(passed=1)], 1, full)
        assert "GB are free" not in capsys.readouterr().out
        disk_with(monkeypatch, 2)
        assert not space.shortage(tmp_path)

    def test_missing_packages_for_an_ordinary_user(self, monkeypatch):
        monkeypatch.setattr(debian, "_missing_packages", lambda: ["chromium", "postgresql"])
        monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
        with pytest.raises(Problem, match=r"run: apt-get install chromium postgresql$"):
            debian.check_machine()

    def test_an_old_python(self, monkeypatch):
        monkeypatch.setattr(debian, "PYTHON_VERSION", (4, 0))
        with pytest.raises(Problem, match="use Debian 12 or newer"):
            debian.check_machine()

    def test_no_network(self, tmp_path):
        nowhere = f"deb [trusted=yes] http://127.0.0.1:{place.free_port()} sid main\n"
        with pytest.raises(Problem, match="check the network and start again"):
            odoo_package._download(tmp_path / "sid", ["odoo-19"], sources=nowhere)

    def test_a_program_that_breaks_is_not_hidden(self):
        """Only what users can mend is said in a sentence; our own mistakes keep their trace."""
        script = "import environment.commands as c; c._command = lambda _: int('x'); c.main()"
        done = subprocess.run(
            [sys.executable, "-c", script, "run"],
            cwd=CHECKOUT / "setup",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "Traceback" in done.stderr


class TestCounting:
    """setup/test cannot pass without having run, and counts what failed."""

    def test_nothing_run_is_a_failure(self, capsys):
        assert testing._conclusion([], 1) == 1
        assert testing._conclusion([Outcome()], 1) == 1
        assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 0 failed"

    def test_one_failure_is_a_failure(self, capsys):
        assert testing._conclusion([Outcome(passed=5), Outcome(passed=2, failed=1)], 1) == 1
        assert capsys.readouterr().out.splitlines()[-1] == "7 passed, 1 failed"

    def test_only_passes_pass(self):
        assert testing._conclusion([Outcome(passed=5)], 1) == 0

    def test_a_stage_without_tests_and_one_that_breaks_have_failed(self):
        def breaks():
            raise ZeroDivisionError

        assert testing._timed(Outcome)[0].failed == 1
        assert testing._timed(breaks)[0].failed == 1
        assert testing._timed(lambda: Outcome(passed=1))[0] == Outcome(passed=1)

    def test_a_skipped_test_counts_as_failed(self, tmp_path):
        (tmp_path / "test_sample.py").write_text(
            "import pytest\n"
            "def test_good(): pass\n"
            "def test_bad(): assert False\n"
            "def test_skipped(): pytest.skip('later')\n"
        )
        outcome = stages.pytest(self._site(tmp_path), "sample", [tmp_path / "test_sample.py"])
        assert (outcome.passed, outcome.failed) == (1, 2)

    def test_a_file_without_tests_has_failed(self, tmp_path):
        (tmp_path / "test_empty.py").write_text("")
        outcome = stages.pytest(self._site(tmp_path), "empty", [tmp_path / "test_empty.py"])
        assert outcome.failed or not outcome.passed
        assert testing._timed(lambda: outcome)[0].failed == 1

    def test_a_file_that_cannot_be_read_has_failed(self, tmp_path):
        (tmp_path / "test_broken.py").write_text("import nonsense_that_is_not_there\n")
        outcome = stages.pytest(self._site(tmp_path), "broken", [tmp_path / "test_broken.py"])
        assert (outcome.passed, outcome.failed) == (0, 1)

    def test_warnings_of_a_log_are_found_with_their_lines(self):
        log = (
            "2026-01-05 10:00:00,100 77 INFO db odoo.modules.loading: fine\n"
            "2026-01-05 10:00:00,200 77 WARNING db odoo.fields: strange\nTraceback:\n  line\n"
            "2026-01-05 10:00:00,300 77 INFO ? odoo: fine\n"
            "2026-01-05 10:00:00,400 77 ERROR ? odoo.sql_db: bad\n"
        )
        found = list(odoo_tests.entries(log, "WARNING", "ERROR"))
        assert [entry.splitlines()[0][24:] for entry in found] == [
            "77 WARNING db odoo.fields: strange",
            "77 ERROR ? odoo.sql_db: bad",
        ]
        assert found[0].endswith("\nTraceback:\n  line")

    def _site(self, folder):
        """The place of this very run, with logs elsewhere."""
        site = Site("test")
        site.folder = folder
        return site


class TestSharedDatabases:
    """A machine that tests once drops what test files share when the last of them is through."""

    @pytest.mark.parametrize(
        ("ended", "left", "dropped"),
        [
            ("test_import_real.py", {"test_real_data.py", "bench"}, []),
            ("test_real_data.py", {"test_run.py", "bench"}, ["kokyaku_real"]),
            ("test_real_data.py", {"bench", "lint"}, ["kokyaku_real", "kokyaku_full"]),
            ("test_run.py", {"bench"}, ["kokyaku_full"]),
            ("odoo", {"bench"}, []),
        ],
    )
    def test_who_is_last(self, ended, left, dropped):
        names = []
        testing._drop_shared(SimpleNamespace(drop=names.append), ended, left)
        assert names == dropped

    def test_all_users_of_the_year_of_a_shop_are_named(self):
        """Else it would be dropped under somebody's feet."""
        users = {
            path.name
            for path in Path(__file__).parent.rglob("test_*.py")
            if "loader.prepare" in path.read_text() and path != Path(__file__)
        }
        assert users == set(testing.SHARED["kokyaku_real"])


class TestCluster:
    """The PostgreSQL server is shared by commands and goes with the last of them."""

    def test_the_last_user_stops_it(self, open_folder):
        cluster, other = Cluster(open_folder, fast=True), Cluster(open_folder, fast=True)
        with cluster.serving():
            with other.serving():
                assert other.psql("SELECT 1") == "1"
            assert cluster.psql("SELECT current_setting('listen_addresses')") == ""
            assert cluster.psql("SELECT rolsuper FROM pg_roles WHERE rolname = 'odoo'") == "f"
        assert not cluster._is_running()

    def test_it_comes_back_after_being_killed(self, open_folder):
        cluster = Cluster(open_folder)
        with cluster.serving():
            cluster.psql("CREATE DATABASE kept")
            cluster.psql("CREATE TABLE kept AS SELECT 42 AS answer", "kept")
            os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        with cluster.serving():
            assert cluster.psql("SELECT answer FROM kept", "kept") == "42"

    def test_a_long_path_gets_a_short_socket(self, open_folder):
        deep = open_folder / ("deep" * 25)
        cluster = Cluster(deep, fast=True)
        assert len(str(cluster.sockets)) <= LONGEST_SOCKET_FOLDER
        with cluster.serving():
            assert cluster.psql("SELECT 1") == "1"
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700
        shutil.rmtree(cluster.sockets)

    def test_a_checkout_out_of_reach_keeps_its_data_elsewhere(self, open_folder):
        """As root, PostgreSQL runs as another user, who may not enter root's folders."""
        open_folder.chmod(0o700)
        cluster = Cluster(open_folder / "run", fast=True)
        try:
            with cluster.serving():
                assert cluster.psql("SELECT 1") == "1"
            assert (cluster.folder == open_folder / "run" / "postgres") == (os.geteuid() != 0)
        finally:
            shutil.rmtree(cluster.folder)


class TestDatabases:
    def test_a_copy_takes_its_files_along_and_a_drop_removes_them(self):
        databases = Databases(Site("test"))
        name, other = "setup_copy", "setup_renamed"
        with contextlib.ExitStack() as stack:
            stack.callback(databases.drop, name)
            stack.callback(databases.drop, other)
            databases.copy(place.template(), name)
            files = sorted(path.name for path in databases.files(name).rglob("*"))
            assert files
            assert files == sorted(p.name for p in databases.files(place.template()).rglob("*"))
            databases.set_origin(name, "here")
            databases.rename(name, other)
            assert not databases.exists(name)
            assert databases.origin(other) == "here"
            databases.drop(other)
            assert not databases.files(other).exists()

    def test_the_template_is_japanese_in_yen_without_demo_data(self, new_database, odoo_shell):
        name = new_database("setup_template")
        said = odoo_shell(
            name,
            """
            admin = env.ref("base.user_admin")
            print("SAYS", admin.lang, admin.tz, env.company.currency_id.name,
                  env.company.country_id.code, env["sale.order"].search_count([]),
                  env["ir.module.module"].search_count([("demo", "=", True)]))
            """.replace("\n            ", "\n"),
        )
        assert "SAYS ja_JP Asia/Tokyo JPY JP 0 0" in said


class TestOdooCommand:
    """setup/odoo passes everything on and names the database only where that makes sense."""

    @pytest.mark.parametrize(
        ("words", "passed_on"),
        [
            ("shell", "shell -d kokyaku"),
            ("shell -d other", "shell -d other"),
            ("shell --database=other", "shell --database=other"),
            ("-u kokyaku_crm --no-http", "-d kokyaku -u kokyaku_crm --no-http"),
            ("server --no-http", "server -d kokyaku --no-http"),
            ("-dother --no-http", "-dother --no-http"),
            ("i18n export kokyaku_crm", "i18n export -d kokyaku kokyaku_crm"),
            ("module upgrade kokyaku_crm", "module upgrade -d kokyaku kokyaku_crm"),
            ("db list", "db list"),
            ("--help", "--help"),
            ("shell --help", "shell --help"),
        ],
    )
    def test_the_database(self, words, passed_on, monkeypatch):
        monkeypatch.setattr(passing_on.Databases, "exists", lambda self, name: True)
        assert " ".join(passing_on._completed(Site("test"), words.split())) == passed_on

    def test_without_the_demo_company_it_says_so(self, monkeypatch):
        monkeypatch.setattr(passing_on.Databases, "exists", lambda self, name: False)
        with pytest.raises(Problem, match="start setup/run first"):
            passing_on._completed(Site("test"), ["shell"])

    def test_it_reaches_odoo(self):
        done = setup("odoo", "--version")
        assert done.returncode == 0
        assert "Odoo Server 19.0" in done.stdout
