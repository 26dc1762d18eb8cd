from . import kokyaku_demo
