{
    "name": "Customer Portfolio",
    "summary": "The ten-tier customer portfolio (CPM) of your sale orders, with RFM, ABC and deciles",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Kokyaku",
    "license": "LGPL-3",
    "depends": ["kokyaku_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/kokyaku_portfolio_security.xml",
        "data/kokyaku_tier_data.xml",
    ],
    "demo": [
        "demo/portfolio.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
