#!/usr/bin/env python3
"""luck.py PROGRAM — what bad luck and bad input get: a clear sentence and nothing lost. Each function below does it for
real: a full disk, a read-only directory, an edited log, a lost index, two writers, a thousand duplicates, a key that
others may read, SIGKILL under load. Prints its count; what this machine cannot do is skipped with one line."""
import concurrent.futures
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from small_disk import mounted

PROGRAM = os.path.abspath(sys.argv[1])
checks = failed = 0


def check(held, what):
    global checks, failed
    checks += 1
    if not held:
        failed += 1
        print("does not hold: %s" % what, file=sys.stderr)


def truce(*words, stdin=None, env=None, timeout=120):
    return subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def ids(register):
    return [record["id"] for record in lines(truce("list", "-C", register, "--json"))]


def loaded(folder, name="r"):
    register = os.path.join(folder, name)
    result = truce("case", "load", "syria-2016", "-C", register)
    assert result.returncode == 0, result.stderr.decode()
    return register


def note_of(register, text, by="monitor"):
    """A signed report, not yet submitted."""
    result = truce("write", "report", "-C", register, "--key", register + "/keys/%s.key" % by, "act=shelling",
                   "method=heard", "when.from=2016-10-05T06:00:00Z", "when.to=2016-10-05T06:05:00Z", "text.en=" + text)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def rows(path, count, first=0):
    """A file of events in the columns of the UCDP dataset."""
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("id,date_start,date_end,date_prec,latitude,longitude,where_prec,where_coordinates,type_of_violence,"
                "side_a,side_b,dyad_name,deaths_a,deaths_b,deaths_civilians,deaths_unknown,low,best,high,event_clarity\n")
        for i in range(first, first + count):
            f.write('%d,2016-10-%02d 00:00:00.000,2016-10-%02d 00:00:00.000,1,36.%d,37.%d,1,"Town %d",1,Side A,Side B,'
                    "Side A - Side B,0,0,1,0,1,1,1,1\n" % (700000 + i, i % 28 + 1, i % 28 + 1, i % 9 + 1, i % 7 + 1, i))


def disk_full(folder):
    def work(small):
        register = loaded(small)
        table = os.path.join(folder, "many.csv")
        rows(table, 60000)
        result = truce("import", "ged", table, "--key", register + "/keys/ucdp.key", "-C", register, "--json")
        check(result.returncode == 1, "a full disk is exit 1, not %d" % result.returncode)
        check(len(lines(result)) > 1000, "and not before it was full")
        check(b"No space left" in result.stderr or b"is full" in result.stderr, "a full disk is named: %r" % result.stderr[-300:])
        given = [line["id"] for line in lines(result) if "id" in line]
        for path in os.listdir(register):  # the derived index gives way first when room is made
            if "index" in path:
                os.remove(os.path.join(register, path))
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        check(truce("verify", register).returncode in (0,), "the register verifies after the disk was full")
        there = set(ids(register))
        check(len(given) > 0 and all(i in there for i in given), "every receipt given before the disk was full holds")
        again = truce("submit", "-C", register, "-", stdin=note_of(register, "room again"))
        check(again.returncode == 0, "with room again the register goes on: %r" % again.stderr)

    if not mounted("size=24m", work):
        print("skipped: disk full (no right to mount a small disk here)")


def case_cut_short(folder):
    def work(small):
        register = os.path.join(small, "r")
        result = truce("case", "load", "syria-2016", "-C", register)
        check(result.returncode == 1, "a case that does not fit is exit 1")
        check(not os.path.exists(register), "half a case is taken back")
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        check(truce("case", "load", "syria-2016", "-C", register).returncode == 0, "with room it loads")

    if not mounted("size=1m", work):
        print("skipped: a case cut short (no right to mount a small disk here)")


def read_only(folder):
    def work(small):
        register = loaded(small)
        note = note_of(register, "not to be written")
        before = truce("standing", "-C", register, "--json", "--as-of", "2016-10-04T12:00:00Z").stdout
        for part in os.listdir(register):
            if part.startswith("index"):
                os.remove(os.path.join(register, part))
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        check(truce("standing", "-C", register, "--json", "--as-of", "2016-10-04T12:00:00Z").stdout == before,
              "a read-only register without its index stands as before")
        check(len(ids(register)) > 80, "a read-only register can be listed")
        check(truce("verify", register).returncode == 0, "a read-only register verifies")
        result = truce("submit", "-C", register, "-", stdin=note)
        check(result.returncode == 1 and b"Read-only" in result.stderr, "writing says read-only: %r" % result.stderr)
        result = truce("write", "report", "-C", register, "--key", register + "/keys/monitor.key", "act=shot",
                       "method=heard", "when.from=2016-10-05T06:00:00Z", "when.to=2016-10-05T06:00:00Z")
        check(result.returncode == 1 and result.stdout == b"", "nothing is signed that cannot be kept")

    if not mounted("size=64m", work):
        print("skipped: read-only directory (no right to mount a disk here)")


def edited_log(folder):
    register = loaded(folder, "edited")
    note = note_of(register, "behind an edited log")
    journal = os.path.join(register, "log", "journal")
    good = open(journal, "rb").read()
    for name, bad in (("truncated", good[:len(good) * 2 // 3]),
                      ("edited", good[:5000] + bytes([good[5000] ^ 4]) + good[5001:])):
        open(journal, "wb").write(bad)
        verified = truce("verify", register)
        check(verified.returncode == 3 and verified.stdout + verified.stderr, "a %s log fails verification" % name)
        result = truce("submit", "-C", register, "-", stdin=note)
        check(result.returncode in (1, 3) and b"verify" in result.stderr,
              "a %s log takes no more records and says what to do: %r" % (name, result.stderr))
        check(open(journal, "rb").read() == bad, "a %s log is left as it is" % name)
    open(journal, "wb").write(good)
    check(truce("submit", "-C", register, "-", stdin=note).returncode == 0, "restored, it goes on")


def lost_index(folder):
    register = loaded(folder, "lost")
    before = truce("list", "-C", register, "--json").stdout
    for spoil in ("delete", "garbage", "truncate"):
        for part in sorted(os.listdir(register)):
            path = os.path.join(register, part)
            if "index" not in part:
                continue
            if spoil == "delete":
                os.remove(path)
            elif spoil == "garbage":
                open(path, "wb").write(b"not an index" * 1000)
            else:
                open(path, "r+b").truncate(3000)
        check(truce("list", "-C", register, "--json").stdout == before, "index %s: the same answers" % spoil)


def newer_index(folder):
    register = loaded(folder, "newer")
    before = truce("list", "-C", register, "--json").stdout
    with sqlite3.connect(os.path.join(register, "index.sqlite")) as database:
        database.execute("pragma user_version = 9999")
    database.close()
    result = truce("list", "-C", register, "--json")
    check(result.returncode == 1 and b"rebuild" in result.stderr, "a newer index is named: %r" % result.stderr)
    check(truce("rebuild", "-C", register).returncode == 0, "rebuild makes it anew")
    check(truce("list", "-C", register, "--json").stdout == before, "and the answers are as before")


def second_writer(folder):
    register = loaded(folder, "two")
    table = os.path.join(folder, "two.csv")
    rows(table, 30000)
    first = subprocess.Popen([PROGRAM, "import", "ged", table, "--key", register + "/keys/ucdp.key", "-C", register,
                              "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    first.stdout.readline()  # it holds the lock from here on
    note = note_of(register, "from the second writer")
    result = truce("submit", "-C", register, "-", stdin=note)
    check(result.returncode == 1 and str(first.pid).encode() in result.stderr,
          "the second writer says who holds the lock: %r" % result.stderr)
    check(truce("standing", "-C", register, "--json").returncode == 0, "readers go on beside a writer")
    result = truce("verify", register)
    check(result.returncode == 0, "and what is verified beside a writer has no fault: %r" % result.stdout)
    first.kill()
    first.stdout.read()
    first.wait()
    check(truce("submit", "-C", register, "-", stdin=note).returncode == 0, "a lock dies with its holder")
    check(truce("verify", register).returncode == 0, "and the register verifies")


def duplicates(folder):
    register = loaded(folder, "many")
    note = note_of(register, "said a thousand times")
    before = len(ids(register))
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda _: truce("submit", "-C", register, "-", stdin=note * 25), range(40)))
    check(all(r.returncode == 0 for r in results), "each of a thousand concurrent duplicates gets its receipt")
    receipts = [line for r in results for line in lines(r)]
    check(len(receipts) == 1000 and len({(r["id"], r["index"], r["received"]) for r in receipts}) == 1,
          "the same text is one record and one receipt")
    check(len(ids(register)) == before + 1, "the log grew by one")


def one_key_many_writers(folder):
    """Written and handed in by eight at once with one key: each record has a place of its own in the author's chain."""
    register = loaded(folder, "chain")

    def work(i):
        return truce("submit", "-C", register, "-", stdin=note_of(register, "number %d" % i)).returncode

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        check(all(code == 0 for code in pool.map(work, range(80))), "all are written and taken")
    chain = [r["seq"] for r in lines(truce("list", "-C", register, "--json", "--by", "monitor"))]
    check(len(set(chain)) == len(chain), "no two of them have one seq")
    check(os.listdir(os.path.join(register, "outbox")) == [], "and the outbox is empty")


def refused_as_a_whole(folder):
    register = loaded(folder, "whole")
    table = os.path.join(folder, "no-table.csv")
    open(table, "w").close()
    result = truce("import", "ged", table, "--key", register + "/keys/ucdp.key", "-C", register)
    check(result.returncode == 4 and result.stderr.startswith(b"truce: "), "a file that is no table is told so")


def open_key(folder):
    register = loaded(folder, "open")
    for name in ("keys/monitor.key", "log.key"):
        path = os.path.join(register, name)
        note = note_of(register, "before " + name)
        os.chmod(path, 0o644)
        if name == "log.key":
            result = truce("submit", "-C", register, "-", stdin=note)
        else:
            result = truce("write", "report", "-C", register, "--key", path, "act=shot", "method=heard",
                           "when.from=2016-10-05T06:00:00Z", "when.to=2016-10-05T06:00:00Z")
        check(result.returncode == 1 and b"chmod 600" in result.stderr, "an open key is refused: %r" % result.stderr)
        os.chmod(path, 0o600)


def killed(folder):
    register = loaded(folder, "killed")
    table = os.path.join(folder, "killed.csv")
    rows(table, 12000)
    given, dice = set(), random.Random(11)
    for _ in range(12):
        process = subprocess.Popen([PROGRAM, "import", "ged", table, "--key", register + "/keys/ucdp.key", "-C", register,
                                    "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.01, 0.4))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout.read().splitlines():
            try:
                given.add(json.loads(line)["id"])
            except (ValueError, KeyError):
                pass  # the line that the kill cut off
        process.wait()
    there = set(ids(register))
    check(len(given) > 0 and given <= there, "every receipt printed before a SIGKILL holds (%d)" % len(given))
    check(truce("verify", register).returncode == 0, "and the register verifies")
    result = truce("import", "ged", table, "--key", register + "/keys/ucdp.key", "-C", register, "--json")
    check(result.returncode == 0 and len(lines(result)) == 12000, "run again, the import accounts for every row")
    imported = [r for r in lines(truce("list", "-C", register, "--json", "--by", "ucdp")) if "source" in r]
    check(len({r["source"]["row"] for r in imported}) == len(imported), "and none of them is in the log twice")


def real_rows(folder):
    """Both files of the UCDP, where they are: every row admitted, there already, or refused with its reason."""
    data = os.environ.get("TRUCE_DATA", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
    files = [os.path.join(data, name) for name in ("ged_syria_2016-08-29_2016-10-17.csv",
                                                   "ged_syria_2016_2019_nosrc.csv")]
    if not all(map(os.path.exists, files)):
        print("skipped: real rows (no UCDP files in %s; name their folder in TRUCE_DATA)" % data)
        return
    register = loaded(folder, "real")
    wanted = {"rows": (791, 16566), "again": (791, 16566)}
    for turn in ("rows", "again"):
        for path, rows in zip(files, wanted[turn]):
            told = lines(truce("import", "ged", path, "--key", register + "/keys/ucdp.key", "-C", register, "--json"))
            told = [line for line in told if "id" in line or "refused" in line]
            check(len(told) == rows, "%d of %d rows of %s are accounted for" % (len(told), rows, path))
            check(all("message" in line for line in told if "refused" in line), "a refused row has its reason")
            if turn == "again":
                check(all("already" in line or "refused" in line for line in told), "the same rows add nothing")
    check(truce("verify", register).returncode == 0, "a register with 17,000 real rows verifies")


folder = tempfile.mkdtemp()
try:
    for test in (real_rows, disk_full, case_cut_short, read_only, edited_log, lost_index, newer_index, second_writer, duplicates,
                 one_key_many_writers, refused_as_a_whole, open_key, killed):
        test(folder)
finally:
    shutil.rmtree(folder)
print("%d checks, %d failed" % (checks, failed))
sys.exit(failed != 0 or checks == 0)
