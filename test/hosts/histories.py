#!/usr/bin/env python3
"""histories.py PROGRAM LIBRARY COUNT [SEED] — random histories of a register whose host lies, beside the table of lies
(lies.py). Four offices write, hand in, copy and carry; witnesses are reached or not; what is sent comes late, twice, in
any order. Into most histories one or two lies are mixed. After every exchange each office must tell just what can be told
by then, neither more nor less; in the end what is provable is proved offline, what is prevented left no trace, nobody
honest is accused, and no honest record is lost. The seed is printed; a history that fails is named by it."""
import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import liar
import tree
from library import CHECKPOINT, DONE, DURABLE, WRITE, Library, Register, Witness
from lies import ELSEWHERE, LIES, PROVABLE
from world import Ground, ROLES, World, now_ms, read, report, utc

NETWORKED = [party for party in ROLES if party != "field"]


class History(World):
    def __init__(self, ground, folder, seed):
        super().__init__(ground, folder, random.Random(seed))
        self.lies, self.after, self.held, self.withheld = [], [], set(), set()
        self.evidence = {}  # lie → lines that were made of what offices hold
        self.proved = set()  # lies whose evidence was found in an office's own folder
        self.number = 0
        self.split = False  # there is more than one history

    # ---- what honest people do

    def office(self, networked=True):
        return self.offices[self.random.choice(NETWORKED if networked else list(ROLES))]

    def say(self, office=None):
        office = office or self.office(False)
        self.number += 1
        mine = [id for id, (party, note) in self.written.items() if party == office.party and b'"kind":"report"' in note]
        if mine and self.random.random() < .15:
            return office.write("retraction", of=self.random.choice(mine), text={"en": "Not so", "original": "en"})
        if self.random.random() < .3:
            to = self.random.choice([party for party in ROLES if party != office.party])
            return office.write("notice", to=[to], at="2026-10-05T06:00:00Z", text={"en": "No. %d" % self.number, "original": "en"})
        return office.write("report", **report("Heard %d times" % self.number))

    def hand(self):
        self.hand_in_waiting(self.office())

    def is_held_back(self, office, note, view):
        return office.party in self.held or liar.id_of(note) in self.withheld

    def contradicts(self, answer):
        return self.split and answer["refused"] == "admission-anchor-root"

    def reach(self):
        self.cosign(self.random.choice(self.views), self.random.sample(range(3), self.random.randint(1, 3)))

    def look(self, office=None):
        office = office or self.office()
        shown = office.shown if office.shown else office.view
        if shown.register is not None:
            shown.publish()
        return self.copy(office, shown.directory)

    def bring(self):
        office = self.office()
        head = office.head()
        code = self.bring_cosignature(office, office.view)
        if not self.split:
            self.check(code in (None, ""), "the host takes no cosignature of %s at %d: %s" % (office.party, head.size, code))

    def carry(self):
        one, other = self.random.sample(list(ROLES), 2)
        self.visit(self.offices[one], self.offices[other], self.random.random() < .5)

    def carry_to_host(self):
        office = self.office(False)
        if not self.withheld and office.party not in self.held:
            self.open_pouch_at_host(office.view, self.pack(office))

    def anchor(self):
        office = self.office()
        note = read(os.path.join(office.view.directory, "peers", "cosigned"))
        if note is not None and not self.split and office.party not in self.held:
            fields = office.view.open().anchor(note)
            written = office.write("anchor", **fields)
            self.hand_in(office, [written])

    STEPS = (say, 8), (hand, 5), (reach, 3), (look, 5), (bring, 1), (carry, 3), (carry_to_host, 1), (anchor, 1)

    # ---- what the host does instead

    def tell_codes(self, entry, *codes):
        self.faults[entry] = codes
        return entry

    def sign(self, name, kind, **fields):
        """A record that truce would not write, signed all the same."""
        self.number += 1
        id = self.ground.public[name].split("+")[1]
        body = {"v": 1, "register": self.ground.register, "kind": kind, "by": name, "key": id,
                "seq": 1000000 + self.number, "prev": "%064x" % self.random.getrandbits(256), "written": utc(now_ms()), **fields}
        text = json.dumps(body).encode()
        return self.calls.answer("truce_sign", self.ground.keys[name], text, len(text))

    def entry_of(self, note, *codes):
        return self.tell_codes(liar.entry(max(now_ms(), self.last_received() + 1), note), *codes)

    def last_received(self, view=None):
        return max([0] + [liar.received_of(e) for e in (view or self.views[0]).entries() if e.startswith(b"received ")])

    def logged(self, kind=None):
        """Honest notes in the log."""
        notes = [liar.note_of(e) for e in self.views[0].entries()[self.ground.size:] if e not in self.faults]
        return [n for n in notes if liar.id_of(n) in self.written and (kind is None or b'"kind":"%s"' % kind in n)]

    def log_one(self, office=None, level=CHECKPOINT):
        office = office or self.office()
        note = office.write("report", **report("Heard before %d" % len(self.written)))
        self.hand_in(office, [note], level=level)
        return note

    def elsewhere(self, view):
        """The host answers from a copy of its files that it then forgets."""
        copy = view.copy_to("forgotten-%d" % len(os.listdir(self.folder)))
        return copy

    def promised(self, office, notes):
        """Takes notes, gives promises, and forgets them."""
        copy = self.elsewhere(office.view)
        answers = self.hand_in(office, notes, copy, DURABLE)
        copy.close()
        shutil.rmtree(copy.directory)
        return answers

    def longest(self):
        """What the host shows in the end, to whoever has a receipt and looks."""
        return max(self.views, key=lambda view: view.head().size)

    def convict(self, lie, answer):
        """In the end: another entry stands where the host promised this one."""
        def prove():
            shown = self.longest()
            self.check((answer["id"], answer["index"]) in self.missed or self.split, "a promise is missed, and nobody is told")
            self.evidence.setdefault(lie, []).append(liar.misplaced(
                [self.ground.log_key], answer["promise"].encode(), answer["index"], shown.head(), shown.entries()))
        self.after.append(prove)

    def drop(self):
        office = self.office()
        for answer in self.promised(office, [self.say(office)]):
            self.convict("drop", answer)
        self.log_one()

    def drop_signed(self):
        office = self.office()
        copy = self.elsewhere(office.view)
        answer, = self.hand_in(office, [self.say(office)], copy, CHECKPOINT)
        copy.close()
        shutil.rmtree(copy.directory)
        self.log_one()

        def prove():
            shown = self.longest()
            self.evidence["drop-signed"] = [liar.contradicted([self.ground.log_key], answer, shown.head(), shown.entries())]
        self.after.append(prove)

    def reorder(self):
        office = self.office()
        notes = [self.say(office), self.say(office)]
        for answer in self.promised(office, notes):
            self.convict("reorder", answer)
        self.hand_in(office, notes[::-1], level=CHECKPOINT)

    def withhold(self):
        self.held.add(self.office().party)

    def withhold_all(self):
        self.withheld.add(liar.id_of(self.say()))

    def delay(self):
        office = self.office()
        self.held.add(office.party)
        self.say(office)
        self.ends.append(lambda: self.held.discard(office.party))

    def refuse(self):
        office, place = self.office(), self.path("unfounded")
        note = self.say(office)
        shutil.copytree(self.ground.unfounded, place)
        with Register(self.calls, place, WRITE) as register:
            answer, = register.submit(note)
        self.check("refused" in answer, "nothing is refused")
        office.keep_said([note], [answer])
        self.after.append(lambda: self.find_evidence("refuse", "refusal"))
        self.evidence["refuse"] = [liar.evidence("refusal", [self.ground.log_key], refusal=answer["note"].encode(), note=note)]

    def two_views(self):
        self.split = True
        one = self.views[0]
        other = one.copy_to("other")
        self.views.append(other)
        camp = self.random.sample(NETWORKED, self.random.randint(1, 2))
        for party in camp:
            self.offices[party].view = other
        self.log_one(self.offices[next(p for p in NETWORKED if p not in camp)])
        self.log_one(self.offices[camp[0]])
        self.everybody_learns("two-views")

    def bad_witness(self):
        """Witness 0 has a second memory, which knows only the other history."""
        self.reach()
        place = self.path("w0-again")
        shutil.copytree(self.path("w0"), place)
        again = Witness(self.calls, place, self.ground.keys["w0"], self.ground.log_key)
        self.witnesses[0].append(again)
        self.two_views()
        one, other = self.views
        self.witness_of = lambda i, view: self.witnesses[i][-1 if view is other else 0]
        self.cosigned_twice = self.cosign(one, [0, 1]), self.cosign(other, [0, 2])
        self.everybody_learns("bad-witness")

        def both():
            self.check(all(len(lines) == 2 for lines in self.cosigned_twice), "one bad witness is not enough for two quorums")
        self.after.append(both)

    def everybody_learns(self, lie):
        """Once everybody has met everybody, all know, and it is in their folders."""
        def all_know():
            for office in self.offices.values():
                knows = office.seen & set(LIES[lie].codes)
                self.check(knows, "%s does not know of two histories in the end" % office.party)
            self.find_evidence(lie, "fork")
        self.after.append(all_know)

    def find_evidence(self, lie, kind):
        found = [path for office in self.offices.values() for path in office.evidence()
                 if json.loads(read(path))["evidence"] == kind]
        self.check(found, "nobody keeps evidence of %s" % lie)
        self.proved.add(lie)

    def rewrite_log(self):
        """Entries that were published and copied are changed."""
        office = self.office()
        for _ in range(2):
            self.log_one(office)
        self.look(office)
        view = office.view
        entries = view.entries()
        at = self.random.randrange(self.ground.size, len(entries) - 1)
        rest = [e for e in entries[at:] if b'"kind":"anchor"' not in e]
        how = self.random.choice(("remove", "swap", "later")) if len(rest) > 1 else "later"
        if how == "remove":
            rest = rest[1:]
        elif how == "swap":
            notes = [liar.note_of(rest[1]), liar.note_of(rest[0])]
            rest = [liar.entry(liar.received_of(e), n) for e, n in zip(rest, notes)] + rest[2:]
        else:
            rest = [liar.shifted(e, 1) for e in rest]
        codes = {e.split(b"\n", 1)[-1]: self.faults[e] for e in entries if e in self.faults}
        for entry in rest:  # what is void stays so
            if entry.split(b"\n", 1)[-1] in codes:
                self.tell_codes(entry, *codes[entry.split(b"\n", 1)[-1]])
        return view, entries[:at] + rest, entries

    def rewrite(self):
        view, entries, before = self.rewrite_log()
        self.split = True
        view.rewrite(entries)
        self.log_one()
        self.log_one()
        self.everyone_who_had(before, len(os.path.commonprefix([entries, before])), "rewrite")

    def roll_back(self):
        view, _, before = self.rewrite_log()
        at = self.random.randrange(self.ground.size, len(before))
        self.split = True
        view.rewrite(before[:at])
        for _ in range(len(before) - at + 1):
            self.log_one()
        self.everyone_who_had(before, at, "roll-back")

    def everyone_who_had(self, before, at, lie):
        """Those whose copy went beyond what was changed find out by themselves; the others when they meet one of them."""
        def had():
            knows = [o for o in self.offices.values() if o.seen & set(LIES[lie].codes)]
            self.check(knows, "nobody noticed that history was changed")
            self.find_evidence(lie, "fork")
        self.after.append(had)

    def freeze(self):
        office = self.office()
        office.shown = office.view.copy_to("frozen")
        self.log_one(office)

        def told():
            self.check(office.head().size == max(o.head().size for o in self.offices.values()) or self.split,
                       "%s is left behind" % office.party)
        self.after.append(told)

    def shown_once(self, change):
        """An office is shown files that were changed; it takes nothing of them."""
        office = self.office()
        self.log_one(office)
        office.view.publish()
        false = office.view.copy_to("false-%d" % len(os.listdir(self.folder)))
        change(os.path.join(false.directory, "log"), office)
        before = office.entries()
        had = office.head().size
        code = self.copy(office, false.directory, tampered=office.view.entries())
        self.check(code or had == false.head().size, "%s took what was changed" % office.party)
        self.check(office.entries()[:len(before)] == before and set(office.entries()) <= set(office.view.entries()) | set(before),
                   "something of it was kept")
        return code

    def tamper(self):
        def flip(log, office):
            size = len(office.view.entries())
            path = os.path.join(log, "tile", "entries", "000.p", str(size))
            data = bytearray(read(path))
            data[-self.random.randint(1, 100)] ^= 1 << self.random.randrange(8)
            if self.random.random() < .3:
                data = data[:-self.random.randint(1, 300)]
            with open(path, "wb") as file:
                file.write(data)
        self.check(self.shown_once(flip) in ("mirror-fork", *LIES["tamper"].codes), "by another check")

    def wrong_key(self):
        def sign_otherwise(log, office):
            path = os.path.join(log, "checkpoint")
            head = tree.Head(read(path))
            if self.random.random() < .5:
                line = self.ground.false_line(head.text)
            else:
                at = self.random.randint(8, 60)
                line = head.lines[0][:-at] + (b"A" if head.lines[0][-at:-at + 1] != b"A" else b"B") + head.lines[0][-at + 1:]
            with open(path, "wb") as file:
                file.write(head.text + b"\n" + line)
        self.check(self.shown_once(sign_otherwise) in LIES["wrong-key"].codes, "by another check")

    # void entries

    def slip_one(self, *entries):
        self.views[0].slip(entries)
        self.copies_tell(entries)

    def copies_tell(self, entries):
        """In the end every copy that holds one of these has told its codes."""
        def told():
            for office in self.offices.values():
                held = [e for e in entries if e in office.entries()]
                codes = {code for e in held for code in self.faults.get(e, ())}
                self.check(codes <= office.seen, "%s never told of %s" % (office.party, codes - office.seen))
                if not self.split:
                    self.check(held, "%s has no copy of what was slipped in" % office.party)
        self.after.append(told)

    def slip_in(self):
        how = self.random.choice(("ghost", "role", "own", "twice", "garbage"))
        if how == "ghost":
            entry = self.entry_of(self.sign("ghost", "report", **report("Boo")), "admission-member-unknown")
        elif how == "role":
            entry = self.entry_of(self.sign("field", "standing", agreement="%064x" % 7, act="withdraw", scope={"whole": True},
                                            at=utc(now_ms())), "admission-role")
        elif how == "own":
            note = self.log_one(self.offices["north"])
            entry = self.entry_of(self.sign("south", "retraction", of=liar.id_of(note)), "admission-own")
        elif how == "twice":
            note = self.log_one()
            entry = self.entry_of(note, "admission-duplicate")
        else:
            entry = self.entry_of(b"hello\n", "record-note")
        self.slip_one(entry)

    def invent_member(self):
        party = self.sign("un", "party", party="ghost", role="monitor", names={"en": "Ghost", "original": "en"},
                          keys=[self.ground.public["ghost"]])
        self.slip_one(self.entry_of(party), self.entry_of(self.sign("field", "approval", of=liar.id_of(party), decision="approve")),
                      self.entry_of(self.sign("ghost", "report", **report("Boo")), "admission-member-unknown"))

    def forge(self):
        note = self.log_one()
        at = note.index(b'"en":"') + 6
        changed = note[:at] + (b"X" if note[at:at + 1] != b"X" else b"Y") + note[at + 1:]
        self.slip_one(self.entry_of(changed, "admission-signature"))

    def replay(self):
        self.slip_one(self.entry_of(self.ground.elsewhere, "admission-register"))

    # when it came

    def anchored(self, view):
        """A record that anchors a head which witnesses have just cosigned."""
        self.cosign(view, range(3))
        note = read(os.path.join(view.directory, "peers", "cosigned"))
        return self.sign("un", "anchor", **view.open().anchor(note))

    def a_report(self):
        self.number += 1
        return self.sign("north", "report", **report("Heard late, %d" % self.number))

    def backdate(self):
        """Nothing has come for hours; what comes now is logged as if it had come then."""
        view = self.views[0]
        anchor, past = self.anchored(view), self.last_received()
        entries = [liar.entry(past + 1, anchor), liar.entry(past + 2, self.a_report())]
        for entry in entries:
            self.tell_codes(entry, "received-early")
        self.slip_one(*entries)

        def prove():
            for office in self.offices.values():
                if set(entries) <= set(office.entries()):
                    self.evidence.setdefault("backdate", []).append(self.backdated(office, *entries))
                    return
        self.after.append(prove)

    def backdated(self, office, anchor, entry):
        head, all = office.head(), office.entries()
        leaves, at, index = [tree.leaf(e) for e in all[:head.size]], all.index(anchor), all.index(entry)
        return liar.evidence("received", [self.ground.log_key, self.ground.public["w0"]], entry=entry, index=index,
                             proof=tree.inclusion(index, leaves), checkpoint=head.note, anchor=anchor, anchor_index=at,
                             anchor_proof=tree.inclusion(at, leaves))

    def backdate_within(self):
        """By four minutes behind an anchor, or by hours where there is none."""
        view = self.views[0]
        if self.random.random() < .5:
            entries = [liar.entry(now_ms() - 250000, self.anchored(view)), liar.entry(now_ms() - 240000, self.a_report())]
        else:
            entries = [liar.entry(self.last_received() + 1, self.a_report())]
        self.slip_one(*entries)

    def disorder(self):
        note = self.a_report()
        counted = [e for e in self.views[0].entries() if all(code.startswith("received") for code in self.faults.get(e, ()))]
        before = liar.received_of(counted[-1])  # what is void has no say
        self.slip_one(self.tell_codes(liar.entry(before - self.random.choice((1, 1000, 100000)), note), "received-back"))

    def postdate(self):
        """What comes after it is told too: the host's clock goes on from there."""
        view = self.views[0]
        entry = liar.entry(now_ms() + self.random.choice((1200000, 7200000)), self.a_report())
        self.slip_one(self.tell_codes(entry, "received-ahead"))
        self.cosign(view, range(3))
        cosigned = read(os.path.join(view.directory, "peers", "cosigned"))

        def prove():
            head, entries = tree.Head(cosigned), view.entries()
            leaves = [tree.leaf(e) for e in entries[:head.size]]
            index = entries.index(entry)
            self.evidence["postdate"] = [liar.evidence(
                "received", [self.ground.log_key, self.ground.public["w1"]], entry=entry, index=index,
                proof=tree.inclusion(index, leaves), checkpoint=cosigned)]
        self.after.append(prove)

    # others than the host

    def two_tongues(self):
        office = self.office()
        self.number += 1
        same = {"seq": 2000000 + self.number, "prev": "%064x" % self.random.getrandbits(256)}
        notes = [self.sign(office.party, "report", **same, **report(text)) for text in ("They began", "They did not")]
        self.twins[notes[1]] = notes[0]
        self.twins[notes[0]] = notes[1]
        self.hand_in(office, notes, level=CHECKPOINT)

        def told():
            have = [o for o in self.offices.values() if set(notes) <= {e.split(b"\n", 1)[-1] for e in o.entries()}]
            for other in have:
                self.check("mirror-equivocation" in other.seen, "%s did not tell of two tongues" % other.party)
            if have or not self.split:
                self.find_evidence("two-tongues", "equivocation")
            else:  # the host took one of them back before anybody had it
                self.proved.add("two-tongues")
        self.after.append(told)

    def slander(self):
        """In the end: whatever can be put together from true things proves nothing."""
        def try_all():
            office = self.office()
            head, entries = office.head(), office.entries()
            leaves = [tree.leaf(e) for e in entries[:head.size]]
            keys = [self.ground.log_key] + [self.ground.public[n] for n in ("w0", "w1", "w2", "mirror-" + office.party)]
            cosigned = read(os.path.join(office.directory, "peers", "seen", "cosigned")) or head.note
            earlier = tree.Head(cosigned)
            tries = [liar.evidence("fork", keys, first=head.note, second=cosigned),
                     liar.evidence("fork", keys, first=self.ground.first_head, second=head.note,
                                   other=tree.root(leaves[:self.ground.size]),
                                   proof=tree.consistency(self.ground.size, leaves)),
                     liar.evidence("fork", keys, first=self.ground.first_head, second=head.note, other=bytes(32),
                                   proof=tree.consistency(self.ground.size, leaves))]
            for index in self.random.sample(range(self.ground.size - 1, head.size), 1):
                tries.append(liar.evidence("received", keys, entry=entries[index], index=index, checkpoint=cosigned
                                           if earlier.size > index and earlier.root == tree.root(leaves[:earlier.size]) else head.note,
                                           proof=tree.inclusion(index, leaves)))
            for holder in self.offices.values():
                for answer in holder.receipts[:2]:
                    index = answer["index"]
                    if head.size > index and liar.id_of(liar.note_of(entries[index])) == answer["id"]:
                        tries.append(liar.misplaced(keys, answer["promise"].encode(), index, head, entries))
                        tries.append(liar.evidence("promise", keys, promise=answer["promise"].encode(), checkpoint=cosigned))
            notes = [note for _, note in list(self.written.values())[:2]]
            if notes:
                tries.append(liar.evidence("equivocation", keys + [self.ground.public[p] for p in ROLES], first=notes[0], second=notes[0]))
            if len(notes) == 2:
                tries.append(liar.evidence("equivocation", keys + [self.ground.public[p] for p in ROLES], first=notes[0], second=notes[1]))
            for i, line in enumerate(tries):
                status, faults, _ = self.prove(line)
                self.check(status != DONE and set(faults) <= set(LIES["slander"].codes),
                           "slander no. %d proves something: %s" % (i, line[:200]))
        self.after.append(try_all)

    PLAYS = {"drop": drop, "drop-signed": drop_signed, "reorder": reorder, "withhold": withhold, "withhold-all": withhold_all, "delay": delay,
             "refuse": refuse, "two-views": two_views, "bad-witness": bad_witness, "rewrite": rewrite, "roll-back": roll_back,
             "freeze": freeze, "tamper": tamper, "wrong-key": wrong_key, "slip-in": slip_in, "invent-member": invent_member,
             "forge": forge, "replay": replay, "backdate": backdate, "backdate-within": backdate_within, "disorder": disorder,
             "postdate": postdate, "two-tongues": two_tongues, "slander": slander}
    SPLITS = {"two-views", "bad-witness", "rewrite", "roll-back"}
    FIRST = ("backdate", "backdate-within", "postdate")  # while nothing has come for hours

    # ---- from beginning to end

    def prove(self, line):
        path = self.path("evidence.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(line)
        return self.calls.verify(path)

    def draw(self, names):
        chosen = self.random.sample(names, min(len(names), self.random.choices((0, 1, 2), (15, 55, 30))[0]))
        while len(self.SPLITS & set(chosen)) > 1 or len(set(self.FIRST) & set(chosen)) > 1 or self.mixes(chosen):
            chosen = self.random.sample(names, 2)
        return chosen

    @staticmethod
    def mixes(chosen):
        """Histories written anew change the times of entries too: what those tell is another lie's matter."""
        return "postdate" in chosen and {"rewrite", "roll-back", "disorder", "slander"} & set(chosen)

    def play(self, names):
        self.ends = []
        for office in self.offices.values():
            office.shown = None
        self.lies = self.draw(names)
        steps, weights = zip(*self.STEPS)
        drawn = self.random.choices(steps, weights, k=self.random.randint(10, 22))
        for name in sorted(self.lies, key=lambda name: name in self.FIRST):
            drawn.insert(0 if name in self.FIRST else self.random.randrange(len(drawn)), self.PLAYS[name])
        for step in drawn:
            step(self)
        self.heal()
        self.judge()

    def heal(self):
        """The network is whole again, and everybody meets everybody."""
        for end in self.ends:
            end()
        for _ in range(2):
            for party in self.random.sample(list(ROLES), len(ROLES)):
                office = self.offices[party]
                if party == "field" or party in self.held:
                    others = [p for p in NETWORKED if p not in self.held and p != party]
                    self.visit(office, self.offices[self.random.choice(others)], False)
            for party in NETWORKED:
                self.hand_in_waiting(self.offices[party])
        for view in self.views:
            view.publish()
            self.cosign(view, range(3))
        for party in NETWORKED:
            self.look(self.offices[party])
        for one in self.random.sample(list(ROLES), len(ROLES)):
            for other in self.random.sample(list(ROLES), len(ROLES)):
                if one != other:
                    self.visit(self.offices[one], self.offices[other])

    def judge(self):
        self.missed = set().union(*[office.promises() for office in self.offices.values()])
        for look in self.after:
            look()
        self.nothing_is_lost()
        self.cosigned_once()
        self.evidence_holds()
        self.copies_verify()

    def nothing_is_lost(self):
        copies = {party: collections.Counter(liar.note_of(e) for e in office.entries() if e.startswith(b"received ") and
                                             e not in self.faults) for party, office in self.offices.items()}
        for id, (party, note) in self.written.items():
            held = [p for p in copies if copies[p][note] == 1]
            waits = any(note in office.outbox() for office in self.offices.values())
            if id in self.withheld:
                self.check(not held and waits, "what is withheld from all waits in an outbox")
            elif self.split:
                self.check(held or waits, "a record of %s is lost" % party)
            else:
                self.check(len(held) == len(ROLES), "a record of %s is in the copies of %s alone" % (party, held))

    def cosigned_once(self):
        if "bad-witness" in self.lies:
            return
        longest = max(self.cosigned, key=len, default=[])
        self.check(all(longest[:len(leaves)] == leaves for leaves in self.cosigned), "a quorum cosigned two histories")

    def evidence_holds(self):
        allowed = {LIES[name].evidence for name in self.lies}
        if self.split:  # of two histories the one does not keep what was promised, or refuses what was anchored, in the other
            allowed |= {"promise", "refusal"}
        kept = [path for office in self.offices.values() for path in office.evidence()]
        for folder in [view.directory for view in self.views] + [self.path("w%d" % i) for i in range(3)]:
            folder = os.path.join(folder, "peers", "evidence")
            kept += [os.path.join(folder, name) for name in os.listdir(folder)] if os.path.isdir(folder) else []
        for path in kept:
            status, faults, sums = self.calls.verify(path, policy=self.ground.log)
            kind = json.loads(read(path))["evidence"]
            if kind == "equivocation":
                status, faults, sums = self.calls.verify(path)
            self.check(status == DONE, "evidence that was kept does not hold: %s %s" % (path, faults))
            self.check(kind in allowed, "somebody honest is accused of %s" % kind)
        for name in self.lies:
            if LIES[name].answer == PROVABLE and name not in self.proved:
                self.check(self.evidence.get(name), "there is no evidence of %s" % name)
            for line in self.evidence.get(name, ()):
                self.check(json.loads(line)["evidence"] == LIES[name].evidence, "evidence of another kind")
                status, faults, _ = self.prove(line)
                self.check(status == DONE, "evidence of %s proves nothing" % name)

    def copies_verify(self):
        office = self.office(False)
        status, faults, _ = self.calls.verify(office.directory, self.ground.genesis)
        wanted = [code for entry in office.entries() for code in self.codes_of(entry)]
        self.check(sorted(faults) == sorted(wanted), "%s's copy verifies as %s, and should as %s" % (office.party, faults, wanted))


def main():
    program, library, count = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(10**9)
    only = os.environ.get("LIES", "").split()

    def run(*words):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
        return done.stdout
    print("seed %d" % seed, flush=True)
    failed, checks, played = 0, 0, collections.Counter()
    assert set(History.PLAYS) == set(LIES) - set(ELSEWHERE), "the table has other lies than are played"
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=where) as folder:
        ground = Ground(Library(library), os.path.join(folder, "ground"), run)
        for number in range(seed, seed + count):
            history = History(ground, os.path.join(folder, "history"), number)
            try:
                history.play(only or list(History.PLAYS))
            except Exception as trouble:
                if os.environ.get("TRACE"):
                    raise
                history.wrong.append("%s: %s" % (type(trouble).__name__, trouble))
            history.close()
            played.update(history.lies or ["none"])
            if (number - seed) % 100 == 99:
                print("%d played, %d failed" % (number - seed + 1, failed + bool(history.wrong)), flush=True)
            checks += history.checks
            if history.wrong:
                failed += 1
                print("history %d (%s) fails:" % (number, " ".join(history.lies) or "honest"), *history.wrong[:6], sep="\n  ", flush=True)
    print(", ".join("%s %d" % lie for lie in sorted(played.items())))
    missing = [] if count < 300 or only else [name for name in History.PLAYS if not played[name]]
    print("%d histories, %d checks, %d failed%s" % (count, checks, failed, "; never played: %s" % missing if missing else ""))
    return 1 if failed or missing else 0


if __name__ == "__main__":
    sys.exit(main())
