from . import phone_link
