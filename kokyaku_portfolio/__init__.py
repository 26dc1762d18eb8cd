from . import controllers, demo, models, tiers, wizards
from .hooks import uninstall_hook
