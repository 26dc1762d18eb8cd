"""Lists of people as offices send them around: pasted out of Excel, CSV, workbooks.

``pasted``  reads a block of text into rows, and says which column is what.
``marks``   reads ○ and ×.
``cells``   keeps texts from becoming formulas, and says what an old encoding cannot hold.
``copying``  makes columns into what PostgreSQL copies in at once (needs numpy).

Plain Python: nothing of Odoo in it.
"""
