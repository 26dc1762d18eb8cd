{
    "name": "Customer Portfolio: Address Labels",
    "summary": "Prints address labels from the lists of the customer portfolio",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Kokyaku",
    "license": "LGPL-3",
    "depends": ["kokyaku_portfolio", "kokyaku_mailing"],
    "data": [
        "data/ir_actions_server_data.xml",
        "views/kokyaku_portfolio_lists.xml",
    ],
    "auto_install": True,
    "installable": True,
}
