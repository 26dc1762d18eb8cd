from . import (
    daily_report,
    data_in,
    phone_link,
    portal,
    portal_preferences,
    postal,
    reception_list,
    registration,
)
