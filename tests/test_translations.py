"""Every sentence an add-on can show has its Japanese."""

import place
import polib
import pytest
from environment.paths import CHECKOUT, addons


@pytest.mark.parametrize("addon", addons())
def test_the_japanese_is_complete(addon, module_database, tmp_path):
    """What Odoo itself finds to translate stands in the add-on's ja.po, translated."""
    template = tmp_path / "template.po"
    said = place.run_odoo(
        *("i18n", "export", "-d", module_database, "-l", "pot", "-o", str(template), addon)
    )
    wanted = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(template)}
    assert wanted, said
    japanese = polib.pofile(CHECKOUT / addon / "i18n/ja.po")
    there = {(entry.msgctxt, entry.msgid) for entry in japanese.translated_entries()}
    missing = sorted(msgid for _context, msgid in wanted - there)
    assert not missing, f"{len(missing)} without Japanese:\n" + "\n".join(missing)
