#!/usr/bin/env python3
"""qr.py PROGRAM — a notice and its acknowledgement as QR codes, read back by zbar as a camera would: what is scanned is the
note, byte for byte, and is admitted elsewhere. Skipped where zbarimg is not installed."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
if shutil.which("zbarimg") is None:
    print("skipped: zbarimg (zbar-tools) is not installed")
    sys.exit(77)


def truce(*words, ok=0, **more):
    done = subprocess.run([PROGRAM, *words], capture_output=True, env={"LC_ALL": "C.UTF-8"}, **more)
    if done.returncode != ok:
        raise SystemExit("truce %s: %d\n%s" % (" ".join(words), done.returncode, done.stderr.decode()))
    return done.stdout


def picture(modules, path):
    """Rows of dark and light as a grey picture, eight points a module."""
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (8 * len(modules[0]), 8 * len(modules)))
        for row in modules:
            file.write(b"".join((b"\0" if dark else b"\xff") * 8 for dark in row) * 8)


def from_blocks(text):
    rows = []
    for line in text.decode().splitlines():
        rows.append([c in "▀█" for c in line])
        rows.append([c in "▄█" for c in line])
    return rows


def from_svg(text):
    side = int(re.search(r'viewBox="0 0 (\d+)', text.decode())[1])
    rows = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", text.decode()):
        for i in range(int(width)):
            rows[int(y)][int(x) + i] = True
    return rows


def scan(path):
    return subprocess.run(["zbarimg", "--quiet", "--raw", "--oneshot", "-Sbinary", path], capture_output=True).stdout


with tempfile.TemporaryDirectory() as folder:
    place = lambda *names: os.path.join(folder, *names)
    truce("init", place("host"), "--origin", "truce.example/qr", "--name", "un")
    key = place("host", "keys", "un.key")
    shutil.copytree(place("host"), place("other"))
    field = ("-C", place("host"), "--key", key, "--submit")
    notice = truce("write", "notice", "to=un", "at=2016-09-20T06:00:00Z", "acknowledge_by=2016-09-20T07:00:00Z",
                   "read_back=/event/where/point", "event.act=passage", "event.when.from=2016-09-20T08:00:00Z",
                   "event.when.to=2016-09-20T12:00:00Z", "event.where.point.lat_e7=362021000",
                   "event.where.point.lon_e7=371343000",
                   "text.ar=قافلة من عشر شاحنات تحمل أغذية إلى أورم الكبرى", "text.en=Ten lorries with food for Urem al-Kubra",
                   "text.translated_by.en=un", "text.original=ar", *field)
    found = re.search(rb'"id":"([0-9a-f]{64})"', truce("list", "--kind", "notice", "--json", "-C", place("host")))[1].decode()
    answer = truce("write", "acknowledgement", "of=" + found, "at=2016-09-20T06:20:00Z", "receipt=read-back",
                   'read_back=[{"pointer":"/event/where/point","value":{"lat_e7":362021000,"lon_e7":371343000}}]', *field)
    scanned = b""
    for kind, note in (("notice", notice), ("acknowledgement", answer)):
        found = re.search(rb'"id":"([0-9a-f]{64})"', truce("list", "--kind", kind, "--json", "-C", place("host")))[1].decode()
        picture(from_blocks(truce("show", found, "--qr", "-C", place("host"))), place("blocks.pgm"))
        truce("show", found, "--qr", "--out", place("code.svg"), "-C", place("host"))
        picture(from_svg(open(place("code.svg"), "rb").read()), place("svg.pgm"))
        for name in ("blocks", "svg"):
            if scan(place(name + ".pgm")) != note:
                raise SystemExit("%s as %s is not read back" % (kind, name))
        scanned += scan(place("svg.pgm"))
    truce("submit", "-C", place("other"), input=scanned)
    truce("verify", place("other"))
    truce("write", "question", "to=un", "at=2016-09-20T06:00:00Z", "text.en=" + "long " * 700, *field)
    found = re.search(rb'"id":"([0-9a-f]{64})"', truce("list", "--kind", "question", "--json", "-C", place("host")))[1].decode()
    truce("show", found, "--qr", "-C", place("host"), ok=1)
print("qr.py: a notice of %d and an acknowledgement of %d bytes were read back" % (len(notice), len(answer)))
