"""The browser an office worker sits at."""

from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREEN = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
OUTPUT = Path(__file__).resolve().parents[1] / "output"
# Odoo's web client at a machine without a network: none of these is ours.
FOREIGN = ("ERR_INTERNET_DISCONNECTED", "ERR_NAME_NOT_RESOLVED", "fonts.googleapis.com")


class Troubles:
    """Collects what a page reports as an error, to be checked when the test ends."""

    def __init__(self, page):
        self.lines = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.lines.append(f"page error: {error}"))
        page.on("response", self._response)

    def expected(self, *words):
        """Forget the errors that contain one of the words: the test provoked them."""
        self.lines = [line for line in self.lines if not any(word in line for word in words)]

    def _console(self, message):
        if message.type == "error" and not any(word in message.text for word in FOREIGN):
            self.lines.append(f"console: {message.text} ({message.location.get('url')})")

    def _response(self, response):
        if response.status >= 500:
            self.lines.append(f"{response.status}: {response.url}")


def log_in(page, url, login="admin", password="admin"):
    """Log in and wait for the web client."""
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client .o_main_navbar", timeout=90_000)


def picture(page, name, **options):
    """Keep a screenshot in tests/output for a person to look at.

    :return: its path
    """
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{name}.png"
    page.screenshot(path=path, **options)
    return path
