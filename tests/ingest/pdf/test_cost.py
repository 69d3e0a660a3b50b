"""What reading a PDF costs: time against pdfplumber's own words, memory of a long report, nothing where no PDF is read."""

import subprocess
import sys
import time
from io import BytesIO

import pdfplumber
import pytest

from dossier.engines.processes import ONE_THREAD
from dossier.ingest.meta import Meta
from dossier.ingest.pdf.read import read_pdf


def best_of(rounds, function):
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        function()
        taken.append(time.process_time() - began)
    return min(taken)


def extract_words(data):
    with pdfplumber.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_words()
            page.close()


@pytest.mark.parametrize("path", ["reports/aqim-profile.pdf", "pdfs/real/federal-register-3col.pdf"])
def test_the_whole_reading_is_faster_than_words_alone(shared, path):
    data = (shared / path).read_bytes()
    mine = best_of(3, lambda: read_pdf(data, Meta()))
    assert best_of(2, lambda: extract_words(data)) > 2.5 * mine


def run(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=ONE_THREAD).stdout


def test_a_long_report_stays_small(shared):
    # getrusage would count what this process had when the other one began
    code = (
        "import re, sys; from pathlib import Path; from dossier.ingest.batch import read_report\n"
        "pages = read_report(Path(sys.argv[1])).pages\n"
        "print(pages, int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) >> 10)"
    )
    pages, megabytes = map(int, run(code, shared / "pdfs" / "real" / "usaid-report-179p.pdf").split())
    assert pages == 179
    assert megabytes <= 150


def test_help_loads_no_reader_of_pdf():
    code = (
        "import sys; from dossier.cli import main\n"
        "try: main(['ingest', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'pdfplumber', 'pdfminer', 'pypdfium2', 'PIL'} & set(sys.modules)))"
    )
    assert run(code).splitlines()[-1] == "[]"
