"""libtruce in this process: what truce.h offers, as far as histories need it. The shared object is built by meson
(library.c); every call goes through the public header's functions and nothing else."""
import ctypes
import json

DONE, FAILED, USAGE, UNVERIFIED, REFUSED = range(5)
READ, WRITE = range(2)
SIGN, COSIGN = range(2)
JSON, NOTE, PROOF, RECEIPT = range(4)
CHECKPOINT, DURABLE = range(2)

String, Size, Handle = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p
LINE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
TAKE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("code", ctypes.c_char * 64), ("message", ctypes.c_char * 1024),
                ("pointer", ctypes.c_char * 256), ("offset", ctypes.c_int64)]


class Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Trouble(Exception):
    """A call that failed, and what it told on the way."""

    def __init__(self, call, error, told=()):
        self.status, self.code, self.told = error.status, error.code.decode(), list(told)
        super().__init__("%s: %s (%s)" % (call, error.message.decode(), self.code))


def encoded(path):
    return path.encode() if isinstance(path, str) else path


class Library:
    def __init__(self, path):
        self.so = ctypes.CDLL(path)
        self.so.hosts_error_size.restype = Size
        assert self.so.hosts_error_size() == ctypes.sizeof(Error), "truce.h has another truce_error"

    def ask(self, name, *words, may=(DONE,), told=()):
        """Calls a function whose last parameter is the error."""
        error = Error()
        status = getattr(self.so, name)(*words, ctypes.byref(error))
        if status not in may:
            raise Trouble(name, error, told)
        return status, error.code.decode() if status != DONE else ""

    def taken(self, buffer):
        data = ctypes.string_at(buffer.data, buffer.size) if buffer.data else b""
        self.so.truce_free(ctypes.byref(buffer))
        return data

    def answer(self, name, *words, **more):
        """The same of one that fills a buffer before it."""
        buffer = Buffer()
        self.ask(name, *words, ctypes.byref(buffer), **more)
        return self.taken(buffer)

    @staticmethod
    def listener():
        """A truce_line and the list that it fills: pairs of status and JSON."""
        told = []

        def line(_, status, data, size):
            text = ctypes.string_at(data, size)
            try:
                told.append((status, json.loads(text)))
            except ValueError:
                told.append((status, {"bytes": text}))
            return 0
        return LINE(line), told

    # keys

    def new_key(self, name, path, use=SIGN):
        return self.answer("truce_key_new", encoded(name), use, encoded(path), None).decode()

    def key(self, path):
        key = Handle()
        self.ask("truce_key_open", ctypes.byref(key), encoded(path), None, None)
        return key

    def close_key(self, key):
        self.so.truce_key_close(ctypes.byref(key))

    # what needs no register

    def verify(self, path, genesis=None, policy=None):
        """Status, the codes of all faults, and the sums."""
        line, told = self.listener()
        buffer = Buffer()
        status, code = self.ask("hosts_verify", encoded(path), encoded(genesis), encoded(policy), line, ctypes.byref(buffer),
                                may=(DONE, UNVERIFIED, REFUSED, USAGE))
        data = self.taken(buffer)
        faults = [fault["code"] for _, fault in told] or ([code] if code else [])
        return status, faults, json.loads(data) if data else {}


class Register:
    def __init__(self, library, path, mode=READ):
        self.calls, self.path, self.handle = library, path, Handle()
        library.ask("truce_open", ctypes.byref(self.handle), encoded(path), mode)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.calls.ask("truce_close", ctypes.byref(self.handle))

    def level(self, level):
        self.calls.so.truce_receipt_level(self.handle, level)

    def publish(self):
        self.calls.ask("truce_publish", self.handle)

    def submit(self, notes):
        """The lines: receipts and refusals, in the order of the notes."""
        line, told = self.calls.listener()
        self.calls.ask("truce_submit", self.handle, notes, len(notes), line, None, may=(DONE, REFUSED))
        return [answer for _, answer in told]

    def keep_said(self, notes, answers):
        """What a host said of notes is kept: promises until they are settled, refusals as evidence."""
        lines = "".join(json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for answer in answers)
        lines = lines.encode()
        self.calls.ask("truce_said_keep", self.handle, notes, Size(len(notes)), lines, Size(len(lines)))

    def promises(self):
        """Status, and what became of each."""
        line, told = self.calls.listener()
        status, _ = self.calls.ask("truce_promises", self.handle, line, None, may=(DONE, UNVERIFIED))
        return status, [promise for _, promise in told]

    def write(self, key, kind, fields):
        text = json.dumps(fields).encode()
        return self.calls.answer("truce_write", self.handle, key, encoded(kind), text, len(text))

    def cosigned(self, note):
        """Brings a cosigned head; the code of a refusal, or nothing."""
        return self.calls.ask("truce_cosigned", self.handle, note, len(note), may=(DONE, REFUSED, UNVERIFIED))[1]

    def heads(self):
        return json.loads(self.calls.answer("truce_heads", self.handle))

    def show(self, id, form):
        return self.calls.answer("truce_show", self.handle, encoded(id), form)

    def records(self):
        line, told = self.calls.listener()
        self.calls.ask("hosts_records", self.handle, line)
        return [record for _, record in told]

    def anchor(self, note):
        return json.loads(self.calls.answer("truce_anchor", note, len(note)))

    def pack(self, path):
        return json.loads(self.calls.answer("hosts_pack", self.handle, encoded(path)))

    def open_pouch(self, path, hand_in=False):
        """Status, what was told, and the sums. With hand_in its records are handed in here, else the outbox keeps them."""
        line, told = self.calls.listener()
        got = []

        def take(_, notes, size):
            answers = self.submit(ctypes.string_at(notes, size))
            got.extend(answers)
            return REFUSED if any("refused" in answer for answer in answers) else DONE
        buffer = Buffer()
        status, _ = self.calls.ask("hosts_open_pouch", self.handle, encoded(path), TAKE(take) if hand_in else TAKE(), line,
                                     ctypes.byref(buffer), may=(DONE, REFUSED, UNVERIFIED), told=told)
        data = self.calls.taken(buffer)
        return status, [fault for _, fault in told], json.loads(data) if data else {}, got


def copied(library, source, directory, genesis, key):
    """One round of a mirror: its status and code, and the codes that it told."""
    line, told = library.listener()
    status, code = library.ask("hosts_copy", encoded(source), encoded(directory), encoded(genesis), key, line,
                               may=(DONE, FAILED, UNVERIFIED, REFUSED))
    return status, code, [line["code"] for _, line in told if "code" in line]


class Witness:
    def __init__(self, library, directory, key, log_key):
        self.calls, self.handle = library, Handle()
        library.ask("hosts_witness", ctypes.byref(self.handle), encoded(directory), key, b"log " + encoded(log_key) + b"\n")

    def add(self, body):
        """The HTTP status and the body of its answer."""
        answer = Buffer()
        status = self.calls.so.hosts_witness_add(self.handle, body, Size(len(body)), ctypes.byref(answer))
        return status, self.calls.taken(answer)

    def close(self):
        self.calls.so.truce_witness_close(ctypes.byref(self.handle))
