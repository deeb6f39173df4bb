"""RFC 6962 once more, slow and obvious: roots and proofs over leaf hashes, and the checkpoints that name them."""
import base64
import hashlib


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(size):
    return 1 << (size - 1).bit_length() - 1


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(size, leaves, whole=True):
    """From the tree of that size to the tree of all."""
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if size <= k:
        return consistency(size, leaves[:k], whole) + [root(leaves[k:])]
    return consistency(size - k, leaves[k:], False) + [root(leaves[:k])]


def base64_of(data):
    return base64.b64encode(data).decode()


class Head:
    """A signed checkpoint: its size and root, its text and its signature lines."""

    def __init__(self, note):
        self.note = note
        self.text, lines = note.split(b"\n\n")
        self.text += b"\n"
        self.lines = lines.splitlines(keepends=True)
        origin, size, root_, rest = self.text.split(b"\n")
        self.origin, self.size, self.root = origin.decode(), int(size), base64.b64decode(root_)
