import json

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route
from odoo.tools import file_open

MOST_BYTES = 2**31


class DataIn(Controller):
    """Files on their way in, and rejected rows on their way back."""

    @route(
        "/kokyaku/import/upload", type="http", auth="user", methods=["POST"],
        max_content_length=MOST_BYTES,
    )  # fmt: skip
    def upload(self, file=None, **_words):
        """Take one file in; answers with JSON: ``id`` of the import, or ``error``.

        The form parser has written it to disk already, so no size of file is held in memory.
        """
        try:
            if file is None or isinstance(file, str):
                raise UserError(request.env._("No file arrived. Please choose it once more."))
            import_ = request.env["kokyaku.import"]._receive(file.stream, file.filename)
            answer = {"id": import_.id}
        except (AccessError, UserError) as error:
            request.env.cr.rollback()
            answer = {"error": str(error)}
        return request.make_response(
            json.dumps(answer), [("Content-Type", "application/json; charset=utf-8")]
        )

    @route(
        "/kokyaku/import/<int:import_id>/rejects/<any(xlsx, csv):kind>",
        type="http", auth="user", methods=["GET"], readonly=True,
    )  # fmt: skip
    def rejects(self, import_id, kind):
        """The rejected rows of an import as a file, in the columns it had."""
        import_ = request.env["kokyaku.import"].search([("id", "=", import_id)])
        if not import_:
            return request.not_found()
        name, content, mimetype = import_._rejects_file(kind)
        return request.make_response(
            content,
            [("Content-Type", mimetype), ("Content-Disposition", content_disposition(name))],
        )

    @route(
        "/kokyaku/import/sample/<any(customers, sales):kind>",
        type="http", auth="user", methods=["GET"], readonly=True,
    )  # fmt: skip
    def sample(self, kind):
        """A small file of made-up customers or sales to try the import with, in the characters
        and with the faults of old programs."""
        env = request.env
        env["kokyaku.import"].check_access("create")
        name = {"customers": env._("Sample_Customers"), "sales": env._("Sample_Sales")}[kind]
        with file_open(f"kokyaku_crm/data/samples/{kind}.csv") as file:
            text = file.read()
        return request.make_response(
            text.replace("\n", "\r\n").encode("cp932"),
            [
                ("Content-Type", "text/csv; charset=Shift_JIS"),
                ("Content-Disposition", content_disposition(f"{name}.csv")),
            ],
        )
