from . import portal, portal_preferences, registration
