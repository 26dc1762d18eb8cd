"""宛名: the rules and the drawing of addresses on paper. Plain Python, no Odoo.

What it knows:

- `text`: what may be typed into an address, and where a line may break;
- `honorific`: 様, 御中, 先生 … and why never two of them;
- `addressee`: one recipient, ready to be set;
- `fonts`: TrueType fonts, where systems keep them, what they cover;
- `sheet`: label sheets in millimetres;
- `horizontal`: the address block of a label (横書き), as runs of text;
- `paint`: runs onto PDF pages; `picture`: the same runs onto a picture;
- `testpage`: the page that shows whether the printer keeps the millimetres.

A layout (today `horizontal`) gives *runs*: text at a place in millimetres. Painters know
nothing of addresses, layouts nothing of PDF; so another layout (縦書き, カスタマバーコード)
is one more module beside `horizontal`.

Problems are returned as codes (see `codes`), never as sentences: who calls translates.
"""
