/* Votes for a change of host: who counts, how many are needed, where the log goes on; compared with a search over all
 * sets of witnesses. The seed is printed and may be given. */
#include "check.h"
#include "peer/ballot.h"
#include "random.h"
#include "scratch.h"

#include "log/checkpoint.h"

enum { WITNESSES = 5, SIZE = 9 };

static struct random dice;
static struct signer witness[WITNESSES + 1], next, other; /* the last is of no policy */
static char verifier_of[WITNESSES][VERIFIER_TEXT_SIZE];

static struct place {
    char *top, path[600];
    struct truce_register *reg;
    struct signer log_key;
} at;

static void say(const char *kind, const char *object)
{
    struct truce_key *key;
    struct truce_register *reg;
    struct truce_buffer note = {0};
    struct truce_error why = {.code = ""};
    char path[700];
    snprintf(path, sizeof path, "%s/keys/office.key", at.path);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, at.path, TRUCE_WRITE, &why) == TRUCE_DONE);
    if (!CHECK(truce_write(reg, key, kind, object, strlen(object), &note, &why) == TRUCE_DONE &&
               truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE))
        fprintf(stderr, "  %s %s %s\n", kind, why.code, why.message);
    truce_free(&note);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
}

static void say_policy(unsigned witnesses, unsigned faults, unsigned quorum)
{
    char object[3000];
    size_t size = (size_t)snprintf(object, sizeof object,
                                   "{\"witnessing\":{\"faults\":%u,\"quorum\":%u,\"witnesses\":[", faults, quorum);
    for (unsigned i = 0; i < witnesses; i++)
        size += (size_t)snprintf(object + size, sizeof object - size, "%s{\"key\":\"%s\"}", i == 0 ? "" : ",",
                                 verifier_of[i]);
    snprintf(object + size, sizeof object - size, "]}}");
    say("policy", object);
}

static void place_open(unsigned witnesses, unsigned faults, unsigned quorum)
{
    struct truce_buffer answer = {0};
    struct error error;
    char path[700], object[300];
    at = (struct place){.top = scratch("ballot")};
    snprintf(at.path, sizeof at.path, "%s/r", at.top);
    const struct truce_init_options options = {.directory = at.path, .origin = "test.example/b", .name = "office"};
    CHECK(truce_init(&options, &answer, NULL) == TRUCE_DONE);
    truce_free(&answer);
    if (witnesses > 0) say_policy(witnesses, faults, quorum);
    for (unsigned i = witnesses > 0 ? 2 : 1; i < SIZE; i++) {
        snprintf(object, sizeof object,
                 "{\"to\":[\"office\"],\"at\":\"2026-01-01T00:00:00Z\",\"text\":{\"en\":\"%u\",\"original\":\"en\"}}",
                 i);
        say("question", object);
    }
    snprintf(path, sizeof path, "%s/log.key", at.path);
    CHECK(key_file_read(&system_real, path, NULL, NULL, &at.log_key, &error) == STATUS_DONE);
    CHECK(register_open(&at.reg, &system_real, at.path, TRUCE_READ, &error) == STATUS_DONE);
    CHECK(register_know(at.reg, &error) == STATUS_DONE);
    CHECK_INT(log_size(at.reg->log), SIZE);
}

static void place_close(void)
{
    CHECK(register_close(&at.reg, NULL) == STATUS_DONE);
    signer_clear(&at.log_key);
    scratch_remove(at.top);
}

/* The head of that size, signed by the log and cosigned. Beyond the log any root will do. */
static void put_head(struct buffer *out, uint64_t size, const struct signer *cosigner)
{
    struct checkpoint head = {.origin = slice_from(at.log_key.verifier.name), .size = size};
    OWN(buffer_clear) struct buffer text = {0};
    if (size <= SIZE) CHECK(log_root(at.reg->log, size, &head.root, NULL) == STATUS_DONE);
    checkpoint_format(&text, &head);
    CHECK(note_sign(out, buffer_slice(&text), &at.log_key, NULL) == STATUS_DONE);
    CHECK(note_cosign_line(out, buffer_slice(&text), 1000, cosigner, NULL) == STATUS_DONE);
}

static void put_vote(struct buffer *out, const struct signer *voter, uint64_t size, const struct signer *to)
{
    OWN(vote_clear) struct vote vote = {.old_key = at.log_key.verifier, .new_key = to->verifier, .size = size};
    if (size > 0) put_head(&vote.checkpoint, size, voter);
    CHECK(vote_sign(out, &vote, 2000, voter, NULL) == STATUS_DONE);
}

static enum status count(struct ballot *ballot, const struct buffer *votes, const char *const *aside, size_t asides,
                         struct error *error)
{
    TRY(ballot_read(ballot, buffer_slice(votes), error));
    ballot->new_key = next.verifier;
    return ballot_count(ballot, at.reg, log_published(at.reg->log), aside, asides, error);
}

/* ---- the oracle: a number of votes is enough if it is so for every set of that many */

static unsigned bits_of(unsigned set)
{
    unsigned bits = 0;
    for (; set != 0; set &= set - 1) bits++;
    return bits;
}

static bool enough(unsigned n, unsigned f, unsigned q, unsigned voters)
{
    for (unsigned voted = 0; voted < 1U << n; voted++)
        for (unsigned quorum = 0; quorum < 1U << n; quorum++) {
            if (bits_of(voted) != voters || bits_of(quorum) != q) continue;
            if (bits_of(voted & quorum) <= f) return false;                /* all of them may lie */
            if (n - voters + (f < voters ? f : voters) >= q) return false; /* a quorum is left */
        }
    return true;
}

static void needed_is_least(void)
{
    for (unsigned n = 1; n <= WITNESSES; n++)
        for (unsigned f = 0; f < n; f++)
            for (unsigned q = (n + f) / 2 + 1; q <= n; q++) {
                OWN(ballot_clear) struct ballot ballot = {0};
                OWN(buffer_clear) struct buffer none = {0};
                struct error error;
                if (n == 3 || n == 4 || random_below(&dice, 4) == 0) {
                    place_open(n, f, q);
                    CHECK(count(&ballot, &none, NULL, 0, &error) == STATUS_REFUSED);
                    CHECK_STRING(error.code, "take-over-few");
                    CHECK(ballot.needed >= 1 && enough(n, f, q, (unsigned)ballot.needed));
                    CHECK(!enough(n, f, q, (unsigned)ballot.needed - 1));
                    place_close();
                }
            }
}

/* ---- who counts */

static void any_votes(void)
{
    const unsigned n = 4, f = 1, q = 3;
    place_open(n, f, q);
    for (unsigned round = 0; round < 200; round++) {
        OWN(ballot_clear) struct ballot ballot = {0};
        OWN(buffer_clear) struct buffer votes = {0};
        struct error error = {.code = ""};
        const char *aside[1] = {witness[random_below(&dice, WITNESSES)].verifier.name};
        size_t asides = random_below(&dice, 3) == 0, count_of[WITNESSES] = {0};
        uint64_t largest = 0, says[WITNESSES] = {0};
        size_t number = random_below(&dice, 8);
        for (size_t i = 0; i < number; i++) {
            size_t who = random_below(&dice, WITNESSES + 1);
            uint64_t size = random_below(&dice, SIZE + 1);
            bool right = random_below(&dice, 5) != 0;
            put_vote(&votes, &witness[who], size, right ? &next : &other);
            if (who >= n || !right || (asides > 0 && aside[0] == witness[who].verifier.name)) continue;
            count_of[who]++;
            if (size > says[who]) says[who] = size;
        }
        size_t counted = 0;
        for (size_t i = 0; i < n; i++) {
            counted += count_of[i] > 0;
            if (count_of[i] > 0 && says[i] > largest) largest = says[i];
        }
        enum status status = count(&ballot, &votes, aside, asides, &error);
        CHECK(status == (counted >= n + f + 1 - q ? STATUS_DONE : STATUS_REFUSED));
        if (status == STATUS_DONE) CHECK_INT(ballot.base, largest == 0 ? SIZE : largest);
        if (status == STATUS_DONE && largest != 1) CHECK_INT(ballot.counted, counted); /* at 1 there is no policy yet */
        if (status == STATUS_REFUSED) CHECK_STRING(error.code, "take-over-few");
    }
    place_close();
}

/* ---- one by one */

static void each_rule(void)
{
    OWN(buffer_clear) struct buffer votes = {0};
    struct error error;
    struct ballot ballot;
    const char *aside[] = {witness[2].verifier.name};
    place_open(3, 0, 2);

    put_vote(&votes, &witness[0], 5, &next);
    put_vote(&votes, &witness[1], 4, &next);
    CHECK(count(&ballot, &votes, NULL, 0, &error) == STATUS_DONE && ballot.base == 5 && ballot.needed == 2);
    CHECK(memcmp(&ballot.old_key.key, &at.log_key.verifier.key, sizeof ballot.old_key.key) == 0);
    ballot_clear(&ballot);

    put_vote(&votes, &witness[2], SIZE + 1, &next);
    CHECK(count(&ballot, &votes, NULL, 0, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "take-over-behind");
    ballot_clear(&ballot);
    CHECK(count(&ballot, &votes, aside, 1, &error) == STATUS_DONE && ballot.vote[2].fate == BALLOT_ASIDE);
    ballot_clear(&ballot);

    buffer_reset(&votes); /* of a stranger, and for another key */
    put_vote(&votes, &witness[WITNESSES], 7, &next);
    put_vote(&votes, &witness[0], 6, &other);
    put_vote(&votes, &witness[1], 3, &next);
    CHECK(count(&ballot, &votes, NULL, 0, &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "take-over-few");
    CHECK(ballot.vote[0].fate == BALLOT_STRANGER && ballot.vote[1].fate == BALLOT_OTHER && ballot.counted == 1);
    ballot_clear(&ballot);

    buffer_reset(&votes); /* one that does not hold is not passed over */
    put_vote(&votes, &witness[0], 5, &next);
    put_vote(&votes, &witness[1], 5, &next);
    uint8_t *sign = memmem(votes.data, votes.size, "\nsize 5", 7);
    sign[6] = '6';
    CHECK(count(&ballot, &votes, NULL, 0, &error) == STATUS_UNVERIFIED);
    CHECK_STRING(error.code, "vote-unproven");
    ballot_clear(&ballot);
    place_close();

    place_open(0, 0, 0); /* nobody cosigns: the copy's own head */
    buffer_reset(&votes);
    CHECK(count(&ballot, &votes, NULL, 0, &error) == STATUS_DONE && ballot.base == SIZE && ballot.needed == 0);
    ballot_clear(&ballot);
    place_close();
}

int main(int words, char **arguments)
{
    static const uint8_t bytes[SEED_BYTES] = {3};
    char name[40];
    struct error error;
    dice = random_start(words, arguments);
    CHECK(crypto_start(&error) == STATUS_DONE);
    for (unsigned i = 0; i <= WITNESSES; i++) {
        snprintf(name, sizeof name, "w%u.example", i);
        CHECK(cosigner_random(&witness[i], slice_from(name), &error) == STATUS_DONE);
        if (i < WITNESSES) verifier_format(&witness[i].verifier, verifier_of[i]);
    }
    CHECK(signer_random(&next, slice_from("test.example/b"), &error) == STATUS_DONE);
    CHECK(signer_from_seed(&other, slice_from("test.example/b"), bytes, &error) == STATUS_DONE);
    each_rule();
    any_votes();
    needed_is_least();
    return check_end(__FILE__);
}
