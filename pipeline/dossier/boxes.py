"""The way from `Document.text` back to the pages of a PDF: a box for every character.

Five packed arrays of the length of the text: 8 bytes a character, and the page by runs. White space that the
reader put in has no box. What left the flow (a joined hyphen, a running head, a page number) is kept with its box.
"""
