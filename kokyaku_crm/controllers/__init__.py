from . import daily_report, phone_link
from . import portal, portal_preferences, registration
