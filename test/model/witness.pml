/* A witness that crashes, is put back from backups, and asks its peers, before a log that shows two trees. Sizes are 1 to
 * SIZES, and the trees differ from the first entry on, so each size has two roots; view 0 and view 1 are the trees.
 *
 * What is so in the model: the log hands in any size of either tree at any time. The witness may crash between any two
 * steps. A backup may be made of what is durable at any time, and put back after any crash. Peer 0 lies: it says what it
 * likes, as long as it is something that the witness signed, or nothing at all; the others say what they have seen. What
 * was signed reaches them late, one by one; a backup is put back only when it has reached all who are honest.
 *
 * What must hold: nobody ever gets cosignatures of both trees (one_tree).
 *
 * holds:
 * holds: -DPEERS=5
 * fails: -DHIDDEN     what was signed was kept from the honest peers when the backup is put back
 * fails: -DLIARS=2    as many lie as make more than half
 * fails: -DEARLY      the cosignature is made before the state is durable
 * fails: -DUNASKED    it signs without having asked
 * fails: -DHALF       half of the peers are enough; of two, one lies
 * fails: -DOVERRIDE   an operator says of a backup that it is the newest */

#ifndef SIZES
#define SIZES 3
#endif
#ifdef HALF
#define PEERS 2
#endif
#ifndef PEERS
#define PEERS 3
#endif
#ifndef LIARS
#define LIARS 1
#endif

#ifdef HALF
#define enough(n) (2 * (n) >= PEERS)
#else
#define enough(n) (2 * (n) > PEERS)
#endif

byte disk_size, disk_view, disk_stopped;       /* durable */
byte backup_size, backup_view, backup_stopped; /* a copy of that, made some time ago */
byte size, view, stopped;                      /* in memory */
bool up, sure;
byte heard;       /* how many peers answered since the start */
bool asked[PEERS];
byte step, next_size, next_view; /* of the request that is under way; step 0: none */

bool given[2 * (SIZES + 1)]; /* cosignatures that are out: given[2 * size + view] */
byte largest;                /* of them */
bool both;                   /* of both trees */
byte seen_size[PEERS], seen_view[PEERS]; /* what honest peers have seen */

byte s, v, p; /* scratch */

inline give(a_size, a_view)
{
    given[2 * (a_size) + (a_view)] = true;
    if
    :: (a_size) > largest -> largest = (a_size)
    :: else
    fi;
    p = 1;
    do
    :: p <= SIZES ->
        if
        :: given[2 * p + 1 - (a_view)] -> both = true
        :: else
        fi;
        p++
    :: else -> break
    od;
    p = 0
}

/* All honest peers have seen the newest that was given out. */
inline check_spread(result)
{
    result = true;
    p = LIARS;
    do
    :: p < PEERS ->
        if
        :: seen_size[p] < largest -> result = false
        :: else
        fi;
        p++
    :: else -> break
    od;
    p = 0
}

/* A head with our own cosignature on it, which may be newer than the state, is taken, durably. */
inline hear(a_size, a_view)
{
    if
    :: (a_size) > size ->
        disk_size = (a_size); disk_view = (a_view);
        size = (a_size); view = (a_view)
    :: (a_size) == size && size > 0 && (a_view) != view ->
        disk_stopped = 1; stopped = 1
    :: else
    fi
}

active proctype world()
{
    bool spread;
    do
    /* A request: any size of either tree; it is refused unless it follows. */
    :: atomic {
        up && sure && !stopped && step == 0 ->
        select (s : 1 .. SIZES);
        select (v : 0 .. 1);
        if
        :: s >= size && (size == 0 || v == view) -> next_size = s; next_view = v; step = 1
        :: else
        fi;
        s = 0; v = 0
       }
#ifdef EARLY
    :: atomic { up && step == 1 -> give(next_size, next_view); step = 2 }
    :: atomic { up && step == 2 -> disk_size = next_size; disk_view = next_view; size = next_size; view = next_view; step = 0 }
#else
    :: atomic { up && step == 1 -> disk_size = next_size; disk_view = next_view; step = 2 }
    :: atomic { up && step == 2 -> size = next_size; view = next_view; give(next_size, next_view); step = 0 }
#endif

    /* The process dies at any moment, and starts. */
    :: atomic { up -> up = false; step = 0; next_size = 0; next_view = 0 }
    :: atomic {
        !up -> up = true;
        size = disk_size; view = disk_view; stopped = disk_stopped;
        heard = 0;
        p = 0;
        do
        :: p < PEERS -> asked[p] = false; p++
        :: else -> break
        od;
        p = 0;
#ifdef UNASKED
        sure = true
#else
        sure = false
#endif
       }
#ifdef OVERRIDE
    :: atomic { up && !sure -> sure = true }
#endif

    /* Backups. */
    :: atomic { backup_size = disk_size; backup_view = disk_view; backup_stopped = disk_stopped }
    :: atomic {
        !up ->
#ifdef HIDDEN
        spread = true;
#else
        check_spread(spread);
#endif
        if
        :: spread -> disk_size = backup_size; disk_view = backup_view; disk_stopped = backup_stopped
        :: else
        fi;
        spread = false
       }

    /* A peer is asked; it counts once. Between requests: who leads a group does both. */
    :: atomic {
        up && step == 0 ->
        select (p : 0 .. PEERS - 1);
        if
        :: p < LIARS -> /* anything that was ever given out, or nothing */
            select (s : 0 .. SIZES);
            select (v : 0 .. 1);
            if
            :: s > 0 && given[2 * s + v] -> hear(s, v)
            :: else
            fi;
            s = 0; v = 0
        :: else -> hear(seen_size[p], seen_view[p])
        fi;
        if
        :: !asked[p] -> asked[p] = true; heard++
        :: else
        fi;
        if
        :: enough(heard) -> sure = true
        :: else
        fi;
        p = 0
       }

    /* What is out reaches an honest peer. */
    :: atomic {
        select (p : LIARS .. PEERS - 1);
        select (s : 1 .. SIZES);
        select (v : 0 .. 1);
        if
        :: given[2 * s + v] && s > seen_size[p] -> seen_size[p] = s; seen_view[p] = v
        :: else
        fi;
        p = 0; s = 0; v = 0
       }
    od
}

never { /* one_tree */
    do
    :: both -> break
    :: else
    od
}
