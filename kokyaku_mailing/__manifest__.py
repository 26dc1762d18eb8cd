{
    "name": "Kokyaku Mailing",
    "summary": "宛名・発送: address labels in absolute millimetres for any selection of people: "
    "postal code, honorific, part-used sheets, test page",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Kokyaku",
    "license": "LGPL-3",
    "depends": ["kokyaku_crm", "mass_mailing", "survey"],
    "data": [
        "security/ir.model.access.csv",
        "security/kokyaku_mailing_rules.xml",
        "data/kokyaku_label_format_data.xml",
        "wizards/kokyaku_label_print_views.xml",
        "wizards/kokyaku_label_problem_views.xml",
        "views/kokyaku_label_format_views.xml",
        "views/kokyaku_print_font_views.xml",
        "views/res_partner_views.xml",
        "views/res_partner_mail_views.xml",
        "views/selection_execution_views.xml",
        "views/kokyaku_mailing_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "kokyaku_mailing/static/src/**/*",
        ],
        "web.assets_tests": [
            "kokyaku_mailing/static/tests/tours/**/*",
        ],
    },
    "application": True,
    "installable": True,
}
