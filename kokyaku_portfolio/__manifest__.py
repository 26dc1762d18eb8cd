{
    "name": "Customer Portfolio",
    "summary": "顧客ポートフォリオ: the ten tiers (CPM) of your orders, with RFM, ABC and deciles",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Kokyaku",
    "license": "LGPL-3",
    "depends": ["kokyaku_crm"],
    "data": [
        "security/ir.model.access.csv",
        "security/kokyaku_portfolio_security.xml",
        "data/kokyaku_tier_data.xml",
        "views/portfolio_board_views.xml",
        "data/ir_cron.xml",
        "wizards/first_start_views.xml",
        "views/kokyaku_portfolio_views.xml",
        "views/kokyaku_customer_metrics_views.xml",
        "views/kokyaku_tier_period_views.xml",
        "views/kokyaku_tier_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/kokyaku_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "kokyaku_portfolio/static/src/**/*",
        ],
        "web.assets_tests": [
            "kokyaku_portfolio/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "kokyaku_portfolio/static/tests/**/*.test.js",
        ],
    },
    "demo": [
        "demo/portfolio.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "application": True,
}
