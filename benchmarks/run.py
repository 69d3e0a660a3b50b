"""Speed and memory, as ratios taken side by side in one run.

    python benchmarks/run.py                      all parts, into benchmarks/results.md
    python benchmarks/run.py model starts         some of them (speed, model, knowledge, processes, memory, starts), printed only

The corpus is `corpus/examples`, repeated until it holds 100,000 words. Times are CPU seconds of one process where both
sides are CPU bound, wall-clock seconds for starts. The sides take turns document by document, so that a busy machine slows
all of them alike; each figure is the sum over the documents of the median over the rounds.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import page  # these two lie beside this script
import pdf

from dossier.engines.processes import ONE_THREAD

ROOT = Path(__file__).parents[1]
WORDS = 100_000
ROUNDS = 5


def main(chosen: list[str]) -> None:
    parts = {part.__name__: part for part in (speed, reading, model, knowledge, processes, memory, starts, browsing)}
    rows = [row for name in chosen or parts for row in parts[name]()]
    table = "\n".join(["| what | figure | against | ratio |", "|---|---|---|---|", *rows])
    head = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; median of {ROUNDS} rounds.\n"
    print(head + "\n" + table)
    if not chosen:
        (ROOT / "benchmarks" / "results.md").write_text(
            f"# Results\n\nWritten by `make bench`. {head}\n{table}\n", "utf-8"
        )


def reading() -> list[str]:
    return pdf.rows(interleaved)


def browsing() -> list[str]:
    return page.rows()


def reports() -> list[tuple[str, bytes]]:
    """English reports of the examples, again and again up to WORDS words."""
    files = [p for p in sorted((ROOT / "corpus" / "examples").glob("*.*")) if p.suffix in (".txt", ".md")]
    found: list[tuple[str, bytes]] = []
    words = 0
    while words < WORDS:
        for path in files:
            data = path.read_bytes()
            found.append((path.name, data))
            words += len(data.split())
    return found


def speed() -> list[str]:
    """Ingest and extract against spaCy's tokenizer with a sentencizer, on the same text, CPU seconds."""
    import spacy

    from dossier.components.pipeline import extract_document, load_pipeline
    from dossier.ingest.read import read_document

    inputs = reports()
    documents = [read_document(data, name=name) for name, data in inputs]
    words = sum(len(d.text.split()) for d in documents)
    bare = spacy.blank("en")
    bare.add_pipe("sentencizer")
    nlp = load_pipeline()

    sides = {
        "spacy.blank('en') with a sentencizer": lambda i: bare(documents[i].text),
        "ingest": lambda i: read_document(inputs[i][1], name=inputs[i][0]),
        "extract, rules alone": lambda i: extract_document(nlp, documents[i]),
    }
    seconds = interleaved(sides, len(documents))
    base = seconds.pop("spacy.blank('en') with a sentencizer")
    per = 100_000 / words
    lines = [f"| spacy.blank('en') with a sentencizer | {base * per:.2f} CPU s per 100,000 words | | 1 |"]
    for name, taken in seconds.items():
        lines.append(f"| {name} | {taken * per:.2f} CPU s per 100,000 words | blank | {taken / base:.2f} |")
    both = sum(seconds.values())
    lines.append(
        f"| ingest and extract, rules alone | {both * per:.2f} CPU s per 100,000 words | blank | {both / base:.2f} |"
    )
    return lines


def model() -> list[str]:
    """The shipped encoder: its head and the rules around it, against the encoder alone, words per CPU second."""
    from dossier.components.base import prepare
    from dossier.components.encoder import Encoder, find_model, sentence_starts, words_of
    from dossier.components.pipeline import extract_document, load_pipeline
    from dossier.ingest.read import read_document

    folder = find_model("minilm-1")
    documents = [read_document(data, name=name) for name, data in reports()[:15]]
    documents = [d for d in documents if d.language == "en"]
    rules, joined = load_pipeline(), load_pipeline(model=folder)
    encoder = Encoder(folder=folder)
    sentences = rules.get_pipe("sentences")
    docs = [sentences(prepare(rules.make_doc(d.text))) for d in documents]
    cuts = [encoder.pieces.cut(words_of(doc)) for doc in docs]
    starts = [sentence_starts(doc, cut.words) for doc, cut in zip(docs, cuts, strict=True)]
    words = sum(len(doc) for doc in docs)

    sides = {
        "bare": lambda i: encoder.states(cuts[i], starts[i]),
        "head": lambda i: encoder(docs[i]),
        "whole": lambda i: extract_document(joined, documents[i]),
    }
    taken = interleaved(sides, len(docs))
    per_second = {name: words / seconds for name, seconds in taken.items()}
    return [
        f"| the encoder alone (all text, notes too) | {per_second['bare']:,.0f} words per CPU s | | 1 |",
        f"| the encoder with its head | {per_second['head']:,.0f} words per CPU s | the encoder alone | "
        f"{per_second['head'] / per_second['bare']:.2f} |",
        f"| the whole extraction | {per_second['whole']:,.0f} words per CPU s | the encoder with its head | "
        f"{per_second['whole'] / per_second['head']:.2f} |",
    ]


def knowledge() -> list[str]:
    """Relations and events, with the anaphors they read, against mentions alone: extraction with the shipped encoder."""
    from dossier.components.encoder import find_model
    from dossier.components.pipeline import extract_document, load_pipeline
    from dossier.ingest.read import read_document

    documents = [read_document(data, name=name) for name, data in reports()[:20]]
    documents = [d for d in documents if d.language == "en"]
    left_out = {
        "mentions": ("anaphors", "relations", "events"),
        "events too": ("relations",),
        "relations too": ("events",),
        "both": (),
    }
    pipelines = {name: load_pipeline(model=find_model("minilm-1")) for name in left_out}
    for name, without in left_out.items():
        for component in without:
            pipelines[name].remove_pipe(component)
    taken = interleaved(
        {name: lambda i, nlp=nlp: extract_document(nlp, documents[i]) for name, nlp in pipelines.items()},
        len(documents),
    )
    base = taken.pop("mentions")
    words = {
        "events too": "mentions and events",
        "relations too": "mentions and relations",
        "both": "mentions, relations, events",
    }
    per = sum(len(d.text.split()) for d in documents)
    return [
        f"| {words[name]} | {per / seconds:,.0f} words per CPU s | mentions alone | {seconds / base:.3f} times the time |"
        for name, seconds in taken.items()
    ]


def processes() -> list[str]:
    """A run over the corpus with one and with two workers, wall-clock seconds."""
    taken: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(2):
        for workers in taken:
            with tempfile.TemporaryDirectory() as folder:
                desk = make_desk(Path(folder), reports())
                began = time.perf_counter()
                command = [sys.executable, "-m", "dossier", "run", "-w", str(desk), "--workers", str(workers)]
                subprocess.run(command, check=False, capture_output=True)
                taken[workers].append(time.perf_counter() - began)
    one, two = (min(values) for values in taken.values())
    return [
        f"| a run of 100,000 words, one worker | {one:.1f} s | | 1 |",
        f"| the same, two workers | {two:.1f} s | one worker | {one / two:.2f} times as fast |",
    ]


def interleaved(sides: dict[str, Callable[[int], object]], count: int) -> dict[str, float]:
    """The CPU seconds that each side takes for `count` documents, given by their number."""
    taken: dict[str, list[list[float]]] = {name: [[] for _ in range(count)] for name in sides}
    for round_number in range(ROUNDS + 1):
        for number in range(count):
            for name, function in sides.items():
                began = time.process_time()
                function(number)
                if round_number:  # the first is a warm-up
                    taken[name][number].append(time.process_time() - began)
    return {name: sum(map(statistics.median, rows)) for name, rows in taken.items()}


def memory() -> list[str]:
    """The largest process of a run over the whole corpus, of which every worker is a child."""
    with tempfile.TemporaryDirectory() as folder:
        desk = make_desk(Path(folder), reports())
        code = (
            "import resource, sys; from dossier.cli import main\n"
            "try: main(sys.argv[1:])\n"
            "except SystemExit: pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "
            "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
        )
        said = subprocess.run(
            [sys.executable, "-c", code, "run", "-w", str(desk), "--json"], capture_output=True, text=True, check=True
        )
    parent, worker = (int(n) / 1024 for n in said.stderr.split()[-2:])
    return [
        f"| peak memory of a worker | {worker:.0f} MB | | |",
        f"| peak memory of the driver | {parent:.0f} MB | | |",
    ]


def make_desk(folder: Path, inputs: list[tuple[str, bytes]]) -> Path:
    desk = folder / "desk"
    subprocess.run([sys.executable, "-m", "dossier", "init", str(desk)], check=True, capture_output=True)
    for number, (name, data) in enumerate(inputs):
        # the number makes each copy a document of its own
        (desk / "corpus" / f"{number:04}-{name}").write_bytes(data + f"\n\nCopy {number}.\n".encode())
    return desk


def starts() -> list[str]:
    """Wall-clock seconds of a fresh process: the bare interpreter, the help, and a run up to its first result."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "dossier --help": [str(Path(sys.executable).with_name("dossier")), "--help"],
        "python -c 'import spacy'": [sys.executable, "-c", "import spacy"],
    }
    taken: dict[str, list[float]] = {name: [] for name in [*commands, "run to its first record"]}
    with tempfile.TemporaryDirectory() as folder:
        for round_number in range(ROUNDS + 1):
            for name, command in commands.items():
                began = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                if round_number:
                    taken[name].append(time.perf_counter() - began)
            desk = make_desk(Path(folder) / str(round_number), reports()[:1])
            began = time.perf_counter()
            first_result(desk)
            if round_number:
                taken["run to its first record"].append(time.perf_counter() - began)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    base, spacy_import = medians["python -c pass"], medians["python -c 'import spacy'"]
    return [
        f"| python -c pass | {base * 1000:.0f} ms | | 1 |",
        f"| dossier --help | {medians['dossier --help'] * 1000:.0f} ms | python -c pass | "
        f"{medians['dossier --help'] / base:.1f} |",
        f"| python -c 'import spacy' | {spacy_import * 1000:.0f} ms | | 1 |",
        f"| dossier run to its first result | {medians['run to its first record'] * 1000:.0f} ms | import spacy | "
        f"{medians['run to its first record'] / spacy_import:.1f} |",
    ]


def first_result(desk: Path) -> None:
    """Run until the first document is extracted and on the disk."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dossier", "run", "-w", str(desk)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("extract 1/"):
            break
    process.kill()
    process.wait()


if __name__ == "__main__":
    os.environ.update(ONE_THREAD)  # as in a worker; numpy is not imported yet
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(sys.argv[1:])
