"""Network namespaces with a bad wire between them: each has one TAP device, and the other end of all of them is a thread of this
program, which carries every Ethernet frame: late, twice, out of order, or not at all. A host may have two faces: two
namespaces with one address, of which each other namespace meets just one."""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

TUNSETIFF, TAP_WITHOUT_HEADER = 0x400454CA, 0x0002 | 0x1000
NETWORK_NAMESPACE = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def why_not():
    """Nothing, or why namespaces cannot be had here."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    try:
        name = "truce-probe-%d" % os.getpid()
        ip("netns", "add", name)
        ip("netns", "delete", name)
    except (OSError, subprocess.CalledProcessError):
        return "ip netns does not work here"
    return None


class Switch:
    """`addresses`: name → number of the host in 10.77.0.0/24; two names of one number are two faces of one host."""

    def __init__(self, addresses, seed):
        self.addresses, self.random = addresses, random.Random(seed)
        self.names = {name: "truce-%d-%s" % (os.getpid(), name) for name in addresses}
        self.faces = {}  # who asks → which of two faces it meets, if not the first
        self.cut, self.counts = set(), dict.fromkeys(("carried", "lost", "twice", "late", "cut"), 0)
        self.worse = 1.0
        self.files, self.waiting, self.number, self.lock = {}, [], 0, threading.Lock()
        self.awake, self.wake = os.pipe()
        self.ending = False
        for name in addresses:
            self.files[name] = self.make(name)
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def make(self, name):
        ip("netns", "add", self.names[name])
        with open("/proc/self/ns/net") as here, open("/run/netns/" + self.names[name]) as there:
            if libc.setns(there.fileno(), NETWORK_NAMESPACE) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", b"wire", TAP_WITHOUT_HEADER))
            libc.setns(here.fileno(), NETWORK_NAMESPACE)
        at = ("-n", self.names[name])
        ip(*at, "link", "set", "wire", "address", self.mac(name))
        ip(*at, "address", "add", "10.77.0.%d/24" % self.addresses[name], "dev", "wire")
        ip(*at, "link", "set", "wire", "up")
        ip(*at, "link", "set", "lo", "up")
        return file

    def mac(self, name):
        return "02:00:00:00:00:%02x" % self.addresses[name]

    def address(self, name):
        return "10.77.0.%d" % self.addresses[name]

    def inside(self, name):
        """What a command begins with that runs there."""
        return ["ip", "netns", "exec", self.names[name]]

    # ---- who meets whom

    def separate(self, one, other):
        self.cut.add(frozenset((one, other)))

    def join(self, one=None, other=None):
        if one is None:
            self.cut.clear()
        else:
            self.cut.discard(frozenset((one, other)))

    def face(self, asker, name=None):
        """From now on it meets this face of its host, or the first one again."""
        if name is None:
            self.faces.pop(asker, None)
        else:
            self.faces[asker] = name

    def meets(self, one, other):
        """Does `one` meet just this face of `other`'s host?"""
        same = [name for name in self.addresses if self.addresses[name] == self.addresses[other]]
        return self.addresses[one] != self.addresses[other] and (len(same) == 1 or self.faces.get(one, same[0]) == other)

    def receivers(self, sender, frame):
        number = frame[5] if frame[:5] == b"\x02\0\0\0\0" else None
        for name, address in self.addresses.items():
            if (number is None or number == address) and name != sender and self.meets(sender, name) and self.meets(name, sender):
                yield name

    # ---- frames

    def carry(self):
        while not self.ending:
            now = time.monotonic()
            while self.waiting and self.waiting[0][0] <= now:
                _, _, name, frame = heapq.heappop(self.waiting)
                try:
                    os.write(self.files[name], frame)
                except OSError:
                    pass  # a full queue is a bad wire too
            wait = max(0.0, self.waiting[0][0] - now) if self.waiting else 1.0
            ready, _, _ = select.select([self.awake, *self.files.values()], [], [], wait)
            for name, file in self.files.items():
                if file in ready:
                    self.take(name, file)

    def take(self, sender, file):
        for _ in range(64):
            try:
                frame = os.read(file, 65536)
            except BlockingIOError:
                return
            for receiver in self.receivers(sender, frame):
                self.send(sender, receiver, frame)

    def send(self, sender, receiver, frame):
        draw, counts = self.random.random, self.counts
        if frozenset((sender, receiver)) in self.cut:
            counts["cut"] += 1
            return
        if draw() < .02 * self.worse:
            counts["lost"] += 1
            return
        twice = draw() < .03 * self.worse
        counts["twice"] += twice
        for _ in range(1 + twice):
            late = draw() < .1 * self.worse
            counts["late"] += late
            self.number += 1
            delay = draw() * (.060 if late else .003)
            heapq.heappush(self.waiting, (time.monotonic() + delay, self.number, receiver, frame))
        counts["carried"] += 1

    def close(self):
        self.ending = True
        os.write(self.wake, b"x")
        self.thread.join()
        for file in self.files.values():
            os.close(file)
        for name in self.names.values():
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)
