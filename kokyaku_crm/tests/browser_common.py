from odoo.tests import HttpCase

SECONDS = 300  # for a tour; each of its steps waits long too: static/tests/tours/patience.js


class BrowserCase(HttpCase):
    """What an office worker sees and does in a browser. How fast the machine is does not matter:
    a busy one may take its time."""

    def start_tour(self, url_path, tour_name, step_delay=None, **kwargs):
        return super().start_tour(
            url_path, tour_name, step_delay=step_delay, **{"timeout": SECONDS} | kwargs
        )

    def run_unit_tests(self, suite):
        """Run unit tests of JavaScript; fails where one fails.

        :param suite: their file without ``static/tests`` and ``.test.js``, as
            "@kokyaku_crm/import_model"
        """
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=60000"
            f"&id={_suite_id(suite)}",
            "", "", login="admin", timeout=SECONDS,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )


def _suite_id(name):
    """Return the id HOOT gives a suite (see ``HOOTCommon`` in ``web``)."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"
