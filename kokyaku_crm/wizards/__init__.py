from . import base_partner_merge
from . import base_partner_merge_consent
from . import mail_compose_message
from . import privacy
from . import sale_order_set_person
