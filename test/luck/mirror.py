#!/usr/bin/env python3
"""mirror.py PROGRAM MAKE-NOTES — truce mirror and truce verify URL as they meet the world: a server, a host of plain files, a
directory; a host that lies in every way of its own; forks and authors who contradict themselves; SIGKILL at random moments;
records handed in while the host is away; a register that lets in members alone. Prints its count, and the seed of its
moments."""
import base64
import concurrent.futures
import glob
import hashlib
import http.client
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
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
    return shutil.copytree(register, os.path.join(folder, name), ignore=shutil.ignore_patterns("server.lock"))


def evidence_of(register, kind):
    return [path for path in glob.glob(os.path.join(register, "peers/evidence/*.json")) if json.loads(read(path))["evidence"] == kind]


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
        self.words, self.token = words, None

    def enter(self, session):
        """Comes in with this session key; its token is said from then on."""
        answer = truce("session", "answer", "--session", session, "--to", self.url,
                       stdin=self.ask("/session/challenge")[1])
        status, data = self.ask("/session", answer.stdout)
        self.token = json.loads(data).get("token") if status == 201 else None
        return status

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
        head = {"Accept": "application/json", **({"Authorization": "Bearer " + self.token} if self.token else {})}
        connection.request("GET" if body is None else "POST", path, body, head)
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


def silent(handler):
    time.sleep(40)


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
    "a silent host": (at("checkpoint", lambda data: silent), 1, "http-timeout"),
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


# ---- a host that signs what nobody could admit

def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(root_of(hashes[:k]), root_of(hashes[k:]))


def entries_of(register):
    out = []
    for path in sorted(glob.glob(os.path.join(register, "log/tile/entries/**"), recursive=True)):
        data = read(path) if os.path.isfile(path) else b""
        while data:
            size = int.from_bytes(data[:2], "big")
            out.append(data[2:2 + size])
            data = data[2 + size:]
    return out


def signed(folder, secret, text):
    """A note by the key in a secret file: openssl signs, so that nothing of the program under test does."""
    _, _, name, key_id, seed = read(secret).decode().strip().split("+", 4)
    pem, message = os.path.join(folder, "forger.pem"), os.path.join(folder, "forged")
    der = bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(seed)[1:]
    with open(pem, "w") as file:
        file.write("-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" % base64.b64encode(der).decode())
    with open(message, "wb") as file:
        file.write(text)
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", pem, "-rawin", "-in", message], check=True,
                               capture_output=True).stdout
    line = base64.b64encode(bytes.fromhex(key_id) + signature).decode()
    return text + b"\n\xe2\x80\x94 " + name.encode() + b" " + line.encode() + b"\n"


def forged(folder, register, name, more, secret=None):
    """The register's log with other entries at its end, under its own key: fewer than 256 in the last bundle."""
    entries = entries_of(register) + more
    hashes = [leaf(entry) for entry in entries]
    top, size = os.path.join(folder, name), len(entries)
    files = {"checkpoint": signed(folder, secret or os.path.join(register, "log.key"), b"truce.example/syria-2016\n%d\n%s\n" %
                                  (size, base64.b64encode(root_of(hashes))))}
    for n in range((size + 255) // 256):
        part = hashes[n * 256:n * 256 + 256]
        end = "" if len(part) == 256 else ".p/%d" % len(part)
        files["tile/0/%03d%s" % (n, end)] = b"".join(part)
        files["tile/entries/%03d%s" % (n, end)] = b"".join(
            len(e).to_bytes(2, "big") + e for e in entries[n * 256:n * 256 + 256])
    whole = [root_of(hashes[n * 256:n * 256 + 256]) for n in range(size // 256)]
    files["tile/1/000.p/%d" % len(whole)] = b"".join(whole)
    for path, data in files.items():
        path = os.path.join(top, "log", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
    return top


def void_entries(case, folder):
    """What its signature covers is copied, but counts for nothing, and is told as the host's fault."""
    last = entries_of(case)[-1]
    received, note = last.split(b"\n", 1)
    words = {"no record": received + b"\nhello\n\n" + note.split(b"\n\n")[1],
             "a broken signature": received + b"\n" + note.replace(b'"seq":', b'"seq":1', 1),
             "an earlier time": b"received 1\n" + notes(case, 100001, 1)}
    honest = json.loads(truce("standing", "-C", case, "--json", "--as-of", "2016-10-04").stdout)
    for name, entry in words.items():
        copy = os.path.join(folder, "void-" + name.replace(" ", "-"))
        host = forged(folder, case, "forger-" + name.replace(" ", "-"), [entry])
        with Host(host) as served:
            done = truce("mirror", served.url, copy, "--genesis", GENESIS)
        told = done.stdout.decode()
        check(done.returncode == 3 and "log entry %d" % SIZE in told, "%s: told: %d %r %r" % (name, done.returncode, told, done.stderr))
        check(name != "an earlier time" or "received-back" in told, "%s: by its code: %r" % (name, told))
        check(read(os.path.join(copy, "log/checkpoint")) == read(os.path.join(host, "log/checkpoint")), "%s: copied" % name)
        listed = truce("list", "-C", copy, "--json").stdout.splitlines()
        check(len(listed) in (SIZE, SIZE + 1), "%s: %d records" % (name, len(listed)))
        here = json.loads(truce("standing", "-C", copy, "--json", "--as-of", "2016-10-04").stdout)
        check(len(honest["agreements"]) > 0 and here["agreements"] == honest["agreements"], "%s: it changes nothing" % name)
        check(truce("verify", copy).returncode == 3, "%s: verify finds it too" % name)


def new_keys(case, folder):
    """The log's key changes, and a mirror goes on; but not because somebody says so who has no say."""
    host, copy = os.path.join(folder, "keyed"), os.path.join(folder, "keyed-copy")
    assert truce("init", host, "--origin", "truce.example/keyed", "--name", "un", "--yes").returncode == 0
    shutil.copy(os.path.join(host, "keys/un.key"), os.path.join(folder, "founder.key"))
    check(truce("mirror", host, copy).returncode == 0, "under the first key")
    new = truce("key", "new", "truce.example/keyed", "--out", os.path.join(host, "log-next.key")).stdout.decode().strip()
    written(host, folder, "founder", "key", "party=un", "change=log", "verifier=" + new)
    written(host, folder, "founder", "claim", "actor=north", "text.en=Later", "text.original=en")
    done = truce("mirror", host, copy)
    check(done.returncode == 0 and same_log(host, copy), "over a change of the log's key: %r" % done.stderr)
    check(truce("verify", copy).returncode == 0, "and it verifies")

    liar, copy = os.path.join(folder, "liar.key"), os.path.join(folder, "liar-copy")
    theirs = truce("key", "new", "truce.example/syria-2016", "--out", liar).stdout.decode().strip()
    note = truce("write", "key", "party=un-monitor", "change=log", "verifier=" + theirs, "-C", case, "--key",
                 os.path.join(case, "keys/monitor.key"))
    received = entries_of(case)[-1].split(b"\n")[0]
    check(truce("mirror", case, copy).returncode == 0, "the truth")
    with Host(forged(folder, case, "liar", [received + b"\n" + note.stdout], liar)) as served:
        done = truce("mirror", served.url, copy)
    check(done.returncode == 3 and b"mirror-key-other" in done.stderr, "a key without a say: %r %r" % (done.stderr, note.stderr))
    check(read(os.path.join(copy, "log/checkpoint")) == read(os.path.join(case, "log/checkpoint")), "nothing of it is published")


# ---- two histories

def forks(case, folder):
    for name, ours, theirs in (("equal", 10, 10), ("longer", 10, 300), ("shorter", 300, 10)):
        one, two = copied(case, folder, "one-" + name), copied(case, folder, "two-" + name)
        copy = os.path.join(folder, "forked-" + name)
        grown(one, 300000, ours)
        grown(two, 400000, theirs)
        check(truce("mirror", one, copy).returncode == 0, "the one history")
        if name == "longer":  # what was published is enough to know it by
            os.remove(os.path.join(copy, "peers/seen/target"))
        done = truce("mirror", two, copy)
        check(done.returncode == 3 and b"mirror-fork" in done.stderr, "%s: a fork ends it: %r" % (name, done.stderr))
        found = evidence_of(copy, "fork")
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
    found = evidence_of(copy, "equivocation")
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
                process.wait(draw.uniform(0.02, 0.2))
                if process.returncode == 0:
                    break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        done = truce("mirror", files.url, copy)
    check(done.returncode == 0 and same_log(host, copy), "after %d kills it is whole: %r" % (rounds, done.stderr))
    whole = truce("verify", copy)
    check(whole.returncode == 0, "and verifies: %r" % whole.stdout)
    check(rounds > 1, "it was killed at all (%d)" % rounds)


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
            pouch, elsewhere = os.path.join(folder, "pouch"), copied(host, folder, "elsewhere")
            packed = json.loads(truce("pouch", "pack", pouch, "-C", copy, "--json").stdout)
            check(packed["notes"] == 2 and packed["arrivals"] == 2, "a pouch carries what waits, and its stamps: %r" % packed)
            opened = truce("pouch", "open", pouch, "-C", elsewhere)
            check(opened.returncode == 0 and len(truce("list", "-C", elsewhere, "--json", "--limit", "1000000").stdout.splitlines())
                  == SIZE + 5, "and it comes in where the pouch is opened: %r" % opened.stderr)
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


# ---- a register that lets in members alone

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_register(folder):
    """Two founders, a witness, and the full copy of one of them."""
    key = {name: truce("key", "new", *words, "--out", os.path.join(folder, name + ".key")).stdout.decode().strip()
           for name, words in {"un": ("un",), "un-recovery": ("un",), "office": ("office",), "office-recovery": ("office",),
                               "witness": ("w.example", "--cosign"), "copy": ("office.example", "--cosign")}.items()}
    port = free_port()
    founders = [{"party": name, "names": {"en": name, "original": "en"}, "role": role, "key": key[name],
                 "recovery": key[name + "-recovery"]} for name, role in (("un", "secretariat"), ("office", "party"))]
    with open(os.path.join(folder, "genesis.json"), "w") as file:
        json.dump({"nonce": "!nonce", "log_key": "!log", "founders": founders, "thresholds": {"enrol": 1, "policy": 1},
                   "exercise": False,
                   "witnessing": {"faults": 0, "quorum": 1, "mirror_quorum": 1,
                                  "witnesses": [{"key": key["witness"], "url": "http://127.0.0.1:%d" % port}],
                                  "mirrors": [{"key": key["copy"], "party": "office"}]}}, file)
    register = os.path.join(folder, "own")
    made = truce("init", register, "--origin", "truce.example/own", "--name", "un", "--genesis",
                 os.path.join(folder, "genesis.json"), "--key", os.path.join(folder, "un.key"), "--yes")
    assert made.returncode == 0, made.stderr
    genesis = json.loads(truce("list", "-C", register, "--json").stdout.splitlines()[0])["id"]
    written(register, folder, "office", "approval", "of=" + genesis, "decision=approve")
    return register, genesis, port


def written(register, folder, by, *words):
    """Handed in through whoever holds the register; its receipt."""
    done = truce("write", *words, "-C", register, "--key", os.path.join(folder, by + ".key"), "--submit", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def level(register, record):
    done = truce("show", record, "--receipt", "-C", register, "--json")
    return json.loads(done.stdout.splitlines()[-1])["level"] if done.returncode == 0 else repr(done.stderr)


def members(_, folder):
    register, genesis, port = own_register(folder)
    copy, log = os.path.join(folder, "own-copy"), truce("key", "public", os.path.join(register, "log.key")).stdout.decode().strip()
    session = {name: os.path.join(folder, name + ".session") for name in ("un", "office")}
    for name, file in session.items():
        made = truce("session", "new", "-C", register, "--key", os.path.join(folder, name + ".key"), "--out", file)
        assert made.returncode == 0, made.stderr
    key = os.path.join(folder, "copy.key")
    host = lambda at: Running("serve", "-C", register, "--listen", "127.0.0.1:%d" % at, "--yes")
    with Running("witness", "-C", os.path.join(folder, "own-witness"), "--key", os.path.join(folder, "witness.key"), "--log", log,
                 "--alone", "--override", "--listen", "127.0.0.1:%d" % port), host(0) as served:
        stranger = truce("mirror", served.url, copy)
        check(stranger.returncode == 1 and b"source-door" in stranger.stderr, "a stranger gets nothing: %r" % stranger.stderr)
        check(not os.path.exists(os.path.join(copy, "log/journal")), "and keeps nothing")
        far = truce("verify", served.url, "--session", session["office"], "--genesis", genesis)
        check(far.returncode == 0, "a member verifies from afar: %r" % far.stderr)
        wrong = truce("verify", served.url, "--session", os.path.join(folder, "un.key"))
        check(wrong.returncode == 1 and b"source-session" in wrong.stderr and b"session-file" in wrong.stderr,
              "a signing key opens nothing: %r" % wrong.stderr)
        at = served.port
        with Running("mirror", served.url, copy, "--genesis", genesis, "--session", session["office"], "--key", key, "--poll",
                     "1", "--listen", "127.0.0.1:0") as mirror:
            notice = written(register, folder, "un", "notice", "to=office", "at=2026-01-05T00:00:00Z", "text.en=Hold")
            check(wait_for(lambda: level(register, notice["id"]) == "mirrored"), "its line makes a receipt say mirrored: %s" %
                  level(register, notice["id"]))
            check(wait_for(lambda: level(copy, notice["id"]) == "mirrored"), "here too: %s" % level(copy, notice["id"]))
            check(mirror.ask("/records")[0] == 401, "the copy's door lets in members alone")
            check(mirror.enter(session["un"]) == 201 and mirror.ask("/records")[0] == 200, "and members it does")
            check(served.enter(session["un"]) == 201 and mirror.ask("/records")[1] == served.ask("/records")[1],
                  "they read the same")
            # delivered: an anchor tells the log that the recipient's own copy had it
            told = truce("anchor", "-C", register, "--key", os.path.join(folder, "un.key"), "--from",
                         os.path.join(register, "peers/mirrored"))
            check(truce("submit", "-C", register, "-", stdin=told.stdout).returncode == 0, "an anchor: %r" % told.stderr)
            delivered = lambda: json.loads(mirror.ask("/records/" + notice["id"])[1])["delivery"][0].get("delivered", {})
            check(wait_for(lambda: delivered().get("mirror") == "office"), "the notice was delivered: %r" % delivered())
            # sessions end with the server that gave them: the next one is entered anew
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(30)
            with host(at) as served:
                later = written(register, folder, "un", "notice", "to=office", "at=2026-01-06T00:00:00Z", "text.en=Still")
                check(wait_for(lambda: mirror.ask("/records/" + later["id"])[0] == 200), "it comes in again")
                check(wait_for(lambda: level(register, later["id"]) == "mirrored"), "and brings its line again")
                note = truce("write", "notice", "to=un", "at=2026-01-07T00:00:00Z", "text.en=Yes", "-C", register, "--key",
                             os.path.join(folder, "office.key"))
                taken = truce("submit", "--to", mirror.url, "--session", session["office"], "-", "--json", stdin=note.stdout)
                check(taken.returncode == 0 and b'"index"' in taken.stdout, "handed in at the copy: %r" % taken.stderr)
                # ciphers are no part of the log: a copy keeps those that somebody hands in to it
                reader = truce("key", "new", "un", "--read", "--out", os.path.join(folder, "un-reader.key"))
                written(register, folder, "un-recovery", "key", "party=un", "change=reader",
                        "verifier=" + reader.stdout.decode().strip())
                sealed = written(register, folder, "un", "claim", "actor=north", "text.en=Secret",
                                 "text.original=en", "--seal", "/text", "--reader", "un")
                check(wait_for(lambda: mirror.ask("/records/" + sealed["id"])[0] == 200), "a record that seals is copied")
                cipher = os.listdir(os.path.join(register, "sealed"))
                cipher = [name for name in cipher if re.fullmatch("[0-9a-f]{64}", name)][0]
                check(mirror.ask("/sealed/" + cipher)[0] == 404, "what it seals is not")
                kept = mirror.ask("/sealed", read(os.path.join(register, "sealed", cipher)))
                check(kept[0] == 200 and b'"kept"' in kept[1] and mirror.ask("/sealed/" + cipher)[0] == 200,
                      "but kept where it is handed in: %r" % (kept,))
                # the door follows the members: a key that is retired opens nothing here either
                old = re.match(rb"[^+]*\+([0-9a-f]{8})\+", truce("key", "public", os.path.join(folder, "un.key")).stdout)[1]
                truce("key", "new", "un", "--out", os.path.join(folder, "un2.key"))
                new = truce("key", "public", os.path.join(folder, "un2.key")).stdout.strip().decode()
                written(register, folder, "un-recovery", "key", "party=un", "change=add", "verifier=" + new)
                written(register, folder, "un-recovery", "key", "party=un", "change=retire", "of=" + old.decode())
                check(wait_for(lambda: mirror.ask("/records")[0] == 401), "a retired key's session ends at the copy too")
                mirror.token = None
                check(mirror.enter(session["un"]) == 403, "and opens none")
    whole = truce("verify", copy, "--genesis", genesis)
    check(whole.returncode == 0, "the copy verifies: %r" % whole.stdout)


def main():
    with tempfile.TemporaryDirectory(prefix="truce-mirror-") as folder:
        os.environ["TMPDIR"] = folder
        case = os.path.join(folder, "case")
        assert truce("case", "load", "syria-2016", "-C", case).returncode == 0
        print("seed %d" % SEED)
        for part in (three_sources, lies, partials, void_entries, new_keys, forks, equivocation, killed, follows, members):
            part(case, folder)
    print("%d checks, %d failed" % (checks, failed))
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
