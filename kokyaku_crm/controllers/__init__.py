from . import (
    daily_report,
    phone_link,
    portal,
    portal_preferences,
    reception_list,
    registration,
)
from . import daily_report, phone_link, portal, portal_preferences, postal, registration
