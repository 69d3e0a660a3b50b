"""What reading a PDF costs: memory of a long report, nothing where no PDF is read. Its speed is in benchmarks/."""

import subprocess
import sys

from dossier.engines.processes import ONE_THREAD


def run(code, *arguments):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=ONE_THREAD).stdout


def test_a_long_report_stays_small(shared):
    code = (
        "import re, sys; from pathlib import Path; from dossier.ingest.worker import read_report\n"
        "print(read_report(Path(sys.argv[1])).pages)\n"
        # getrusage would count the tests' own process, which this one was forked from
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    pages, kilobytes = map(int, run(code, shared / "pdfs" / "real" / "usaid-report-179p.pdf").split())
    assert pages == 179
    assert kilobytes >> 10 <= 150


def test_help_loads_no_reader_of_pdf():
    code = (
        "import sys; from dossier.cli import main\n"
        "try: main(['ingest', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'pdfplumber', 'pdfminer', 'pypdfium2', 'PIL'} & set(sys.modules)))"
    )
    assert run(code).splitlines()[-1] == "[]"
