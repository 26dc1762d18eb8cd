from . import daily_report, phone_link
