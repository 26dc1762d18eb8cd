from . import kokyaku_demo, kokyaku_demo_people, kokyaku_demo_sets
