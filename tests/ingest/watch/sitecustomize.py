"""Python imports this at its start, where it stands on its path: what the process does to the world outside goes into a file."""

import os
import sys

_NETWORK = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "urllib.Request")
_PROCESSES = (
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pty.spawn",
)
_FILES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "shutil.move")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_log = os.open(f"{os.environ['WATCH']}/{os.getpid()}", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _note_write(path):
    # where links lead makes no difference here, and to look would call this again
    os.write(_log, f"write\t{os.path.abspath(os.fsdecode(path))!r}\n".encode())  # noqa: PTH100


def _hook(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and flags & _WRITING:
            _note_write(path)
    elif event in _FILES:
        # of a rename or a link, the place where it leads to
        place = arguments[1] if event in ("os.rename", "os.link", "os.symlink", "shutil.move") else arguments[0]
        _note_write(place)
    elif event in _NETWORK or event in _PROCESSES:
        os.write(_log, f"{event}\t{arguments!r}\n".encode("utf-8", "backslashreplace"))


sys.addaudithook(_hook)
