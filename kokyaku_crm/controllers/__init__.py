from . import phone_link
from . import daily_report
