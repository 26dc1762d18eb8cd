from odoo.http import Controller, request, route


class ReceptionList(Controller):
    """The reception list of an execution as a PDF."""

    @route("/kokyaku/reception_list/<int:execution_id>", type="http", auth="user", readonly=True)
    def paper(self, execution_id):
        execution = request.env["kokyaku.selection.execution"].search([("id", "=", execution_id)])
        if not execution:
            return request.not_found()
        pdf = execution._reception_list_pdf()
        return request.make_response(pdf, [("Content-Type", "application/pdf")])
