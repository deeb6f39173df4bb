#!/usr/bin/env python3
"""serve.py PROGRAM MAKE-NOTES — truce serve as its clients meet it: every route in each of its forms, the gate, events,
tiles, and what bad luck gets: slow and flooding clients, a disk that fills, a lost index, signals and SIGKILL under load.
Prints its count; what this machine cannot do is skipped with one line."""
import base64
import concurrent.futures
import gzip
import hashlib
import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from small_disk import mounted

PROGRAM, MAKE_NOTES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
REGISTER = "truce.example/syria-2016#e546b5a3c17ecb05"
AS_OF = "2016-10-04T12:00:00Z"
SIZE = 278  # records of the case
checks = failed = 0
counting = threading.Lock()


def check(held, what):
    global checks, failed
    with counting:
        checks += 1
        if not held:
            failed += 1
            print("does not hold: %s" % what, file=sys.stderr)


def truce(*words, stdin=None, env=None, timeout=60):
    return subprocess.run([PROGRAM, *words], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})})


def lines(data):
    return [json.loads(line) for line in data.splitlines()]


def ids(register):
    return [record["id"] for record in lines(truce("list", "-C", register, "--json").stdout)]


def loaded(folder, name):
    register = os.path.join(folder, name)
    if folder == TOP:
        return shutil.copytree(os.path.join(TOP, "case"), register)
    result = truce("case", "load", "syria-2016", "-C", register)
    assert result.returncode == 0, result.stderr.decode()
    return register


def notes(register, first, count, key="monitor"):
    return subprocess.run([MAKE_NOTES, "%s/keys/%s.key" % (register, key), REGISTER, str(first), str(count)],
                          capture_output=True, check=True).stdout


def note_list(register, first, count, key="monitor"):
    """One note each."""
    parts = notes(register, first, count, key).splitlines(keepends=True)
    return [b"".join(parts[i:i + 3]) for i in range(0, len(parts), 3)]


def id_of(note):
    return hashlib.sha256(note.split(b"\n")[0] + b"\n").hexdigest()


class Served:
    """truce serve on any free port, from `with` to its end."""

    def __init__(self, register, *words):
        self.register, self.words, self.token, self.trusted = register, words, None, None

    def __enter__(self):
        self.process = subprocess.Popen([PROGRAM, "serve", "-C", self.register, "--listen", "127.0.0.1:0", "--json",
                                         *self.words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("not served: %r" % self.process.stderr.read())
        said = json.loads(line)
        self.url, self.socket, self.name = said["url"], said["socket"], said["register"]
        self.host, self.port = re.match(r"https?://([^/]*):(\d+)/", self.url).groups()
        self.port = int(self.port)
        return self

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, err

    def __exit__(self, *_):
        if self.process.poll() is None:
            code, err = self.stop()
            check(code == 0, "the server ends with 0, not %d: %r" % (code, err[-300:]))

    def connect(self, timeout=20):
        if self.url.startswith("https"):
            return http.client.HTTPSConnection(self.host, self.port, timeout=timeout,
                                               context=ssl.create_default_context(cafile=self.trusted))
        return http.client.HTTPConnection(self.host, self.port, timeout=timeout)

    def session(self, key, file=None):
        """Comes in by a session key that this signing key signs a letter for; from then on its token is said."""
        file = file or os.path.join(self.register, "..", "session-%d" % time.monotonic_ns())
        if not os.path.exists(file):
            made = truce("session", "new", "-C", self.register, "--key", key, "--out", file)
            check(made.returncode == 0, "a session key is made: %r" % made.stderr)
        self.token = None
        challenge = self.ask("/session/challenge")[2]
        answer = truce("session", "answer", "--session", file, "--to", self.url, stdin=challenge)
        status, _, data = self.post(answer.stdout, "/session")
        check(status == 201, "it opens the door: %r %r" % (answer.stderr, data))
        self.token = json.loads(data)["token"]
        return file

    def ask(self, path, method="GET", body=None, connection=None, **headers):
        """Status, headers in lower case, body."""
        own = connection or self.connect()
        if self.token:
            headers.setdefault("Authorization", "Bearer " + self.token)
        own.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = own.getresponse()
        data = answer.read()
        if connection is None:
            own.close()
        said = {}
        for name, value in answer.getheaders():
            said[name.lower()] = said[name.lower()] + ", " + value if name.lower() in said else value
        return answer.status, said, data

    def post(self, body, path="/records", **headers):
        return self.ask(path, "POST", body, **{"Content_Type": "text/plain", **headers})

    def raw(self, data=b"", timeout=20, source="127.0.0.1"):
        connection = socket.create_connection((self.host, self.port), timeout, (source, 0))
        connection.sendall(data)
        return connection


HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


# ---- what a client finds

def routes(folder):
    register = loaded(folder, "routes")
    with Served(register) as s:
        check(s.name == REGISTER and s.socket == register + "/server.lock", "the line tells register and socket")
        check(oct(os.stat(s.socket).st_mode & 0o777) == "0o600", "the socket is its owner's alone")
        status, head, _ = s.ask("/")
        check(status == 303 and head["location"] == "/welcome", "/ leads a newcomer to what should be read first")
        for header, value in (("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"),
                              ("cross-origin-resource-policy", "same-origin")):
            check(head.get(header) == value, "every answer has %s" % header)
        check("frame-ancestors 'none'" in head["content-security-policy"] and "strict-transport-security" not in head
              and "access-control-allow-origin" not in head, "and a content policy, and nothing for other origins")
        as_of = "as-of=" + AS_OF
        same = {
            "/standing?" + as_of: ("standing", "--as-of", AS_OF),
            "/standing?as_of=%s&known=100" % AS_OF: ("standing", "--as-of", AS_OF, "--known", "100"),
            "/changes?" + as_of: ("standing", "--changes", "--as-of", AS_OF),
            "/changes?known=100": ("standing", "--changes", "--known", "100"),
            "/why/seven-days?" + as_of: ("why", "seven-days", "--as-of", AS_OF),
            "/why/cessation-2016-09-09/seven-days?known=2016-09-18": ("why", "cessation-2016-09-09/seven-days",
                                                                     "--known", "2016-09-18"),
            "/why/seven-days?reading=strict": ("why", "seven-days", "--reading", "strict"),
        }
        for path, words in same.items():
            status, head, data = s.ask(path)
            told = truce(*words, "-C", register, "--json").stdout
            check(status == 200 and data == told, "%s says what truce %s says" % (path, words[0]))
            kind = "application/x-ndjson" if path.startswith("/changes") else "application/json"
            check(head["content-type"] == kind and "etag" in head, "%s is JSON with a validator" % path)
            again = s.ask(path, If_None_Match=head["etag"])
            check(again[0] == 304 and again[2] == b"", "%s is not sent twice" % path)
            check(s.ask(path, If_None_Match='"other"')[0] == 200, "%s is sent to who has another" % path)
            page = s.ask(path, Accept=HTML)
            check(page[0] == 200 and page[1]["content-type"] == "text/html; charset=utf-8" and b"</html>" in page[2] and
                  page[1]["etag"] != head["etag"] and "Accept" in page[1]["vary"], "%s is a page for a browser" % path)
            check(s.ask(path, "GET", None, Accept=HTML)[2] == page[2], "and the same page again")
        lines = s.ask("/changes?" + as_of)[2].splitlines(keepends=True)
        later = b"".join(line for line in lines if json.loads(line)["known"] > 100)
        check(0 < len(later) < sum(map(len, lines)) and s.ask("/changes?after=100&" + as_of)[2] == later,
              "changes go on behind so many records")
        one = ids(register)[40]
        shown = {"": ("--json", "application/json"), "/note": ("--note", "text/plain; charset=utf-8"),
                 "/proof": ("--proof", "text/plain; charset=utf-8")}
        for part, (form, kind) in shown.items():
            status, head, data = s.ask("/records/" + one + part)
            check(status == 200 and head["content-type"] == kind and
                  data == truce("show", one, form, "-C", register).stdout, "/records/ID%s is what show %s gives" % (part, form))
        head = s.ask("/records/" + one)[1]
        check("immutable" not in head["cache-control"] and s.ask("/records/" + one, If_None_Match=head["etag"])[0] == 304,
              "what is told beside a record may change")
        head = s.ask("/records/" + one + "/note")[1]
        check("immutable" in head["cache-control"] and s.ask("/records/" + one + "/note", If_None_Match=head["etag"])[0] == 304,
              "a note never changes")
        head = s.ask("/records/" + one[:8])[1]
        check("immutable" not in head["cache-control"], "but a beginning of its id may come to be two")
        page = s.ask("/records/" + one, Accept=HTML)
        check(page[0] == 200 and one.encode() in page[2], "a record is a page")
        style = re.search(rb'href="(/assets/[^"]*\.css)"', page[2])
        status, head, data = s.ask(style[1].decode())
        check(status == 200 and "immutable" in head["cache-control"] and head["vary"] == "Accept-Encoding" and
              head["content-type"].startswith("text/css"), "the style sheet is kept for good")
        packed = s.ask(style[1].decode(), Accept_Encoding="br, gzip")
        check(packed[1].get("content-encoding") == "gzip" and gzip.decompress(packed[2]) == data, "and sent packed")
        check("content-encoding" not in s.ask(style[1].decode(), Accept_Encoding="gzip;q=0, *")[1], "or not")
        status, head, data = s.ask("/healthz")
        check(status == 200 and json.loads(data) == {"published": SIZE, "size": SIZE, "status": "ok"}, "it is well")
        metrics(s)


def metrics(s):
    status, head, data = s.ask("/metrics")
    check(status == 200 and head["content-type"].startswith("text/plain; version=0.0.4"), "there are metrics")
    helped, values = set(), {}
    for line in data.decode().splitlines():
        if line.startswith("# TYPE "):
            helped.add(line.split()[2])
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            values[name] = float(value)
            base = re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name)
            check(base in helped or name.split("{")[0] in helped, "%s has its type" % name)
    check(values["truce_log_entries"] == SIZE and values["truce_index_lag_entries"] == 0, "sizes are told")
    check(values['truce_http_requests_total{class="2xx"}'] > 20, "requests are counted")
    check(values["process_resident_memory_bytes"] > 2e6, "memory is told")


def filters(folder):
    """GET /records finds what list finds, and pages add up."""
    register = loaded(folder, "filters")
    asked = [{}, {"kind": "report"}, {"by": "russia"}, {"from": "2016-09-17", "to": "2016-09-20"},
             {"bbox": "36,35,38,37"}, {"near": "36.2,36.9", "within": "50000"}, {"text": "convoy"}, {"text": "قافلة"},
             {"term": "seven-days"}, {"kind": "report", "limit": "7"}, {"after": "200"}, {"limit": "3", "after": "5"},
             {"kind": "statement", "from": "2016-09-09T00:00:00Z", "text": "ceasefire"}]
    with Served(register) as s:
        for query in asked:
            address = "/records?" + "&".join("%s=%s" % (k, "".join("%%%02X" % b for b in v.encode())) for k, v in query.items())
            words = [w for k, v in query.items() for w in ("--" + k, v)]
            for form, kind in (("json", "application/x-ndjson"), ("csv", "text/csv; charset=utf-8"),
                               ("geojson", "application/geo+json")):
                status, head, data = s.ask(address + "&f=" + form)
                told = truce("list", "-C", register, "--" + form, *words).stdout
                check(status == 200 and data == told and head["content-type"] == kind,
                      "%s as %s is what list gives" % (query, form))
            page = s.ask(address, Accept=HTML)
            check(page[0] == 200 and b"</html>" in page[2], "%s is a page" % query)
        check(s.ask("/records?limit=4", Accept="text/csv")[1]["content-type"].startswith("text/csv"), "Accept chooses")
        check(s.ask("/records?limit=4", Accept="application/geo+json, text/csv;q=0.5")[1]["content-type"] ==
              "application/geo+json", "by weight")
        whole, at, pages = [], "/records?limit=50&kind=report", 0
        while at:
            status, head, data = s.ask(at)
            whole += lines(data)
            link = re.match(r'<([^>]*)>; rel="next"', head.get("link", ""))
            at, pages = link and link[1], pages + 1
        check(whole == lines(truce("list", "-C", register, "--kind", "report", "--json").stdout) and pages > 1,
              "pages add up to the whole")
        known = lines(s.ask("/records?known=100")[2])
        check(len(known) == 100 and known[-1]["index"] == 99, "what was known is the beginning of the log")
        known = lines(s.ask("/records?known=2016-09-18")[2])
        check(0 < len(known) < SIZE and all(r["received"] <= "2016-09-18T23:59:59.999Z" for r in known) and
              known == lines(s.ask("/records")[2])[:len(known)], "by a time too")
        head = s.ask("/records?kind=report")[1]
        check(s.ask("/records?kind=report", If_None_Match=head["etag"])[0] == 304, "a list has a validator")


def streamed(folder):
    """A list that does not fit in one piece flows, also to who reads slowly."""
    register = loaded(folder, "streamed")
    given = truce("submit", "-C", register, "-", stdin=notes(register, 1000, 4000))
    assert given.returncode == 0, given.stderr
    with Served(register) as s:
        status, head, data = s.ask("/records")
        told = truce("list", "-C", register, "--json").stdout
        check(status == 200 and head.get("transfer-encoding") == "chunked" and data == told, "a long list comes whole")
        for form in ("csv", "geojson"):
            check(s.ask("/records?f=" + form)[2] == truce("list", "-C", register, "--" + form).stdout, "as %s too" % form)
        check(len(lines(s.ask("/records?limit=3000")[2])) == 3000, "a large limit holds")
        status, head, data = s.ask("/records", "HEAD")
        check(status == 200 and data == b"", "HEAD of a long list is its head")
        slow = s.raw(b"GET /records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        time.sleep(0.5)
        began = time.time()
        check(s.ask("/records?limit=1")[0] == 200 and time.time() - began < 3, "who reads slowly holds nobody up")
        total = 0
        while True:
            piece = slow.recv(65536)
            total += len(piece)
            if not piece:
                break
        check(total > len(told), "and gets all of it in the end")
        for _ in range(20):  # those who leave in the middle
            gone = s.raw(b"GET /records HTTP/1.1\r\nHost: localhost\r\n\r\n")
            gone.recv(1000)
            gone.close()
        check(s.ask("/records?limit=1")[0] == 200, "who leaves in the middle leaves nothing behind")


def methods(folder):
    register = loaded(folder, "methods")
    with Served(register) as s:
        for path in ("/standing", "/records?limit=5", "/checkpoint", "/healthz", "/records/%s" % ids(register)[3]):
            got, head = s.ask(path), s.ask(path, "HEAD")
            check(head[0] == got[0] and head[2] == b"" and head[1].get("content-length") == got[1].get("content-length")
                  and head[1].get("etag") == got[1].get("etag"), "HEAD %s is GET without the body" % path)
            status, head, data = s.ask(path, "OPTIONS")
            check(status == 204 and data == b"" and "GET, HEAD" in head["allow"] and "OPTIONS" in head["allow"],
                  "OPTIONS %s" % path)
            for method in ("DELETE", "PUT", "PATCH"):
                status, head, data = s.ask(path, method)
                check(status == 405 and "GET, HEAD" in head["allow"] and json.loads(data)["code"] == "route-method",
                      "%s %s is 405" % (method, path))
        check(s.ask("/records", "OPTIONS")[1]["allow"] == "GET, HEAD, POST, OPTIONS", "/records takes POST too")
        check(s.ask("/standing", "POST", b"x")[0] == 405, "/standing does not")
        check(s.ask("*", "OPTIONS")[0] == 204, "OPTIONS of the server itself")
        check(s.ask("/records", "BREW")[0] in (405, 501), "a method that there is not")
        near = {"/record": "/records", "/standings": "/standing", "/records/": "/records", "/why": "/why/{term}",
                "/events/x": "/events"}
        for path, meant in near.items():
            status, head, data = s.ask(path)
            check(status == 404 and json.loads(data)["code"] == "route-absent" and meant in json.loads(data)["detail"],
                  "%s is not there, %s is: %r" % (path, meant, data))
        check(s.ask("/nothing-of-the-kind")[0] == 404, "and nothing is near to this")
        big = s.raw(b"POST /records HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108864\r\n\r\n")
        began = time.time()
        check(b" 413 " in big.recv(4096).split(b"\r\n")[0] + b" " and time.time() - began < 2, "64 MiB are refused at once")


def problems(folder):
    register = loaded(folder, "problems")
    with Served(register) as s:
        wanted = {
            "/records/00000000": (404, "record-absent"), "/records/xyz": (404, "index-prefix"),
            "/records?kind=nonsense": (400, "find-kind"), "/records?limit=0": (400, "query-value"),
            "/records?from=yesterday": (400, "query-value"), "/records?near=1,1": (400, "query-value"),
            "/records?knid=report": (400, "query-name"), "/standing?as-of=never": (400, "query-value"),
            "/standing?f=csv": (400, "query-form"), "/changes?after=x": (400, "query-value"), "/why/no-such-term": (404, "term-unknown"),
            "/why/seven-days?reading=none": (400, "reading-unknown"), "/tile/x/000": (404, "tile-path"),
            "/tile/0/x999/999": (404, "tile-absent"), "/records?text=%FF": (400, None), "/%00": (400, None),
            "/assets/none.css": (404, "route-absent"), "/events?after=99999": (400, "events-after"),
            "/events?after=x": (400, "events-after"), "/records?text=" + "x" * 1300: (414, "http-target"),
        }
        for path, (status, code) in wanted.items():
            got, head, data = s.ask(path)
            said = json.loads(data) if head.get("content-type") == "application/problem+json" else {}
            check(got == status and (code is None or said.get("code") == code), "%s is %d %s, not %d %r" %
                  (path, status, code, got, data[:200]))
            check(code is None or (said["status"] == status and said["title"] and said["detail"] and
                                   said["type"] == "about:blank" and head["cache-control"] == "no-store"),
                  "%s is a problem as RFC 9457 has it" % path)
            page = s.ask(path, Accept=HTML)
            check(page[0] == status and (path.startswith("/%") or b"</html>" in page[2]), "%s is told in a page" % path)
        english, arabic = (json.loads(s.ask("/records/00000000", Accept_Language=l)[2]) for l in ("en", "ar"))
        check(english["code"] == arabic["code"] and english["detail"] != arabic["detail"] and
              english["title"] != arabic["title"], "a problem is told in the language asked for")
        page = s.ask("/records?from=yesterday&kind=report", Accept=HTML)
        check(page[0] == 400 and b"yesterday" in page[2], "what was typed stays in the form")


def languages(folder):
    register = loaded(folder, "languages")
    with Served(register) as s:
        def language(path="/standing", **headers):
            return re.search(rb'<html[^>]*lang="(..)"', s.ask(path, Accept=HTML, **headers)[2])[1].decode()

        check(language() == "en", "English if nothing is said")
        check(language(Accept_Language="fr, ar-SY;q=0.9, en;q=0.5") == "ar", "as the browser weighs")
        check(language(Accept_Language="ar;q=0.2, en;q=0.5") == "en", "by weight, not by order")
        status, head, data = s.ask("/standing?lang=ar", Accept=HTML, Accept_Language="en")
        cookie = head["set-cookie"]
        check(b'dir="rtl"' in data and all(part in cookie for part in ("lang=ar", "Path=/", "SameSite=Lax", "HttpOnly"))
              and "Secure" not in cookie, "a choice is kept in a cookie: %s" % cookie)
        check(language(Cookie="lang=ar", Accept_Language="en") == "ar", "which decides from then on")
        check(language("/standing?lang=en", Cookie="lang=ar") == "en", "until another choice is made")
        check("set-cookie" not in s.ask("/standing?lang=ar")[1], "a program gets none")


def links(folder):
    """Every link of every page leads somewhere, in both languages, now and as known before."""
    register = loaded(folder, "links")
    with Served(register) as s:
        connection = s.connect()
        for start, most in (("/standing", 250), ("/standing?lang=ar&known=150&as-of=2016-09-20", 120)):
            seen, queue = {start}, [(start, "")]
            for _ in range(most):
                if not queue:
                    break
                path, source = queue.pop(0)
                status, head, data = s.ask(path, connection=connection, Accept=HTML)
                check(status == 200, "%s, linked from %s, is there (%d)" % (path, source, status))
                now = path == source.split("?")[0]  # "show now" is the one link that leaves the moment
                check("known=" not in start or now or "known=150" in path or path.startswith("/assets"),
                      "the moment asked for is kept on %s" % path)
                if not head["content-type"].startswith("text/html"):
                    continue
                there = [html.unescape(l).split("#")[0] for l in
                         re.findall(r'(?:href|src|action)="([^"]*)"', data.decode())]
                there = [path.split("?")[0] + l if l.startswith("?") else l for l in there if l]
                check(all(l.startswith("/") or l.startswith("data:") for l in there), "%s stays within the register" % path)
                for link in there:
                    if link.startswith("/") and link not in seen and not now:
                        seen.add(link)
                        queue.append((link, path))
            check(len(seen) > 60, "there is more than one page")


# ---- who may come in

def gate(folder):
    (register, key), members = own(folder, "gate"), os.path.join(folder, "members")
    token = truce("member", "add", "un-monitor", "--members", members)
    check(token.returncode == 0 and len(token.stdout.strip()) == 43, "a token is made: %r" % token.stderr)
    token = token.stdout.strip().decode()
    check(oct(os.stat(members).st_mode & 0o777) == "0o600" and token not in open(members).read() and
          hashlib.sha256(token.encode()).hexdigest() in open(members).read(), "the file has its hash alone")
    basic = lambda name, word: "Basic " + base64.b64encode(("%s:%s" % (name, word)).encode()).decode()
    with Served(register, "--members", members) as s:
        for path in ("/standing", "/records", "/metrics", "/checkpoint", "/nothing", "/events"):
            status, head, data = s.ask(path)
            check(status == 401 and "Basic" in head["www-authenticate"] and json.loads(data)["code"] == "gate-token",
                  "%s is for members" % path)
        check(s.ask("/healthz")[0] == 200, "/healthz is not")
        check(s.ask("/standing", "OPTIONS")[0] == 401, "OPTIONS is")
        big = s.raw(b"POST /records HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
        check(b" 401 " in big.recv(200), "nothing is read of a stranger's body")
        for good in ("Bearer " + token, "bearer  " + token, basic("un-monitor", token)):
            check(s.ask("/standing", Authorization=good)[0] == 200, "a member comes in: %s" % good.split()[0])
        for bad in ("Bearer " + token[:-1], "Bearer " + token + "x", basic("other", token), "Basic !!!", "Bearer",
                    basic("un-monitor", token + "x"), "Digest " + token):
            check(s.ask("/standing", Authorization=bad)[0] == 401, "nobody else does: %s" % bad[:20])
        for _ in range(8):
            last = s.ask("/standing", Authorization="Bearer nonsense")
        check(last[0] == 429 and "retry-after" in last[1], "trying on and on is slowed")
        check(s.ask("/standing", Authorization="Bearer " + token)[0] == 200, "which locks no member out")
        check(b"truce_gate_failures_total" in s.ask("/metrics", Authorization="Bearer " + token)[2], "and is counted")
        second = truce("member", "add", "office", "--members", members, "--json")
        other = json.loads(second.stdout)["token"]
        check(s.ask("/standing", Authorization="Bearer " + other)[0] in (401, 429), "a new member waits")
        s.process.send_signal(signal.SIGHUP)
        deadline = time.time() + 5
        while s.ask("/standing", Authorization="Bearer " + other)[0] != 200 and time.time() < deadline:
            time.sleep(0.05)
        check(s.ask("/standing", Authorization="Bearer " + other)[0] == 200, "until the file is read again")
        open(members, "w").write("# nobody\n")
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        check(s.ask("/standing", Authorization="Bearer " + other)[0] == 200, "a file that names nobody is not taken")
        note = [report(register, key, words) for words in ("one", "two")]
        check(truce("submit", "-C", register, "-", stdin=note[0]).returncode == 0, "the socket asks for no token")
        check(truce("submit", "--to", s.url, "-", stdin=note[1]).returncode == 1, "the network does")
        word = os.path.join(folder, "token")
        open(word, "w").write(other + "\n")
        for more in ((), ("--member", "office")):
            result = truce("submit", "--to", s.url, "--token-file", word, *more, "-", stdin=note[1])
            check(result.returncode == 0, "a member hands in over the network: %r" % result.stderr)
        check(truce("submit", "--to", s.url, "--token-file", word, "--member", "un-monitor", "-",
                    stdin=note[1]).returncode == 1, "under its own name")
        check(truce("submit", "--to", s.url, "--member", "office", "-", stdin=note[1]).returncode == 2, "with its token")


def browsers(folder):
    """A browser that another site leads here gets nothing and hands nothing in."""
    register = loaded(folder, "browsers")
    note = note_list(register, 1000, 3)
    with Served(register) as s:
        for host in ("localhost", "localhost:%d" % s.port, "127.0.0.1", "127.9.8.7:80", "[::1]", "[::1]:8080", "LOCALHOST"):
            check(s.ask("/healthz", Host=host)[0] == 200, "%s is this machine" % host)
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.evil", "10.0.0.1",
                     "[::2]", "127.0.0.1.", "localhost@evil.example", "1127.0.0.1", "127.0..1"):
            status, head, data = s.ask("/healthz", Host=host)
            check(status in (400, 421) and b"size" not in data, "%s is not (%d)" % (host, status))
        check(s.ask("/healthz", Host="evil.example")[0] == 421, "and is told so")
        form = "notes=" + "".join("%%%02X" % b for b in note[0].replace(b"\n", b"\r\n"))
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        own = "http://127.0.0.1:%d" % s.port
        for wrong in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https://127.0.0.1:%d" % s.port},
                      {"Origin": own, "Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"},
                      {"Origin": "http://127.0.0.1:1"}):
            check(s.post(form, **kind, **wrong)[0] == 403, "a form of %s hands nothing in" % wrong)
        status, head, data = s.post(form, **kind, Accept=HTML, Origin=own, Sec_Fetch_Site="same-origin")
        check(status == 303 and s.ask(head["location"])[0] == 200, "our own form leads to the record: %d %r" % (status, data))
        check(s.post(b"notes=nonsense", **kind, Accept=HTML)[0] == 422, "what is refused is told in a page")
        check(s.post(note[1], **kind)[0] == 201, "curl --data-binary is understood whatever it says")
        check(s.post(note[2], Content_Type="multipart/form-data; boundary=x")[0] == 415, "parts of a form are not")


def doors(folder):
    """Where it listens, and where not."""
    register, members = loaded(folder, "doors"), os.path.join(folder, "few")
    truce("member", "add", "a", "--members", members)
    key, certificate = os.path.join(folder, "tls.key"), os.path.join(folder, "tls.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, capture_output=True)
    tls = ("--tls-cert", certificate, "--tls-key", key)
    for words in (("--listen", "0.0.0.0:0"), ("--listen", "0.0.0.0:0", "--members", members),
                  ("--listen", "192.0.2.1:0")):
        result = truce("serve", "-C", register, *words)
        check(result.returncode == 2 and b"serve-address" in result.stderr, "refused: %s: %r" % (words, result.stderr[-200:]))
    for words in (("--listen", "nonsense"), ("--listen", "127.0.0.1"), ("--listen", "127.0.0.1:99999"),
                  ("--tls-cert", certificate), ("--connections", "0"), ("--listen", "host.example:80")):
        check(truce("serve", "-C", register, *words).returncode == 2, "makes no sense: %s" % (words,))
    check(truce("serve", "-C", register, "--members", "/nonexistent").returncode in (1, 2), "members that are not there")
    check(truce("serve", "-C", folder + "/none").returncode == 1, "no register there")
    with Served(register, "--listen", "127.0.0.1:0", *tls) as s:
        context = ssl.create_default_context(cafile=certificate)
        connection = http.client.HTTPSConnection("localhost", s.port, timeout=10, context=context)
        status, head, data = s.ask("/standing?lang=ar", connection=connection, Accept=HTML, Host="register.example")
        check(s.url.startswith("https://") and status == 200 and "strict-transport-security" in head and
              "Secure" in head["set-cookie"], "under TLS any name will do, and it is kept to")
        page = {"Accept": HTML, "Host": "register.example", "Accept-Language": "ar"}
        plain = s.ask("/standing", connection=connection, **page)
        packed = s.ask("/standing", connection=connection, **page, **{"Accept-Encoding": "gzip"})
        check(packed[1]["content-encoding"] == "gzip" and gzip.decompress(packed[2]) == plain[2] and
              len(packed[2]) * 4 < len(plain[2]), "a page goes over the line compressed")
        check(packed[1]["etag"] != plain[1]["etag"] and "content-encoding" not in plain[1], "and is another answer")
        for kept in (plain[1]["etag"], packed[1]["etag"]):
            status = s.ask("/standing", connection=connection, **page, **{"Accept-Encoding": "gzip", "If-None-Match": kept})[0]
            check(status == (304 if kept == packed[1]["etag"] else 200), "whose validator is its own")
        connection.close()
        url = "https://localhost:%d" % s.port
        result = truce("submit", "--to", url, "-", "--tls-ca", certificate, stdin=notes(register, 1000, 1))
        check(result.returncode == 0, "submit --to goes through TLS: %r" % result.stderr)
        result = truce("submit", "--to", url, "-", stdin=notes(register, 1000, 1))
        check(result.returncode == 1 and b"not known" not in result.stderr, "and believes no stranger: %r" % result.stderr)
        second = truce("serve", "-C", register, "--listen", "127.0.0.1:0")
        check(second.returncode == 1 and b"log-locked" in second.stderr, "a register has one server")
        other = loaded(folder, "other-door")
        taken = truce("serve", "-C", other, "--listen", "127.0.0.1:%d" % s.port)
        check(taken.returncode == 1 and b"http-address-in-use" in taken.stderr, "an address too: %r" % taken.stderr[-200:])
    listening = Served(register, "--listen", "[::1]:0", "--lang", "ar")
    try:
        with listening as s:
            check(s.url.startswith("http://[::1]:"), "IPv6 is served")
    except RuntimeError:
        print("skipped: IPv6 (this machine has none)")


# ---- records in

def handing_in(folder):
    register = loaded(folder, "in")
    before = len(ids(register))
    some = note_list(register, 1000, 12)
    with Served(register) as s:
        status, head, data = s.post(some[0])
        receipt = lines(data)[0]
        check(status == 201 and head["content-type"] == "application/x-ndjson" and head["cache-control"] == "no-store" and
              head["location"] == "/records/" + receipt["id"], "a record is made: %d %r" % (status, data[:200]))
        check(receipt["index"] == before and receipt["level"] in ("checkpoint", "durable") and
              s.ask(head["location"])[0] == 200, "and can be had at once")
        check(s.post(some[0])[0] == 201 and lines(s.post(some[0])[2])[0]["index"] == before, "again it is the same one")
        status, head, data = s.post(b"".join(some[1:6]), Content_Type="application/octet-stream")
        check(status == 201 and [r["index"] for r in lines(data)] == list(range(before + 1, before + 6)), "many at once")
        status, head, data = s.post(some[6] + b"nonsense\n" + some[7])
        told = lines(data)
        check(status == 422 and "id" in told[0] and "refused" in told[-1] and "message" in told[-1], "what is refused is told")
        check(s.post(b"")[0] == 422 and lines(s.post(b"")[2])[0]["refused"] == "note-empty" or
              "refused" in lines(s.post(b"")[2])[0], "nothing at all is refused")
        arabic = lines(s.post(b"x", Accept_Language="ar")[2])[0]
        check(arabic["message"] != lines(s.post(b"x")[2])[0]["message"], "in the language asked for")
        # the command line, by URL and through the socket
        for words in (("--to", s.url), ("-C", register)):
            result = truce("submit", *words, "-", stdin=some[8])
            check(result.returncode == 0 and lines(result.stdout)[0]["index"] == lines(s.post(some[8])[2])[0]["index"],
                  "submit %s gives the receipt: %r" % (words[0], result.stderr))
            result = truce("submit", *words, "-", stdin=some[8] + b"nonsense")
            check(result.returncode == 4 and "refused" in lines(result.stdout)[-1] and result.stderr.startswith(b"truce: "),
                  "submit %s tells a refusal" % words[0])
            result = truce("submit", *words, "-", "--lang", "ar", stdin=b"")
            check(result.returncode == 4 and "refused" in lines(result.stdout)[0], "submit %s of nothing is refused" % words[0])
        many = notes(register, 5000, 4000, "united-states")
        result = truce("submit", "--to", s.url, "-", stdin=many)
        check(result.returncode == 0 and len(lines(result.stdout)) == 4000, "four thousand go in parts")
        result = truce("write", "report", "-C", register, "--key", register + "/keys/russia.key", "act=shot", "method=heard",
                       "when.from=2016-10-05T06:00:00Z", "when.to=2016-10-05T06:00:00Z", "--submit")
        check(result.returncode == 0 and b"received as no." in result.stderr, "write --submit goes through the server: %r" %
              result.stderr)
        check(os.listdir(register + "/outbox") == [], "and the outbox is empty")
        result = truce("import", "ged", "/dev/null", "--key", register + "/keys/ucdp.key", "-C", register)
        check(result.returncode == 1 and b"needs it alone" in result.stderr, "import says that it needs the register alone")
        check(truce("standing", "-C", register, "--json").returncode == 0 and
              len(ids(register)) == lines(s.ask("/healthz")[2])[0]["size"], "reading commands go on beside it")
        verified = truce("verify", register)
        check(verified.returncode == 0, "what is verified beside it has no fault: %r" % verified.stdout[-300:])
        at = s.url
    check(not os.path.exists(register + "/server.lock"), "the socket goes with the server")
    check(truce("submit", "-C", register, "-", stdin=some[9]).returncode == 0, "without a server the log is taken itself")
    result = truce("submit", "--to", at, "-", stdin=some[10])
    check(result.returncode == 1 and b"http-unreachable" in result.stderr, "nobody there: %r" % result.stderr)
    checkpoint_covers(register)


def checkpoint_covers(register):
    size = int(open(register + "/log/checkpoint").read().splitlines()[1])
    check(size == len(ids(register)), "a clean stop leaves a checkpoint that covers everything")


def many_hands(folder):
    """Many connections at once, each record its own request: receipts are right and groups are formed."""
    register = loaded(folder, "hands")
    some = note_list(register, 1000, 960)
    with Served(register) as s:
        def work(k):
            connection, receipts = s.connect(), []
            for note in some[k::32]:
                status, _, data = s.ask("/records", "POST", note, connection, Content_Type="text/plain")
                receipts.append((status, lines(data)[0]))
            connection.close()
            return receipts
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            given = [one for receipts in pool.map(work, range(32)) for one in receipts]
        check(len(given) == 960 and all(status == 201 for status, _ in given), "all are taken")
        check(len({r["index"] for _, r in given}) == 960, "each has a place of its own")
        data = s.ask("/metrics")[2].decode()
        groups, records = (int(re.search(r"^truce_group_records_%s (\d+)$" % w, data, re.M)[1]) for w in ("count", "sum"))
        check(records == 960 and groups < 960, "in groups: %d of them" % groups)
        where = {r["id"]: r["index"] for r in lines(s.ask("/records?by=monitor")[2])}
        check(all(where[r["id"]] == r["index"] for _, r in given), "and is found where its receipt says")


def many_tongues(folder):
    """Refusals of one group are told each in the language of its own request."""
    register = loaded(folder, "tongues")
    with Served(register) as s:
        told = {l: lines(s.post(b"x", Accept_Language=l)[2])[0]["message"] for l in ("ar", "en")}

        def work(k):
            language, connection, out = ("ar", "en")[k % 2], s.connect(), []
            for _ in range(40):
                data = s.ask("/records", "POST", b"x", connection, Accept_Language=language)[2]
                out.append(lines(data)[0]["message"] == told[language])
            connection.close()
            return all(out)

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            check(told["ar"] != told["en"] and all(pool.map(work, range(16))), "nobody is answered in another's language")


def own_register(folder):
    """A register of one's own, no exercise: exports leave out what could harm, and now is now."""
    register = os.path.join(folder, "own")
    truce("init", register, "--origin", "truce.example/own", "--name", "office", "--yes")
    key = ("-C", register, "--key", register + "/keys/office.key", "--submit")
    report = truce("write", "report", *key, "act=shelling", "method=heard", "when.from=2026-01-05T06:00:00Z",
                   "when.to=2026-01-05T06:05:00Z", "where.point=36.25,37.12", "where.radius_m=2000", "text.en='Five'")
    watch = truce("write", "coverage", *key, "when.from=2026-01-05T06:00:00Z", "when.to=2026-01-05T18:00:00Z",
                  "where.point=36.25,37.12", "where.radius_m=3000", "method=patrol")
    with Served(register) as s:
        check(s.ask("/records")[0] == 401, "a register of one's own has a door")
        s.session(register + "/keys/office.key")
        status, head, data = s.ask("/records")
        check(status == 200 and len(lines(data)) == 2 + (watch.returncode == 0) and report.returncode == 0,
              "the record is there: %r %r" % (report.stderr[-200:], watch.stderr[-200:]))
        for form in ("csv", "geojson"):
            status, head, data = s.ask("/records?f=" + form)
            check(data == truce("list", "-C", register, "--" + form).stdout and b"coverage" not in data and
                  head["truce-leaves-out"] == "site, passage, coverage", "%s leaves out hours and places of watching" % form)
        for path in ("/standing", "/today", "/records", "/records/" + ids(register)[-1]):
            check(s.ask(path, Accept=HTML)[0] == 200 and s.ask(path)[0] == 200, "%s is there" % path)
        first = json.loads(s.ask("/standing")[2])
        time.sleep(1.1)
        second = json.loads(s.ask("/standing")[2])
        check(first["as_of"] < second["as_of"] and first["exercise"] is False, "where it stands now is asked anew")
        raw = s.raw(b"GET /healthz HTTP/1.0\r\n\r\n").recv(4096)
        check(b" 200 " in raw.split(b"\r\n")[0], "who names no host is no browser: %r" % raw[:80])
        check(s.post(b"\n" * 300000)[0] == 413, "so many notes are too many")


# ---- the log for those who check it

def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node(root_of(hashes[:k]), root_of(hashes[k:]))


def tile_name(n):
    parts = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        parts.insert(0, "x%03d" % (n % 1000))
    return "/".join(parts)


def tiles(folder):
    register = loaded(folder, "tiles")
    truce("submit", "-C", register, "-", stdin=notes(register, 1000, 700))
    with Served(register) as s:
        for turn in range(2):
            status, head, data = s.ask("/checkpoint")
            origin, size, root = data.decode().split("\n")[:3]
            size = int(size)
            check(status == 200 and origin == "truce.example/syria-2016" and "max-age=1" in head["cache-control"], "a checkpoint")
            entries, hashes = [], []
            for n in range((size + 255) // 256):
                width = min(256, size - n * 256)
                part = "" if width == 256 else ".p/%d" % width
                status, head, data = s.ask("/tile/entries/%s%s" % (tile_name(n), part))
                check(status == 200 and head["content-type"] == "application/octet-stream" and
                      "immutable" in head["cache-control"], "bundle %d" % n)
                while data:
                    length = int.from_bytes(data[:2], "big")
                    entries.append(data[2:2 + length])
                    data = data[2 + length:]
                data = s.ask("/tile/0/%s%s" % (tile_name(n), part))[2]
                hashes += [data[i:i + 32] for i in range(0, len(data), 32)]
            check(len(entries) == size and [leaf(e) for e in entries] == hashes, "tiles and bundles are of the same entries")
            check(base64.b64encode(root_of(hashes)).decode() == root, "and have the checkpoint's root")
            above = s.ask("/tile/1/000.p/%d" % (size // 256))[2]
            check(above == b"".join(root_of(hashes[i * 256:i * 256 + 256]) for i in range(size // 256)), "level 1 too")
            if turn == 0:
                s.post(notes(register, 2000, 5))
                deadline = time.time() + 5
                while s.ask("/checkpoint")[2].split(b"\n")[1] == b"%d" % size and time.time() < deadline:
                    time.sleep(0.1)
                check(s.ask("/checkpoint")[2].split(b"\n")[1] == b"%d" % (size + 5), "a checkpoint follows within seconds")
        one = s.ask("/records/%s/proof" % ids(register)[3])[2].decode()
        check(one.startswith("c2sp.org/tlog-proof@v1\nindex 3\n"), "a record has its proof")


# ---- events

class Listener:
    def __init__(self, s, query="", **headers):
        self.connection = s.connect(timeout=20)
        self.connection.request("GET", "/events" + query, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.answer = self.connection.getresponse()
        self.comments = 0

    def events(self, count, timeout=10):
        """The next so many as (id, data)."""
        self.connection.sock.settimeout(timeout)
        out, number = [], None
        while len(out) < count:
            line = self.answer.readline()
            if not line:
                break
            if line.startswith(b":"):
                self.comments += 1
            if line.startswith(b"id: "):
                number = int(line[4:])
            if line.startswith(b"data: "):
                out.append((number, json.loads(line[6:])))
        return out

    def close(self):
        self.connection.close()


def events(folder):
    register = loaded(folder, "events")
    some = note_list(register, 1000, 300)
    with Served(register) as s:
        new = Listener(s)
        check(new.answer.status == 200 and new.answer.getheader("Content-Type") == "text/event-stream" and
              new.answer.getheader("Cache-Control") == "no-store", "events are a stream")
        new.answer.readline()  # it has begun
        receipt = lines(s.post(some[0])[2])[0]
        first = new.events(1)
        check(first == [(SIZE, {"by": "monitor", "id": receipt["id"], "index": SIZE, "kind": "report",
                               "received": receipt["received"]})], "news: by whom, of which kind, and no more: %r" % first)
        s.post(b"".join(some[1:100]))
        check([n for n, _ in new.events(99)] == list(range(SIZE + 1, SIZE + 100)), "each once and in order")
        back = Listener(s, Last_Event_ID="100")
        check([n for n, _ in back.events(SIZE - 1)] == list(range(101, SIZE + 100)), "Last-Event-ID goes on exactly behind it")
        begin = Listener(s, "?after=0")
        check([n for n, _ in begin.events(SIZE + 100)] == list(range(SIZE + 100)), "?after= begins where /records?after= does")
        last = Listener(s, Last_Event_ID=str(SIZE + 99))
        listeners = [new, back, begin, last] + [Listener(s) for _ in range(40)]
        for l in listeners[4:]:
            l.answer.readline()
        s.post(b"".join(some[100:300]))
        for l in listeners:
            check([n for n, _ in l.events(200)] == list(range(SIZE + 100, SIZE + 300)), "who was behind and who was not get the same")
        for l in listeners[4:]:
            l.close()
        last.connection.sock.settimeout(18)
        began, line = time.time(), b"\n"
        while line == b"\n":
            line = last.answer.readline()
        check(line.startswith(b":") and time.time() - began < 17, "within 15 s of silence a comment comes: %r" % line)
        s.process.send_signal(signal.SIGTERM)
        try:
            rest = new.answer.read()
        except http.client.HTTPException:
            rest = b""
        check(b"data" not in rest and s.process.wait(10) == 0, "a stop ends the streams")


# ---- the register's door

def own(folder, name):
    register = os.path.join(folder, name)
    truce("init", register, "--origin", "truce.example/own", "--name", "office", "--yes")
    return register, register + "/keys/office.key"


def certificate(folder, name, *, key=None, names="DNS:localhost,IP:127.0.0.1"):
    files = [os.path.join(folder, "%s.%s" % (name, kind)) for kind in ("pem", "key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", files[1], "-out", files[0], "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=" + names], check=True, capture_output=True)
    return files


def report(register, key, words):
    made = truce("write", "report", "-C", register, "--key", key, "act=shelling", "method=heard",
                 "when.from=2026-01-05T06:00:00Z", "when.to=2026-01-05T06:05:00Z", "where.point=36.25,37.12", "text.en=" + words)
    assert made.returncode == 0, made.stderr
    return made.stdout


def sessions(folder):
    register, key = own(folder, "door")
    tls = certificate(folder, "door")
    with Served(register, "--tls-cert", tls[0], "--tls-key", tls[1]) as s:
        s.trusted = tls[0]
        file = s.session(key)
        check(oct(os.stat(file).st_mode & 0o777) == "0o600", "a session key is its owner's alone")
        check(s.ask("/standing")[0] == 200, "a session reads")
        to = ("submit", "--to", "https://127.0.0.1:%d" % s.port, "--tls-ca", tls[0])
        result = truce(*to, "--session", file, "-", stdin=report(register, key, "one"))
        check(result.returncode == 0 and b'"index":1' in result.stdout, "and hands in: %r" % result.stderr)
        check(truce(*to, "-", stdin=report(register, key, "two")).returncode == 1, "without one nothing is taken")
        check(truce(*to, "--session", key, "-", stdin=b"").returncode == 1, "a signing key is no session key")
        open_now = re.search(rb"truce_sessions (\d+)", s.ask("/metrics")[2])[1]
        check(open_now == b"1", "submit has ended its own session: %r" % open_now)
        challenge = s.ask("/session/challenge")[2]
        answer = truce("session", "answer", "--session", file, "--to", s.url, stdin=challenge)
        status, head, _ = s.post(answer.stdout, "/session", Accept=HTML)
        cookie = head["set-cookie"]
        check(status == 303 and cookie.startswith("__Host-truce-session=") and
              all(part in cookie for part in ("; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure")),
              "a browser gets a cookie that no other host can set: %s" % cookie)
        for host in ("other.example:%d" % s.port, "localhost:1", "localhost", "127.0.0.2:%d" % s.port):
            check(s.ask("/session/challenge", Host=host)[0] == 421, "no challenge as %s" % host)
        check(s.ask("/session/challenge", Host="LocalHost:%d" % s.port)[0] == 200, "but as the certificate says")
        # the letter is worth nothing once the key that signed it is retired
        old = re.match(rb"([^+]*)\+([0-9a-f]{8})\+", truce("key", "public", key).stdout)[2].decode()
        new = truce("key", "new", "office", "--out", os.path.join(folder, "office2.key")).stdout.strip().decode()
        for change in (("change=add", "verifier=" + new), ("change=retire", "of=" + old)):
            made = truce("write", "key", "-C", register, "--key", key, "party=office", *change)
            check(s.post(made.stdout)[0] == 201, "a change of keys: %r" % made.stderr)
        check(s.ask("/standing")[0] == 401, "a session ends with the key that signed its letter")
        s.token = None
        s.session(os.path.join(folder, "office2.key"))
        check(s.ask("/standing")[0] == 200, "the new key opens")
    with Served(register, "--host", "Register.example:1") as s:
        check(s.ask("/session/challenge")[0] == 421 and
              s.ask("/session/challenge", Host="127.0.0.1:%d" % s.port)[0] == 421, "--host is the only name then")


def certificates(folder):
    """A certificate is replaced while connections live on; a broken one is told and not taken."""
    register, key = own(folder, "certificates")
    tls, next_ = certificate(folder, "first"), certificate(folder, "second")
    pem = lambda s: ssl.get_server_certificate(("127.0.0.1", s.port)).strip()
    with Served(register, "--tls-cert", tls[0], "--tls-key", tls[1]) as s:
        s.trusted = tls[0]
        s.session(key)
        before = pem(s)
        old = s.connect()
        check(s.ask("/standing", connection=old)[0] == 200, "a connection")
        open(tls[0], "w").write("nonsense")
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        check(pem(s) == before, "a broken file leaves the old one in force")
        shutil.copy(next_[0], tls[0])
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        check(pem(s) == before, "and so does a certificate of another key")
        shutil.copy(next_[1], tls[1])
        s.process.send_signal(signal.SIGHUP)
        deadline = time.time() + 5
        while pem(s) == before and time.time() < deadline:
            time.sleep(0.05)
        check(pem(s) == open(next_[0]).read().strip(), "both together are taken without a restart")
        check(s.ask("/standing", connection=old)[0] == 200, "who was connected is still")
        s.trusted = next_[0]
        check(s.ask("/standing")[0] == 200, "and comes anew")
        for version, fails in ((ssl.TLSVersion.TLSv1_1, True), (ssl.TLSVersion.TLSv1_2, False),
                               (ssl.TLSVersion.TLSv1_3, False)):
            context = ssl.create_default_context(cafile=next_[0])
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, version
            check(shakes(s, context) != fails, "%s" % version.name)
        context = ssl.create_default_context(cafile=next_[0])
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:AES128-GCM-SHA256")
        check(not shakes(s, context), "no cipher without authenticated encryption, no exchange without forward secrecy")
        code, err = s.stop()
        check(code == 0 and err.count(b"http-certificate") == 2, "each fault is told: %r" % err[-300:])


def shakes(s, context):
    try:
        with socket.create_connection(("127.0.0.1", s.port), 5) as plain, \
                context.wrap_socket(plain, server_hostname="localhost"):
            return True
    except (ssl.SSLError, ConnectionError):
        return False


def bad_tls(folder):
    """Handshakes that never end, dripped heads and bodies, half-open and slow readers over TLS, streams never read."""
    register, key = own(folder, "bad-tls")
    tls = certificate(folder, "bad")
    with Served(register, "--tls-cert", tls[0], "--tls-key", tls[1], "--per-address", "300", "--connections", "700") as s:
        s.trusted = tls[0]
        s.session(key)
        context = ssl.create_default_context(cafile=tls[0])

        def wrapped(data=b""):
            c = context.wrap_socket(s.raw(source="127.0.0.2"), server_hostname="localhost")
            c.sendall(data)
            return c

        def rate(seconds):
            """Requests a second of four good clients, and the longest that one took."""
            counts, slowest, until = [0] * 4, [0] * 4, time.time() + seconds

            def good(k):
                connection = s.connect()
                while time.time() < until:
                    began = time.time()
                    status = s.ask(("/checkpoint", "/session", "/records?limit=1")[counts[k] % 3], connection=connection)[0]
                    slowest[k] = max(slowest[k], time.time() - began)
                    counts[k] += status == 200

            threads = [threading.Thread(target=good, args=(k,)) for k in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return sum(counts) / seconds, max(slowest)

        bearer = ("Authorization: Bearer %s\r\nHost: localhost\r\n" % s.token).encode()
        alone, _ = rate(3)
        silent = [s.raw(source="127.0.0.2") for _ in range(60)]  # no handshake at all
        hello = [s.raw(bytes.fromhex("16030102000100"), source="127.0.0.2") for _ in range(60)]  # one that never ends
        heads = [wrapped(b"GET /standing HTTP/1.1\r\nHost: loc") for _ in range(20)]
        bodies = [wrapped(b"POST /%s HTTP/1.1\r\n%sContent-Length: 9000\r\n\r\n{" % (path, bearer))
                  for path in (b"session", b"records", b"session/end") for _ in range(5)]
        unread = [wrapped(b"GET /events?after=0 HTTP/1.1\r\n%s\r\n" % bearer) for _ in range(20)]
        large = wrapped(b"POST /session HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 100000000\r\n\r\n" % s.port)
        check(b" 413 " in large.recv(200), "a huge body is refused before it is read")
        stop = threading.Event()
        floods = [0]

        def drip():
            while not stop.is_set():
                for c in heads + bodies + hello[:10]:
                    try:
                        c.send(b"a")
                    except OSError:
                        pass
                time.sleep(0.2)

        def flood():
            while not stop.is_set():
                try:
                    s.raw(os.urandom(200), timeout=2, source="127.0.0.3").close()
                    floods[0] += 1
                except OSError:
                    pass
                time.sleep(0.002)

        bad = [threading.Thread(target=work, daemon=True) for work in (drip, flood)]
        for thread in bad:
            thread.start()
        under, slowest = rate(3)
        print("TLS: %.0f requests a second alone, %.0f under attack (%.2f), none longer than %.0f ms; %d floods" %
              (alone, under, under / alone, slowest * 1000, floods[0]))
        check(slowest < 5, "good clients are served on: %.3f s at most" % slowest)
        deadline, ended = time.time() + 30, set()
        waited = {id(c): c for c in silent + hello}
        while waited and time.time() < deadline:
            for c in list(waited.values()):
                c.setblocking(False)
                try:
                    gone = c.recv(100) == b""
                except BlockingIOError:
                    gone = False
                except OSError:
                    gone = True
                if gone:
                    del waited[id(c)]
            time.sleep(0.1)
        check(not waited, "handshakes that never end are cut off: %d are left" % len(waited))
        stop.set()
        for thread in bad:
            thread.join()
        check(s.ask("/healthz")[0] == 200 and s.ask("/standing")[0] == 200, "and all goes on")
        for c in heads + bodies + unread + [large]:
            c.close()


# ---- bad luck

def bad_clients(folder):
    """Slow, dripping, half-open and flooding clients from other addresses, while others are served."""
    register = loaded(folder, "bad")
    some = note_list(register, 1000, 200)
    with Served(register, "--per-address", "200", "--connections", "400") as s:
        half = [s.raw(b"GET /standing HTTP/1.1\r\nHost: loc", source="127.0.0.2") for _ in range(60)]
        idle = [s.raw(source="127.0.0.2") for _ in range(60)]
        bodies = [s.raw(b"POST /records HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{", source="127.0.0.2")
                  for _ in range(20)]
        stop = threading.Event()

        def drip():
            while not stop.is_set():
                for c in half[:20] + bodies[:10]:
                    try:
                        c.send(b"x")
                    except OSError:
                        pass
                time.sleep(0.1)

        def flood():
            while not stop.is_set():
                try:
                    c = s.raw(os.urandom(200), timeout=2, source="127.0.0.3")
                    c.close()
                except OSError:
                    time.sleep(0.01)

        bad = [threading.Thread(target=work, daemon=True) for work in (drip, flood)]
        for thread in bad:
            thread.start()
        slowest = 0
        for note in some:
            began = time.time()
            status, _, data = s.post(note)
            slowest = max(slowest, time.time() - began)
            check(status == 201, "others hand in meanwhile: %r" % data[:100])
        check(slowest < 5, "and wait for nobody: %.3f s at most" % slowest)
        check(s.ask("/standing", Accept=HTML)[0] == 200, "or read")
        stop.set()
        for thread in bad:
            thread.join()
        too_many = [s.raw(source="127.0.0.2") for _ in range(150)]
        time.sleep(0.3)
        for c in too_many + half + idle + bodies:
            c.close()
        deadline = time.time() + 5
        while time.time() < deadline:
            try:
                if s.ask("/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.05)
        check(s.ask("/healthz")[0] == 200, "when they are gone there is room again")
        refused = int(re.search(rb"connections_refused_total (\d+)", s.ask("/metrics")[2])[1])
        check(refused > 0, "those too many of one address were refused")


def disk_full(folder):
    def work(small):
        register = loaded(small, "full")
        parts = [b"".join(note_list(register, 10000 * k, 200)) for k in range(1, 120)]
        room = os.statvfs(small)
        check(sum(map(len, parts)) > room.f_bavail * room.f_frsize, "more is handed in than there is room for")
        given, problem = [], None
        with Served(register) as s:
            for part in parts:
                status, head, data = s.post(part)
                told = lines(data)
                given += [line["id"] for line in told if "id" in line]
                if status != 201:
                    problem = (status, head, told[-1])
                    break
            check(problem is not None and problem[0] == 503 and "retry-after" in problem[1] and "detail" in problem[2],
                  "a full disk is 503 with its reason: %r" % (problem,))
            for path in ("/standing?as-of=" + AS_OF, "/records/" + given[0], "/records?limit=5", "/checkpoint"):
                status, _, data = s.ask(path)
                check(status == 200, "readers are served on: %s %d %r" % (path, status, data[:200]))
            again = s.post(parts[-1])
            check(again[0] == 503, "and nothing more is taken: %d" % again[0])
            subprocess.run(["mount", "-o", "remount,size=96m", small], check=True)
            deadline = time.time() + 10
            while s.post(parts[-2])[0] != 201 and time.time() < deadline:
                time.sleep(0.2)
            check(s.post(parts[-2])[0] == 201 and s.ask("/healthz")[0] == 200, "with room it goes on")
        check(truce("verify", register).returncode == 0, "the register verifies after the disk was full")
        check(len(given) > 200 and set(given) <= set(ids(register)), "every receipt given before holds")
        with Served(register) as s:
            check(s.post(parts[-1])[0] == 201, "and after a start")

    if not mounted("size=12m", work):
        print("skipped: disk full (no right to mount a small disk here)")


def lost_index(folder):
    register = loaded(folder, "lost")
    some = note_list(register, 1000, 400)
    with Served(register) as s:
        s.post(b"".join(some[:100]))
        for part in os.listdir(register):
            if "index" in part:
                os.remove(os.path.join(register, part))
        for note in some[100:200]:
            check(s.post(note)[0] == 201, "records are taken while the index is gone")
        deadline = time.time() + 10  # it is being built again
        while len(lines(s.ask("/records?by=monitor&after=%d" % SIZE)[2])) < 100 and time.time() < deadline:
            time.sleep(0.1)
        status, _, data = s.ask("/records?by=monitor&after=%d" % SIZE)
        check(status == 200 and len(lines(data)) >= 100, "and answers go on: %d %r" % (status, data[:200]))
        check(s.ask("/standing?as-of=" + AS_OF)[0] == 200, "the standing too")
        s.post(b"".join(some[200:]))
        deadline = time.time() + 10
        while len(lines(s.ask("/records?after=%d" % SIZE)[2])) < 400 and time.time() < deadline:
            time.sleep(0.1)
        check(len(lines(s.ask("/records?after=%d" % SIZE)[2])) == 400, "all are found again")
    check(len(ids(register)) == SIZE + 400 and truce("verify", register).returncode == 0, "and afterwards")


class Load:
    """Clients that hand in one record a request until told to stop or the server is gone."""

    def __init__(self, s, clients=16, first=100000):
        self.s, self.given, self.errors, self.stopping = s, [], [], False
        self.notes = [note_list(s.register, first + 10000 * k, 1500) for k in range(clients)]
        self.threads = [threading.Thread(target=self.work, args=(k,), daemon=True) for k in range(clients)]
        for thread in self.threads:
            thread.start()

    def work(self, k):
        try:
            connection = self.s.connect(timeout=20)
            for note in self.notes[k]:
                if self.stopping:
                    break
                status, _, data = self.s.ask("/records", "POST", note, connection, Content_Type="text/plain")
                if status != 201:
                    self.errors.append((status, data))
                    break
                self.given.append(lines(data)[0]["id"])
        except (OSError, http.client.HTTPException):
            pass  # the server is gone

    def join(self):
        for thread in self.threads:
            thread.join(30)


def stopped(folder):
    """SIGTERM and SIGKILL under load: every receipt that a client got is in the log."""
    register = loaded(folder, "stopped")
    for turn, number in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGKILL)):
        with Served(register) as s:
            load = Load(s, clients=8, first=1000000 * (turn + 1))
            while len(load.given) < 300:
                time.sleep(0.01)
            began = time.time()
            s.process.send_signal(number)
            s.process.wait(20)
            took = time.time() - began
            load.join()
            code = s.process.returncode
            s.process.stdout.close(), s.process.stderr.close()
        check(code == (-9 if number == signal.SIGKILL else 0), "it ended by %s: %d" % (number.name, code))
        check(took < 8, "soon: %.1f s" % took)
        check([e for e in load.errors if e[0] != 503] == [], "nobody got nonsense: %r" % load.errors[:1])
        there = set(ids(register))
        check(len(load.given) >= 300 and set(load.given) <= there, "every receipt given before %s holds" % number.name)
        verified = truce("verify", register)
        check(verified.returncode == 0, "and the register verifies: %r" % verified.stdout[-300:])
        if number != signal.SIGKILL:
            checkpoint_covers(register)
            sent = {id_of(note) for one in load.notes for note in one}
            check((there & sent) <= set(load.given), "every record taken before %s has its receipt" % number.name)
    with Served(register) as s:
        check(s.ask("/healthz")[0] == 200, "a socket left by a killed server is no hindrance")
        s.process.send_signal(signal.SIGTERM)
        s.process.send_signal(signal.SIGTERM)
        check(s.process.wait(10) in (0, -15), "a second signal ends at once")
        s.process.stdout.close(), s.process.stderr.close()


def gone_client(folder):
    """Who leaves before the receipt finds the record by its id."""
    register = loaded(folder, "gone")
    some = note_list(register, 1000, 40)
    with Served(register) as s:
        for note in some:
            connection = s.raw(b"POST /records HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(note) + note)
            connection.close()
        deadline = time.time() + 5
        wanted = [id_of(note) for note in some]
        while any(s.ask("/records/" + i)[0] != 200 for i in wanted) and time.time() < deadline:
            time.sleep(0.05)
        check(all(s.ask("/records/" + i)[0] == 200 for i in wanted), "each record is found by its id")
        check(lines(s.post(some[5])[2])[0]["id"] == wanted[5], "and handing it in again gives its receipt")
    lost = socket.socket()
    lost.bind(("127.0.0.1", 0))
    lost.listen(1)

    def cut():
        connection, _ = lost.accept()
        connection.recv(100)
        connection.close()

    threading.Thread(target=cut, daemon=True).start()
    result = truce("submit", "--to", "http://127.0.0.1:%d" % lost.getsockname()[1], "-", stdin=some[0])
    check(result.returncode == 1 and b"not known" in result.stderr and b"by its id" in result.stderr,
          "submit says how to find out: %r" % result.stderr)


def idle_memory(folder):
    register = loaded(folder, "idle")
    os.environ.pop("MALLOC_PERTURB_", None)  # it writes to memory that is only set aside
    with Served(register) as s:
        s.ask("/healthz")
        pages = int(open("/proc/%d/statm" % s.process.pid).read().split()[1])
        size = pages * os.sysconf("SC_PAGESIZE")
        check(size < 20e6, "idle it takes %.1f MB" % (size / 1e6))
        print("idle: %.1f MB resident" % (size / 1e6))


def run(test):
    began = time.time()
    try:
        test(TOP)
    except Exception:  # one test that breaks off is one check that does not hold
        check(False, "%s: %s" % (test.__name__, traceback.format_exc()))
    if len(sys.argv) > 3:
        print("%s: %.1f s" % (test.__name__, time.time() - began))


TOP = tempfile.mkdtemp()
TESTS = (routes, filters, streamed, methods, problems, languages, links, gate, browsers, doors, handing_in, many_hands, many_tongues, own_register, sessions, certificates, bad_tls, tiles, events,
         bad_clients, disk_full, lost_index, stopped, gone_client, idle_memory)
try:
    first = truce("case", "load", "syria-2016", "-C", os.path.join(TOP, "case"))
    assert first.returncode == 0, first.stderr.decode()
    chosen = [t for t in TESTS if len(sys.argv) < 4 or t.__name__ in sys.argv[3:]]
    beside = threading.Thread(target=run, args=(events,))  # it waits for long silences
    if events in chosen:
        beside.start()
    for test in chosen:
        if test is not events:
            run(test)
    if events in chosen:
        beside.join()
finally:
    shutil.rmtree(TOP)
print("%d checks, %d failed" % (checks, failed))
sys.exit(failed != 0 or checks == 0)
