#!/usr/bin/env python3
"""mirror.py PROGRAM MAKE-NOTES — truce mirror and truce verify URL as they meet the world: a server, a host of plain files, a
directory; a host that lies in every way of its own; forks and authors who contradict themselves; SIGKILL at random moments;
records handed in while the host is away. Prints its count, and the seed of its moments."""
import base64
import concurrent.futures
import glob
import http.client
import http.server
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM, MAKE_NOTES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
REGISTER = "truce.example/syria-2016#e546b5a3c17ecb05"
GENESIS = "e546b5a3c17ecb05934742ae50828a2123c0c6370c8f9a2e42fedf7b69f4ec85"
SIZE = 278  # records of the case
SEED = int(os.environ.get("SEED", time.time()))
checks = failed = 0
counting = threading.Lock()


def check(held, what):
    global checks, failed
    with counting:
        checks += 1
        if not held:
            failed += 1
            print("does not hold: %s" % what, file=sys.stderr)


def truce(*words, stdin=None, timeout=120):
    return subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})


def notes(register, first, count, key="monitor"):
    return subprocess.run([MAKE_NOTES, "%s/keys/%s.key" % (register, key), REGISTER, str(first), str(count)],
                          capture_output=True, check=True).stdout


def grown(register, first, count):
    result = truce("submit", "-C", register, "-", stdin=notes(register, first, count))
    assert result.returncode == 0, result.stderr[-500:]


def copied(register, folder, name):
    return shutil.copytree(register, os.path.join(folder, name))


def read(path):
    with open(path, "rb") as file:
        return file.read()


def same_log(a, b):
    """Checkpoint, tiles and bundles, byte for byte."""
    def files(register):
        top = os.path.join(register, "log")
        found = {os.path.relpath(os.path.join(at, name), top): os.path.join(at, name)
                 for at, _, names in os.walk(top) for name in names}
        return {name: read(path) for name, path in found.items() if name.startswith("tile/") or name == "checkpoint"}
    return files(a) == files(b)


# ---- hosts

class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # who asks goes away when it has seen enough


class Host:
    """Serves log/ of a register as files; `lie(path, data)` may give other bytes, None for 404, or a function that writes."""

    def __init__(self, register, lie=None):
        self.log, self.lie, self.asked = os.path.join(register, "log"), lie, []

    def __enter__(self):
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                path = self.path[1:]
                host.asked.append(path)
                try:
                    data = read(os.path.join(host.log, path))
                except OSError:
                    data = None
                if host.lie:
                    data = host.lie(path, data)
                try:
                    if callable(data):
                        return data(self)
                    self.send_response(404 if data is None else 200)
                    self.send_header("Content-Length", str(len(data or b"")))
                    self.end_headers()
                    self.wfile.write(data or b"")
                except OSError:
                    self.close_connection = True
        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Running:
    """A command that says its address in JSON, from `with` to its end."""

    def __init__(self, *words):
        self.words = words

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, *self.words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
        for line in self.process.stdout:
            said = json.loads(line)
            if "url" in said:
                self.url = said["url"]
                self.port = int(re.search(r":(\d+)/", self.url).group(1))
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        raise RuntimeError(self.process.stderr.read())

    def ask(self, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET" if body is None else "POST", path, body, {"Accept": "application/json"})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, data

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def wait_for(what, seconds=30):
    until = time.time() + seconds
    while time.time() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


# ---- whole copies

def three_sources(case, folder):
    for name in ("served", "files", "directory"):
        copy = os.path.join(folder, "from-" + name)
        if name == "served":
            with Running("serve", "-C", case, "--listen", "127.0.0.1:0") as served:
                done = truce("mirror", served.url, copy, "--genesis", GENESIS)
                far = truce("verify", served.url, "--genesis", GENESIS)
                check(far.returncode == 0 and b"Verified" in far.stdout and GENESIS.encode() in far.stdout,
                      "verify URL: %r" % (far.stdout + far.stderr))
                far = truce("verify", served.url, "--json")
                check(json.loads(far.stdout)["trust"] == "log-only", "without a genesis it says log only")
                far = truce("verify", served.url, "--genesis", "0" * 64)
                check(far.returncode == 3 and b"mirror-genesis" in far.stderr, "another genesis: %r" % far.stderr)
        elif name == "files":
            with Host(case) as host:
                done = truce("mirror", host.url, copy, "--genesis", GENESIS)
        else:
            done = truce("mirror", case, copy, "--genesis", GENESIS)
        check(done.returncode == 0, "copied from %s: %r" % (name, done.stderr))
        check(same_log(case, copy), "the same bytes from %s" % name)
        whole = truce("verify", copy, "--genesis", GENESIS)
        check(whole.returncode == 0, "the copy from %s verifies: %r" % (name, whole.stdout))
        a, b = (truce("standing", "-C", at, "--json", "--as-of", "2016-10-04").stdout for at in (case, copy))
        check(a == b and len(a) > 1000, "the same standing from %s" % name)
    check(not glob.glob(os.path.join(os.environ["TMPDIR"], "truce-verify-*")), "nothing is left of verify URL")
    refused = truce("submit", "-C", copy, "-", stdin=notes(case, 100000, 1))
    check(refused.returncode == 2 and b"log-follows" in refused.stderr, "nothing is written to a copy: %r" % refused.stderr)
    other = truce("mirror", copy, case)
    check(other.returncode != 0 and b"log-exists" in other.stderr, "a register is not overwritten: %r" % other.stderr)


# ---- lies

def flip(where):
    return lambda data: data[:where] + bytes([data[where] ^ 1]) + data[where + 1:]


def at(wanted, change):
    return lambda path, data: change(data) if path == wanted and data is not None else data


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "8192")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.5)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


LIES = {
    "a bit of an entry": (at("tile/entries/000", flip(5000)), 3, "mirror-entries"),
    "a bit of the last bundle": (at("tile/entries/001.p/22", flip(-20)), 3, "mirror-entries"),
    "a bundle too short": (at("tile/entries/001.p/22", lambda data: data[:-100]), 3, "mirror-bundle"),
    "a bundle too long": (at("tile/entries/001.p/22", lambda data: data + data[:2000]), 3, "mirror-bundle"),
    "an empty bundle": (at("tile/entries/000", lambda data: b""), 3, "mirror-bundle"),
    "a huge bundle": (at("tile/entries/000", lambda data: data * 200), 1, "http-too-large|mirror-bundle"),
    "no such bundle": (at("tile/entries/001.p/22", lambda data: None), 1, "mirror-absent"),
    "no checkpoint": (at("checkpoint", lambda data: None), 1, "mirror-none"),
    "no checkpoint's form": (at("checkpoint", lambda data: b"hello\n"), 3, "mirror-checkpoint"),
    "a broken signature": (at("checkpoint", flip(-12)), 3, "mirror-signature"),
    "another root": (at("checkpoint", flip(40)), 3, "mirror-signature|mirror-checkpoint"),
    "nobody's signature": (at("checkpoint", lambda data: data[:data.index(b"\xe2\x80\x94")] +
                              b"\xe2\x80\x94 other.example " + base64.b64encode(b"x" * 68) + b"\n"), 3, "mirror-key"),
    "a dripping checkpoint": (at("checkpoint", lambda data: drip), 1, "http-timeout"),
    "an endless checkpoint": (at("checkpoint", lambda data: endless), 1, "http-too-large"),
    "an endless bundle": (at("tile/entries/000", lambda data: endless), 1, "http-too-large"),
    "another genesis": (at("tile/entries/000", lambda data: b"\x00\x05hello" + data), 3, "mirror-bundle"),
}


GROWN_LIES = {  # told to who has the first records already: the way from there is proved by hash tiles
    "a bit of a hash tile": (at("tile/0/001", flip(40 * 32)), 3, "mirror-proof"),
    "a bit of the tile above": (at("tile/1/000.p/2", flip(3)), 3, "mirror-proof"),
    "a tile too long": (at("tile/1/000.p/2", lambda data: data + b"x"), 3, "mirror-tile"),
    "a tile too short": (at("tile/0/001", lambda data: data[:-1]), 3, "mirror-tile"),
    "no such tile": (at("tile/0/001", lambda data: None), 1, "mirror-absent"),
    "a dripping tile": (at("tile/0/001", lambda data: drip), 1, "http-timeout"),
    "an endless tile": (at("tile/0/001", lambda data: endless), 1, "http-too-large"),
}


def grown_lie(case, later, folder, name):
    lie, status, code = GROWN_LIES[name]
    copy = os.path.join(folder, "grown-" + re.sub("[^a-z]", "-", name))
    assert truce("mirror", case, copy).returncode == 0
    with Host(later, lie) as host:
        done = truce("mirror", host.url, copy)
    said = done.stderr.decode()
    check(done.returncode == status and re.search(r"\((%s)[,)]" % code, said), "%s: %d %r" % (name, done.returncode, said))
    check(same_log(case, copy), "%s: what was there stays" % name)
    done = truce("mirror", later, copy)
    check(done.returncode == 0 and same_log(later, copy), "%s: it goes on with the truth: %r" % (name, done.stderr))


def one_lie(case, folder, name):
    lie, status, code = LIES[name]
    copy = os.path.join(folder, "lie-" + re.sub("[^a-z]", "-", name))
    with Host(case, lie) as host:
        done = truce("mirror", host.url, copy)
    said = done.stderr.decode()
    check(done.returncode == status and re.search(r"\((%s)[,)]" % code, said), "%s: %d %r" % (name, done.returncode, said))
    check(not os.path.exists(os.path.join(copy, "log/checkpoint")), "%s: nothing is published" % name)
    done = truce("mirror", case, copy)
    check(done.returncode == 0 and same_log(case, copy), "%s: it goes on with the truth: %r" % (name, done.stderr))


def lies(case, folder):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: one_lie(case, folder, name), LIES))
        later = copied(case, folder, "grown")
        grown(later, 200000, 300)
        list(pool.map(lambda name: grown_lie(case, later, folder, name), GROWN_LIES))


def partials(case, folder):
    """An earlier checkpoint, and a host that has only the full tiles left."""
    later, copy = copied(case, folder, "later"), os.path.join(folder, "partials")
    grown(later, 200000, 300)
    old = read(os.path.join(case, "log/checkpoint"))
    with Host(later, at("checkpoint", lambda data: old)) as host:
        done = truce("mirror", host.url, copy)
        check(any(".p/22" in path for path in host.asked), "the partial was asked for")
        check(done.returncode == 0 and read(os.path.join(copy, "log/checkpoint")) == old, "full tiles do: %r" % done.stderr)
    with Host(later) as host:
        done = truce("mirror", host.url, copy)
        check(done.returncode == 0 and same_log(later, copy), "and it grows: %r" % done.stderr)
    with Host(case) as host:  # an older checkpoint of the same history
        done = truce("mirror", host.url, copy)
        check(done.returncode == 0 and same_log(later, copy), "an older one changes nothing: %r" % done.stderr)


# ---- two histories

def forks(case, folder):
    for name, ours, theirs in (("equal", 10, 10), ("longer", 10, 300), ("shorter", 300, 10)):
        one, two = copied(case, folder, "one-" + name), copied(case, folder, "two-" + name)
        copy = os.path.join(folder, "forked-" + name)
        grown(one, 300000, ours)
        grown(two, 400000, theirs)
        check(truce("mirror", one, copy).returncode == 0, "the one history")
        done = truce("mirror", two, copy)
        check(done.returncode == 3 and b"mirror-fork" in done.stderr, "%s: a fork ends it: %r" % (name, done.stderr))
        found = glob.glob(os.path.join(copy, "peers/evidence/fork-*.json"))
        check(len(found) == 1, "%s: one file of evidence" % name)
        proved = truce("verify", found[0])
        check(proved.returncode == 0, "%s: it holds: %r" % (name, proved.stdout + proved.stderr))
        check(same_log(one, copy), "%s: what it had stays" % name)
        check(truce("verify", copy).returncode == 0, "%s: the copy verifies with its evidence" % name)
        with Host(two) as host:
            follows = truce("mirror", host.url, copy, "--follow", timeout=30)
            check(follows.returncode == 3 and b"mirror-fork" in follows.stderr, "%s: following ends" % name)


def equivocation(case, folder):
    host, copy = copied(case, folder, "equivocating"), os.path.join(folder, "equivocated")
    grown(host, 500001, 1)
    check(truce("mirror", host, copy).returncode == 0, "before")
    grown(host, 500003, 1)
    second = notes(host, 500002, 2)  # number 500003 again, behind another
    assert truce("submit", "-C", host, "-", stdin=second).returncode == 0
    done = truce("mirror", host, copy, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    check(done.returncode == 3 and any(line.get("code") == "mirror-equivocation" for line in told), "told: %r" % done.stdout)
    found = glob.glob(os.path.join(copy, "peers/evidence/equivocation-*.json"))
    check(len(found) == 1 and truce("verify", found[0]).returncode == 0, "and proved")
    check(same_log(host, copy), "the log goes on")


# ---- SIGKILL

def killed(case, folder):
    draw = random.Random(SEED)
    host, copy = copied(case, folder, "long"), os.path.join(folder, "killed")
    grown(host, 600000, 6000)
    rounds = 0
    with Host(host) as files:
        for rounds in range(1, 40):
            process = subprocess.Popen([PROGRAM, "mirror", files.url, copy], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                process.wait(draw.uniform(0.02, 0.5))
                if process.returncode == 0:
                    break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        done = truce("mirror", files.url, copy)
    check(done.returncode == 0 and same_log(host, copy), "after %d kills it is whole: %r" % (rounds, done.stderr))
    whole = truce("verify", copy)
    check(whole.returncode == 0, "and verifies: %r" % whole.stdout)
    check(rounds > 2, "it was killed at all (%d)" % rounds)


# ---- following, serving, handing in

def follows(case, folder):
    host, copy = copied(case, folder, "host"), os.path.join(folder, "followed")
    key = os.path.join(folder, "mirror.key")
    assert truce("key", "new", "un-mirror", "--out", key, "--cosign").returncode == 0
    plain = os.path.join(folder, "plain.key")
    assert truce("key", "new", "other", "--out", plain).returncode == 0
    wrong = truce("mirror", host, copy, "--key", plain)
    check(wrong.returncode == 2 and b"mirror-key-use" in wrong.stderr, "a key for signing: %r" % wrong.stderr)
    with Running("serve", "-C", host, "--listen", "127.0.0.1:0") as served:
        port = served.port
        with Running("mirror", served.url, copy, "--key", key, "--poll", "1", "--listen", "127.0.0.1:0") as mirror:
            def entries():
                return len(json.loads("[" + mirror.ask("/records?limit=1000000")[1].decode().strip().replace("\n", ",") + "]"))
            check(wait_for(lambda: entries() == SIZE), "the mirror serves all: %d" % entries())
            check(served.ask("/standing?as-of=2016-10-04")[1] == mirror.ask("/standing?as-of=2016-10-04")[1], "one standing")
            status, answer = mirror.ask("/records", notes(case, 700000, 3))
            receipts = [json.loads(line) for line in answer.splitlines()]
            check(status == 201 and [r["index"] for r in receipts] == [SIZE, SIZE + 1, SIZE + 2], "receipts pass: %r" % answer)
            check(wait_for(lambda: entries() == SIZE + 3), "and it follows")
            status, answer = mirror.ask("/records", b"no note\n")
            check(status == 422 and b"refused" in answer, "no record: %d %r" % (status, answer))
            bad = notes(case, 700005, 1).replace(b"Heard", b"Seen!")
            status, answer = mirror.ask("/records", bad)
            check(status == 422 and b"/refusal/v1" in answer, "the host's own refusal passes: %r" % answer)
            check(wait_for(lambda: os.path.exists(os.path.join(copy, "peers/seen/cosigned"))), "cosigned")
            served.process.send_signal(signal.SIGKILL)
            served.process.wait()
            status, answer = mirror.ask("/records", notes(case, 700010, 2))
            waiting = [json.loads(line) for line in answer.splitlines()]
            check(status == 202 and len(waiting) == 2 and all("/arrival/v1" in line["arrival"] for line in waiting),
                  "stamped: %d %r" % (status, answer))
            again = [json.loads(line) for line in mirror.ask("/records", notes(case, 700010, 2))[1].splitlines()]
            check(again == waiting, "the same stamp again")
            states = [json.loads(line)["state"] for line in truce("arrivals", "-C", copy, "--json").stdout.splitlines()]
            check(states == ["in"] * 3 + ["refused"] + ["waiting"] * 2, "arrivals: %r" % states)
            with Running("serve", "-C", host, "--listen", "127.0.0.1:%d" % port):
                check(wait_for(lambda: entries() == SIZE + 5, 60), "handed on when the host is back")
                wait_for(lambda: same_log(host, copy))
        check(mirror.process.returncode == 0, "it ends well")
    states = [json.loads(line)["state"] for line in truce("arrivals", "-C", copy, "--json").stdout.splitlines()]
    check(states == ["in"] * 3 + ["refused"] + ["in"] * 2, "arrivals in the end: %r" % states)
    whole = truce("verify", copy)
    check(whole.returncode == 0, "all that it keeps verifies: %r" % whole.stdout)
    cosigned = read(os.path.join(copy, "peers/seen/cosigned")).decode()
    check(cosigned.startswith("truce.example/syria-2016\n%d\n" % (SIZE + 5)) and "\u2014 un-mirror " in cosigned,
          "the newest is cosigned: %r" % cosigned)
    damaged = copied(copy, folder, "damaged")
    path = os.path.join(damaged, "peers/arrivals")
    data = read(path)
    with open(path, "wb") as file:
        file.write(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    check(b"arrivals-damaged" in truce("verify", damaged, "--json").stdout, "a changed stamp is found")
    with open(path, "wb") as file:
        file.write(data[:-7])
    check(truce("verify", damaged).returncode == 0, "a torn end was never acknowledged")


def main():
    with tempfile.TemporaryDirectory(prefix="truce-mirror-") as folder:
        os.environ["TMPDIR"] = folder
        case = os.path.join(folder, "case")
        assert truce("case", "load", "syria-2016", "-C", case).returncode == 0
        print("seed %d" % SEED)
        for part in (three_sources, lies, partials, forks, equivocation, killed, follows):
            part(case, folder)
    print("%d checks, %d failed" % (checks, failed))
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
