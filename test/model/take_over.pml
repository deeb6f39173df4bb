/* A log whose host lies and is left: witnesses cosign, crash, vote; whoever takes over counts. Sizes are 1 to SIZES of two
 * trees that differ from the first entry on (view 0 and 1), so that a head is a size and a view.
 *
 * What is so in the model: the host asks any witness at any time to cosign any head of either tree. An honest witness
 * cosigns what follows from its last head, durably before it answers; it may crash in between, and then knows what is durable. Its
 * vote makes durable that it has ended before the vote leaves. LIARS witnesses have cosigned every head from the start, whatever they
 * vote, and vote for any head, or not, when they are counted. Who takes over has a copy of view 0 of any size that
 * the host showed, and counts votes as spec/take-over.md says.
 *
 * What must hold, whatever is counted:
 *   T-base   every head of a quorum that was ever made is of the copy's view and not beyond the base, or nobody takes over
 *   T-end    after that no new head of a quorum comes to be for the old key that was not one at the time
 *
 * holds:
 * holds: -DWITNESSES=3 -DQUORUM=2 -DFAULTS=0
 * holds: -DSIZES=3
 * holds: -DWITNESSES=5 -DQUORUM=4 -DFAULTS=1
 * fails: -DNEEDED=2      fewer votes are enough
 * fails: -DLIARS=2       more lie than the policy says
 * fails: -DLATE          the vote leaves before its promise is durable
 * fails: -DSMALLEST      the base is the smallest of the votes
 * fails: -DANYVIEW       votes of another history are counted */

#ifndef WITNESSES
#define WITNESSES 4
#endif
#ifndef QUORUM
#define QUORUM 3
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#ifndef LIARS
#define LIARS FAULTS
#endif
#ifndef SIZES
#define SIZES 2
#endif
#ifndef NEEDED
#define NEEDED (WITNESSES + FAULTS + 1 - QUORUM)
#endif
#define HEADS (2 * SIZES)             /* head h: size h / 2 + 1, view h % 2 */
#define size_of(h) ((h) / 2 + 1)
#define view_of(h) ((h) % 2)
#define NONE HEADS

#define honest(w) ((w) >= LIARS)

byte disk[WITNESSES];       /* durable: the last head */
bool ended[WITNESSES];      /* durable: it will not cosign the old key any more */
bool answers[WITNESSES];    /* its last head is durable, and the cosignature about to leave */
byte given[HEADS];          /* how many cosigned it; a bit for each honest one, so that none counts twice */
byte vote[WITNESSES];       /* the head that a vote which is out says */
bool taken;
byte base;                  /* a size; 0: none */

byte w, h, n, v, largest;   /* scratch */

inline count_bits(bits)
{
    n = LIARS;
    w = LIARS;
    do
    :: w < WITNESSES -> n = n + (((bits) >> w) & 1); w++
    :: else -> break
    od;
    w = 0
}

inline take_over()
{
    n = 0;
#ifdef SMALLEST
    largest = SIZES;
#endif
    w = 0;
    do
    :: w < WITNESSES ->
        v = vote[w];
        if
        :: honest(w)
        :: !honest(w) -> select (v : 0 .. NONE + 1) /* a liar's */
        fi;
        if
        :: v == NONE -> n++
#ifdef ANYVIEW
        :: v < NONE ->
#else
        :: v < NONE && view_of(v) == 0 -> /* as the copy */
#endif
            n++;
            if
#ifdef SMALLEST
            :: size_of(v) < largest -> largest = size_of(v)
#else
            :: size_of(v) > largest -> largest = size_of(v)
#endif
            :: else
            fi
        :: else
        fi;
        w++
    :: else -> break
    od;
    w = 0; v = 0;
    if
    :: n >= NEEDED -> taken = true; base = largest
    :: else
    fi;
    n = 0; largest = 0
}

active proctype world()
{
    atomic {
        w = 0;
        do
        :: w < WITNESSES -> disk[w] = NONE; vote[w] = NONE + 1; w++
        :: else -> break
        od;
        w = 0
    }
    do
    /* The host asks for a cosignature of any head. */
    :: atomic {
        select (w : LIARS .. WITNESSES - 1);
        select (h : 0 .. HEADS - 1);
        if
        :: !answers[w] && !ended[w] &&
           (disk[w] == NONE || (view_of(h) == view_of(disk[w]) && size_of(h) >= size_of(disk[w]))) ->
            disk[w] = h; answers[w] = true
        :: else
        fi;
        w = 0; h = 0
       }
    :: atomic {
        select (w : LIARS .. WITNESSES - 1);
        if
        :: answers[w] -> given[disk[w]] = given[disk[w]] | (1 << w); answers[w] = false
        :: else
        fi;
        w = 0
       }
    /* A witness dies, and starts again from what is durable: the answer is lost. */
    :: atomic { select (w : LIARS .. WITNESSES - 1); answers[w] = false; w = 0 }
    /* It votes, between two requests. */
    :: atomic {
        select (w : LIARS .. WITNESSES - 1);
        if
        :: !answers[w] && vote[w] == NONE + 1 ->
            vote[w] = disk[w];
#ifndef LATE
            ended[w] = true
#endif
        :: else
        fi;
        w = 0
       }
#ifdef LATE
    :: atomic { select (w : LIARS .. WITNESSES - 1); ended[w] = (vote[w] != NONE + 1); w = 0 }
#endif
    :: atomic { !taken -> take_over() }
    /* T-base and T-end: no head of a quorum is, or comes to be, of another view or beyond the base. */
    :: atomic {
        taken ->
        select (h : 0 .. HEADS - 1);
        count_bits(given[h]);
        assert(n < QUORUM || (view_of(h) == 0 && size_of(h) <= base));
        h = 0; n = 0
       }
    od
}
