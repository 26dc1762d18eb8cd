from . import first_start
