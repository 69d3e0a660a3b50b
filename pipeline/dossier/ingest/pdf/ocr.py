"""placeholder"""


class Recogniser:
    def read(self, pdfium, index, page): ...
