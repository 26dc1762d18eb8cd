from . import demo, models, tiers
from .hooks import uninstall_hook
