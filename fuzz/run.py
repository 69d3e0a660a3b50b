"""Feeds a target of `targets.py` with changed files, for as long as it is told, and keeps what broke it.

    python fuzz/run.py TARGET [--seconds 600] [--into FOLDER] [--again FILE]

Needs atheris (pip install atheris), which is no part of the extra `dev`: it has wheels for few systems. It guides the changes by
the branches of `dossier` that they reach. A fault does not end the run: the first input of each kind of fault is kept in
FOLDER/TARGET/found, with the traceback, and counted. So is an input that takes over SLOW seconds. `--again` runs one input
once, without atheris.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
SLOW = 5.0  # CPU seconds for one input, which has at most LONGEST bytes
LONGEST = {"pdf": 60_000, "docx": 40_000}
MEMORY = 3000  # MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--into", type=Path, default=Path("fuzz-work"))
    parser.add_argument("--again", type=Path)
    given = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if given.again:
        from targets import TARGETS

        TARGETS[given.target](given.again.read_bytes())
        print("nothing broke")
        return
    fuzz(given.target, given.seconds, given.into / given.target)


def fuzz(target: str, seconds: int, folder: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["dossier", "targets"], exclude=["dossier.components", "dossier.train"]):
        from targets import TARGETS, seeds

        for data in seeds(target):  # what is imported only when it is needed is instrumented, too
            TARGETS[target](data)
    corpus, found = folder / "corpus", folder / "found"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(exist_ok=True)
    for data in seeds(target):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    watched = Watch(target, found)

    def one(data: bytes) -> None:
        watched.run(TARGETS[target], data)

    dictionary = HERE / f"{target}.dict"
    words = [f"-dict={dictionary}"] if dictionary.exists() else []
    options = [
        f"-max_total_time={seconds}", f"-max_len={LONGEST.get(target, 6000)}", f"-rss_limit_mb={MEMORY}", "-timeout=300",
        "-print_final_stats=1", f"-artifact_prefix={found}/", *words, str(corpus),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


class Watch:
    """Runs inputs and keeps the first of each kind of fault."""

    def __init__(self, target: str, folder: Path) -> None:
        self.target, self.folder = target, folder
        self.counts: dict[str, int] = {}
        self.runs = 0
        self.began = self.said = time.monotonic()

    def run(self, target: object, data: bytes) -> None:
        self.runs += 1
        began = time.process_time()
        try:
            target(data)  # type: ignore[operator]
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            self.keep(
                f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}", data, traceback.format_exc()
            )
        took = time.process_time() - began
        if took > SLOW:
            self.keep("slow", data, f"{took:.1f} CPU seconds for {len(data)} bytes\n")
        if time.monotonic() - self.said > 60:
            self.said = time.monotonic()
            print(
                f"{self.target}: {self.runs:,} inputs in {self.said - self.began:.0f} s, {self.counts or 'no faults'}",
                flush=True,
            )

    def keep(self, kind: str, data: bytes, words: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] == 1:
            (self.folder / kind).write_bytes(data)
            (self.folder / f"{kind}.txt").write_text(words, "utf-8", "backslashreplace")
            print(f"{self.target}: {kind}: {words.strip().splitlines()[-1][:200]}", flush=True)


if __name__ == "__main__":
    main()
