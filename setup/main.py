"""setup/run, setup/test, setup/odoo and setup/bench: the sh files beside this one call it."""

from environment.commands import main

if __name__ == "__main__":
    main()
