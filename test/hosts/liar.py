"""What a host that lies can do with its own files and its own key, and truce refuses to: entries slipped into the journal,
histories written anew. The program then finds them when it opens the log, takes them for what was acknowledged, and
signs them as any others (spec/log.md, Recovery): the signature is the host's own."""
import glob
import hashlib
import json
import os
import shutil
import struct

import tree

MAGIC = b"\xfftruce\x01\n"


def entries_of(directory):
    """The entries in the journal of a register, in order."""
    with open(os.path.join(directory, "log", "journal"), "rb") as file:
        data = file.read()
    at, found = 0, []
    while at < len(data):
        count, size = struct.unpack(">II", data[at + 16:at + 24])
        at += 56
        end = at + size
        while at < end:
            length, = struct.unpack(">H", data[at:at + 2])
            found.append(data[at + 2:at + 2 + length])
            at += 2 + length
    return found


def group(index, entries):
    payload = b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)
    head = MAGIC + struct.pack(">QII", index, len(entries), len(payload))
    return head + hashlib.sha256(head + b"".join(map(tree.leaf, entries))).digest() + payload


def slip(directory, entries):
    """Puts entries behind the last one, whatever they are. Nobody may hold the log."""
    index = len(entries_of(directory))
    with open(os.path.join(directory, "log", "journal"), "ab") as file:
        file.write(group(index, entries))


def rewrite(directory, entries, beginning):
    """Another history in the same register: `beginning` is the signed checkpoint of size 0, from which any may grow."""
    log = os.path.join(directory, "log")
    shutil.rmtree(log)
    shutil.rmtree(os.path.join(directory, "peers"), ignore_errors=True)  # what others cosigned is of the other history
    os.mkdir(log)
    for path in glob.glob(os.path.join(directory, "index*")):
        os.remove(path)
    with open(os.path.join(log, "checkpoint"), "wb") as file:
        file.write(beginning)
    with open(os.path.join(log, "journal"), "wb") as file:
        file.write(group(0, entries))


# ---- entries taken apart

def entry(received_ms, note):
    return b"received %d\n" % received_ms + note


def received_of(entry_):
    return int(entry_.split(b"\n", 1)[0].split(b" ")[1])


def note_of(entry_):
    return entry_.split(b"\n", 1)[1]


def id_of(note):
    return hashlib.sha256(note.split(b"\n", 1)[0] + b"\n").hexdigest()


def shifted(entry_, by_ms):
    return entry(received_of(entry_) + by_ms, note_of(entry_))


# ---- evidence, as spec/evidence.md writes it

def evidence(kind, keys, **members):
    def form(value):
        if isinstance(value, bytes):
            return tree.base64_of(value)
        return [tree.base64_of(hash_) for hash_ in value] if isinstance(value, list) else value
    body = {"evidence": kind, "keys": keys, **{name: form(value) for name, value in members.items()}}
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def misplaced(keys, promise, index, head, entries):
    """Another entry stands where one was promised."""
    leaves = [tree.leaf(e) for e in entries[:head.size]]
    return evidence("promise", keys, promise=promise, checkpoint=head.note, leaf=leaves[index],
                    proof=tree.inclusion(index, leaves))


def contradicted(keys, receipt, head, entries):
    """A receipt brings a signed head of its own, and later ones are of another history."""
    signed = tree.Head(receipt["proof"].split("\n\n", 1)[1].encode())
    leaves = [tree.leaf(e) for e in entries[:head.size]]
    if signed.size == head.size:
        return evidence("fork", keys, first=signed.note, second=head.note)
    return evidence("fork", keys, first=signed.note, second=head.note, other=tree.root(leaves[:signed.size]),
                    proof=tree.consistency(signed.size, leaves))
