from . import (
    daily_report,
    phone_link,
    portal,
    portal_preferences,
    postal,
    reception_list,
    registration,
)
