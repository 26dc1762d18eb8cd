import hashlib
import os
import tempfile
import zipfile
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError

MOST_BYTES = 2**31 - 1  # what the column of a file's size holds
AT_ONCE = 1024 * 1024
READABLE = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".vcf")


class KokyakuImport(models.Model):
    """The file of an import: how it comes in, where it lies, and what it is called by others."""

    _inherit = "kokyaku.import"

    @api.model
    def _receive(self, stream, file_name):
        """Take a file in, piece by piece, and begin an import with it.

        :param stream: anything with ``read(size)``
        :param str file_name: as its owner calls it; a zip with one table in it is opened
        :return: the import, a draft of which only the file is known
        :raise UserError: when it is empty, too large, or a zip that holds no one table
        """
        self.check_access("create")
        file_name = os.path.basename((file_name or "").replace("\\", "/")) or "-"
        with tempfile.TemporaryDirectory(prefix="kokyaku_import_", dir=self._disk()) as room:
            path = os.path.join(room, "file")
            try:
                size, digest, sha1 = _copy(stream, path)
            except FileTooLarge as error:
                raise UserError(self._too_large_text()) from error
            inside = _table_of_zip(path)
            if inside:
                file_name, path = self._unpack(path, inside, room)
                with open(path, "rb") as unpacked:
                    size, digest, sha1 = _copy(unpacked, None)
            if not size:
                raise UserError(
                    self.env._("There is nothing in the file “%s”: it has 0 bytes.", file_name)
                )
            import_ = self.create({"file_name": file_name, "kind": "sales"})
            importing = import_.sudo()
            importing.write({"file_hash": digest, "file_size": size})
            importing.attachment_id = import_._keep(path, size, sha1)
        return import_

    def _disk(self):
        """Where attachments lie, so that a file is moved there, not copied once more."""
        attachments = self.env["ir.attachment"]
        if attachments._storage() != "file":
            return None
        os.makedirs(attachments._filestore(), exist_ok=True)
        return attachments._filestore()

    def _keep(self, path, size, sha1):
        """Make the file an attachment without taking it into memory."""
        attachments = self.env["ir.attachment"].sudo()
        values = {
            "name": self.file_name,
            "mimetype": "application/octet-stream",
            "res_model": self._name,
            "res_id": self.id,
            "res_field": "attachment_id",  # its groups hold for the file
        }
        if attachments._storage() != "file":
            with open(path, "rb") as file:
                return attachments.create({**values, "raw": file.read()})
        attachment = attachments.create(values)
        name = f"{sha1[:2]}/{sha1}"
        target = attachments._full_path(name)
        if not os.path.exists(target):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(path, target)
            attachments._mark_for_gc(name)  # should this transaction fail
        attachment.flush_recordset()
        self.env.cr.execute(
            """UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s
                WHERE id = %s""",
            [name, sha1, size, attachment.id],
        )
        attachment.invalidate_recordset()
        return attachment

    def _file_on_disk(self):
        """Return the path of the file, and whether it is a copy to be deleted afterwards."""
        self.ensure_one()
        attachment = self.sudo().attachment_id
        if attachment.store_fname:
            path = attachment._full_path(attachment.store_fname)
            if os.path.exists(path):
                return path, False
        content = attachment.raw
        if not content:
            raise UserError(
                self.env._(
                    "The file “%s” is not kept any more. Please choose it once more.",
                    self.file_name,
                )
            )
        handle, path = tempfile.mkstemp(prefix="kokyaku_import_")
        with open(handle, "wb") as file:
            file.write(content)
        return path, True

    # ---- Zip ---------------------------------------------------------------------------

    def _unpack(self, path, inside, room):
        """Take the one table out of a zip, no further than the largest file we take."""
        tables = [info for info in inside if info.filename.lower().endswith(READABLE)]
        if len(tables) != 1:
            raise UserError(
                self.env._(
                    "The zip holds %s files that could be meant. Please unpack it and choose one.",
                    len(tables),
                )
            )
        [table] = tables
        if table.flag_bits & 1:
            raise UserError(
                self.env._("The zip has a password. Please unpack it first, then choose the file.")
            )
        target = os.path.join(room, "unpacked")
        try:
            with zipfile.ZipFile(path) as packed, packed.open(table) as member:
                _copy(member, target)
        except FileTooLarge as error:
            raise UserError(self._too_large_text()) from error
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
            raise UserError(
                self.env._("The zip is damaged. Please have it made once more.")
            ) from error
        return os.path.basename(_decoded(table)), target

    @api.model
    def _too_large_text(self):
        return self.env._("The file is larger than 2 GB. Please split it.")


class FileTooLarge(Exception):
    """A stream goes on behind ``MOST_BYTES``."""


def _copy(stream, path):
    """Copy a stream to a file (None: only look at it); return size, SHA-256 and SHA-1.

    :raise FileTooLarge: when it is larger than ``MOST_BYTES``
    """
    size, digest, sha1 = 0, hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    with open(path or os.devnull, "wb") as target:
        while piece := stream.read(AT_ONCE):
            size += len(piece)
            if size > MOST_BYTES:
                raise FileTooLarge
            digest.update(piece)
            sha1.update(piece)
            target.write(piece)
    return size, digest.hexdigest(), sha1.hexdigest()


def _table_of_zip(path):
    """Return what a zip holds; None when the file is no zip, or a workbook (a zip too)."""
    with open(path, "rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return None
    with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        if "[Content_Types].xml" in names or "mimetype" in names:
            return None
        return [info for info in packed.infolist() if not info.is_dir()]
    return None


def _decoded(info):
    """The name of a zipped file: Windows in Japan writes it in CP932 and does not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    with suppress(UnicodeError):
        return info.filename.encode("cp437").decode("cp932")
    return info.filename
