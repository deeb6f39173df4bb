/* A server's door: who is let in as a member of the register, and for how long.
 *
 *     challenge → answered by a session key, with a party's letter → token → (each request) still in force?
 *
 * D1  A challenge that this door did not give, gave to a client that called another host, or gave long ago, opens
 *     nothing; and none opens twice. Until it is answered nothing is kept of it: whoever asks for many fills no memory.
 * D2  A token opens nothing once the letter, the key that signed it, or the membership has ended, or after SESSION_S.
 * D3  Of a token only its hash is kept.
 *
 * A group that could not be written takes the writer's members with it until they are read again. Meanwhile nothing is
 * admitted, so that what was known of rules, keys and memberships last is what holds. */
#include "crypto/mac.h"
#include "register/session.h"
#include "register/writing.h"

#include <stdlib.h>

enum {
    SESSION_S = 8 * 3600,
    CHALLENGE_S = 60,
    NONCE_BYTES = HASH_BYTES - MAC_BYTES,
    SESSIONS_MOST = 4096,
    SESSIONS_OF_PARTY = 64, /* at once; one more ends the oldest */
    ENTRIES_OF_PARTY = 30,  /* within CHALLENGE_S */
    USED_MOST = 8192
};

struct session {
    struct hash token;
    char party[LIMIT_NAME_BYTES + 1];
    uint32_t key_id; /* that signed the letter */
    int64_t began, until;
    bool open;
};

/* A challenge that was answered, for as long as it could be answered again. */
struct used {
    uint8_t nonce[NONCE_BYTES];
    char party[LIMIT_NAME_BYTES + 1];
    int64_t until;
};

struct truce_door {
    struct truce_register *writer;
    struct mac_key key;
    pthread_mutex_t mutex; /* guards what follows */
    struct session session[SESSIONS_MOST];
    size_t sessions; /* slots that were ever open */
    struct used used[USED_MOST];
    size_t used_count;
    _Atomic bool exercise, is_public; /* as known last */
};

static int64_t now_s(const struct truce_door *door)
{
    const struct system *system = door->writer->system;
    return system->now_ms(system->context) / 1000;
}

/* Members as they are now, or NULL; given back by members_leave. */
static const struct members *members_enter(const struct truce_door *door)
{
    pthread_rwlock_rdlock(&door->writer->writing->members_lock);
    return door->writer->members;
}

static void members_leave(const struct truce_door *door)
{
    pthread_rwlock_unlock(&door->writer->writing->members_lock);
}

/* ---- challenges */

/* What the second half of a challenge's bytes vouches for: all the rest of it. */
static enum status vouched(struct buffer *out, const struct challenge *challenge, struct error *error)
{
    struct challenge bare = *challenge;
    memset(bare.bytes + NONCE_BYTES, 0, MAC_BYTES);
    challenge_format(out, &bare);
    return buffer_finish(out, error);
}

static enum status not_called(const char *host, struct error *error)
{
    return error_set(error, STATUS_USAGE, "session-address", "\"{0}\" is no address of a server.",
                     error_slice(slice_from(host)).text, NULL);
}

static enum status give_challenge(struct truce_door *door, const char *host, struct truce_buffer *out,
                                  struct error *error)
{
    char called[SESSION_HOST_SIZE], name[LIMIT_ORIGIN_BYTES + 18] = "";
    OWN(buffer_clear) struct buffer text = {0};
    if (!session_host(called, slice_from(host))) return not_called(host, error);
    const struct members *members = members_enter(door);
    if (members != NULL && members_register(members).size < sizeof name)
        memcpy(name, members_register(members).data, members_register(members).size);
    members_leave(door);
    struct challenge challenge = {.register_name = slice_from(name), .host = slice_from(called)};
    challenge.until = now_s(door) + CHALLENGE_S;
    crypto_random(challenge.bytes, NONCE_BYTES);
    TRY(vouched(&text, &challenge, error));
    mac_of(&door->key, buffer_slice(&text), challenge.bytes + NONCE_BYTES);
    buffer_reset(&text);
    challenge_format(&text, &challenge);
    return public_buffer(out, &text, error);
}

/* ---- what is handed in to come in */

struct entering {
    struct note letter_note, answer_note;
    struct letter letter;
    struct challenge challenge;
    struct slice host; /* as the server is called by this client */
    int64_t now;
};

static enum status bad_form(struct error *error)
{
    return error_set(error, STATUS_REFUSED, "session-form",
                     "To come in, a letter and a signed challenge are handed in, one behind the other.", NULL);
}

static enum status take_note(struct slice *rest, struct note *out, struct error *error)
{
    struct slice note;
    if (!note_next(rest, &note) || note.size > SESSION_NOTE_BYTES) return bad_form(error);
    TRY(note_parse(out, note, error));
    return out->signatures == 1 ? STATUS_DONE : bad_form(error);
}

static enum status take_apart(struct entering *out, struct slice notes, struct error *error)
{
    TRY(take_note(&notes, &out->letter_note, error));
    TRY(take_note(&notes, &out->answer_note, error));
    TRY(letter_parse(&out->letter, out->letter_note.text, error));
    TRY(challenge_parse(&out->challenge, out->answer_note.text, error));
    return notes.size == 0 ? STATUS_DONE : bad_form(error);
}

static enum status check_challenge(const struct truce_door *door, const struct entering *in, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    TRY(vouched(&text, &in->challenge, error));
    if (!mac_holds(&door->key, buffer_slice(&text), in->challenge.bytes + NONCE_BYTES))
        return error_set(error, STATUS_REFUSED, "session-unknown",
                         "This server did not give this challenge. Ask it for a new one.", NULL);
    if (!slice_equal(in->challenge.host, in->host))
        return error_set(error, STATUS_REFUSED, "session-host",
                         "The challenge was given for {0}, and this server is called {1}: it was passed on.",
                         error_slice(in->challenge.host).text, error_slice(in->host).text, NULL);
    if (in->now < in->challenge.until) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "session-late",
                     "The time to answer this challenge is over. Ask for a new one.", NULL);
}

static enum status bad_signature(struct error *error, struct slice party)
{
    return error_set(error, STATUS_REFUSED, "session-signature",
                     "A signature does not hold: the letter bears that of a key of \"{0}\", the challenge that of the "
                     "session key.",
                     error_slice(party).text, NULL);
}

/* The letter's signing key must be in force, and the session key another one. */
static enum status check_letter(const struct members *members, const struct entering *in, struct error *error)
{
    const struct letter *letter = &in->letter;
    bool present;
    if (members == NULL || !slice_equal(letter->register_name, members_register(members)) ||
        !slice_equal(in->challenge.register_name, letter->register_name))
        return error_set(error, STATUS_REFUSED, "session-register", "The letter is for another register than this.",
                         NULL);
    if (in->now < letter->from || in->now >= letter->until)
        return error_set(error, STATUS_REFUSED, "session-letter-ended",
                         "The letter does not hold now. Make a new one: truce session new.", NULL);
    const struct verifier *key =
        members_key_in_force(members, letter->party, in->letter_note.signature[0].key_id, in->now);
    if (key == NULL)
        return error_set(error, STATUS_REFUSED, "session-member",
                         "\"{0}\" is no member now, or the key that signed the letter is none of its signing keys in "
                         "force.",
                         error_slice(letter->party).text, NULL);
    if (members_knows_key(members, &letter->key.key))
        return error_set(error, STATUS_REFUSED, "session-key-use",
                         "A key that the register knows is no session key: each use has keys of its own.", NULL);
    return note_verify(&in->letter_note, key, &present) ? STATUS_DONE : bad_signature(error, letter->party);
}

static enum status check_entering(const struct truce_door *door, const struct entering *in, struct error *error)
{
    bool present;
    TRY(check_challenge(door, in, error));
    const struct members *members = members_enter(door);
    enum status status = check_letter(members, in, error);
    members_leave(door);
    TRY(status);
    return note_verify(&in->answer_note, &in->letter.key, &present) ? STATUS_DONE
                                                                    : bad_signature(error, in->letter.party);
}

/* ---- what is kept; the mutex is held */

static void forget_used(struct truce_door *door, int64_t now)
{
    for (size_t i = door->used_count; i > 0; i--)
        if (door->used[i - 1].until <= now) door->used[i - 1] = door->used[--door->used_count];
}

/* D1; and one party's haste does not keep others out. */
static enum status use_once(struct truce_door *door, const struct entering *in, struct error *error)
{
    size_t lately = 0;
    forget_used(door, in->now);
    for (size_t i = 0; i < door->used_count; i++) {
        const struct used *used = &door->used[i];
        lately += slice_is(in->letter.party, used->party);
        if (memcmp(used->nonce, in->challenge.bytes, NONCE_BYTES) == 0)
            return error_set(error, STATUS_REFUSED, "session-used",
                             "This challenge was answered before. Ask for a new one.", NULL);
    }
    if (lately >= ENTRIES_OF_PARTY || door->used_count == USED_MOST)
        return error_set(error, STATUS_FAILED, "session-many",
                         "Too many sessions were opened within a minute. A session lasts for hours: keep it.", NULL);
    struct used *used = &door->used[door->used_count++];
    *used = (struct used){.until = in->challenge.until};
    memcpy(used->nonce, in->challenge.bytes, NONCE_BYTES);
    memcpy(used->party, in->letter.party.data, in->letter.party.size);
    return STATUS_DONE;
}

/* A slot for one more session of the party: a free one, or that of the oldest of its own if it has many; else of the
 * oldest of all. */
static struct session *slot_for(struct truce_door *door, struct slice party, int64_t now)
{
    struct session *own = NULL, *any = NULL, *free_slot = NULL;
    size_t of_party = 0;
    for (size_t i = 0; i < door->sessions; i++) {
        struct session *session = &door->session[i];
        if (!session->open || session->until <= now) {
            free_slot = session;
            continue;
        }
        if (any == NULL || session->began < any->began) any = session;
        if (!slice_is(party, session->party)) continue;
        of_party++;
        if (own == NULL || session->began < own->began) own = session;
    }
    if (of_party >= SESSIONS_OF_PARTY) return own;
    if (free_slot != NULL) return free_slot;
    return door->sessions < SESSIONS_MOST ? &door->session[door->sessions++] : any;
}

static struct session *find(struct truce_door *door, const struct hash *token)
{
    for (size_t i = 0; i < door->sessions; i++)
        if (door->session[i].open && hash_equal(&door->session[i].token, token)) return &door->session[i];
    return NULL;
}

/* ---- coming in, staying, going */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void tell(const struct session *session, struct truce_visitor *out)
{
    *out = (struct truce_visitor){.until = session->until};
    memcpy(out->party, session->party, sizeof session->party);
}

static enum status keep(struct truce_door *door, const struct entering *in, const struct hash *token,
                        struct truce_visitor *out, struct error *error)
{
    pthread_mutex_lock(&door->mutex);
    enum status status = use_once(door, in, error);
    if (status == STATUS_DONE) {
        struct session *session = slot_for(door, in->letter.party, in->now);
        *session = (struct session){.token = *token,
                                    .key_id = in->letter_note.signature[0].key_id,
                                    .began = in->now,
                                    .until = least(in->now + SESSION_S, in->letter.until),
                                    .open = true};
        memcpy(session->party, in->letter.party.data, in->letter.party.size);
        tell(session, out);
    }
    pthread_mutex_unlock(&door->mutex);
    return status;
}

static enum status enter(struct truce_door *door, const char *host, struct slice notes, struct truce_buffer *token,
                         struct truce_visitor *visitor, struct error *error)
{
    char called[SESSION_HOST_SIZE], hex[TRUCE_TOKEN_HASH_SIZE];
    struct hash hash;
    struct entering in = {.now = now_s(door)};
    if (!session_host(called, slice_from(host))) return not_called(host, error);
    in.host = slice_from(called);
    TRY(take_apart(&in, notes, error));
    TRY(check_entering(door, &in, error));
    TRY(token_new(token, hex, error));
    enum status status = hash_parse(&hash, slice_from(hex)) ? keep(door, &in, &hash, visitor, error) : STATUS_FAILED;
    if (status != STATUS_DONE) {
        crypto_wipe(token->data, token->size);
        truce_free(token);
    }
    return status;
}

enum truce_status truce_door_open(struct truce_door **out, struct truce_register *writer, struct truce_error *error)
{
    struct error why;
    struct truce_door *door = NULL;
    if (writer->writing == NULL)
        return public_status(error_set(&why, STATUS_USAGE, "log-read-only", "The log was opened for reading.", NULL),
                             &why, error);
    door = calloc(1, sizeof *door);
    if (door == NULL) return public_status(arena_full(&why), &why, error);
    door->writer = writer;
    mac_key_random(&door->key);
    pthread_mutex_init(&door->mutex, NULL);
    *out = door;
    return TRUCE_DONE;
}

void truce_door_close(struct truce_door **door)
{
    if (*door == NULL) return;
    pthread_mutex_destroy(&(*door)->mutex);
    crypto_wipe(*door, sizeof **door);
    free(*door);
    *door = NULL;
}

void truce_door_rules(struct truce_door *door, struct truce_rules *out)
{
    const struct members *members = members_enter(door);
    if (members != NULL) {
        door->exercise = members_exercise(members);
        door->is_public = members_public(members);
    }
    members_leave(door);
    *out = (struct truce_rules){.exercise = door->exercise, .is_public = door->is_public};
}

enum truce_status truce_door_challenge(struct truce_door *door, const char *host, struct truce_buffer *challenge,
                                       struct truce_error *error)
{
    struct error why;
    return public_status(give_challenge(door, host, challenge, &why), &why, error);
}

enum truce_status truce_door_enter(struct truce_door *door, const char *host, const char *notes, size_t size,
                                   struct truce_buffer *token, struct truce_visitor *visitor, struct truce_error *error)
{
    struct error why = {.offset = -1};
    return public_status(enter(door, host, slice_of(notes, size), token, visitor, &why), &why, error);
}

/* D2: looked at again each time, for the letter's time, the key or the membership may have ended since. */
bool truce_door_knows(struct truce_door *door, const char hash[TRUCE_TOKEN_HASH_SIZE], struct truce_visitor *out)
{
    struct hash token;
    struct truce_visitor visitor;
    uint32_t key_id = 0;
    int64_t now = now_s(door);
    if (!hash_parse(&token, slice_from(hash))) return false;
    pthread_mutex_lock(&door->mutex);
    const struct session *session = find(door, &token);
    bool known = session != NULL && now >= session->began && now < session->until;
    if (known) {
        tell(session, &visitor);
        key_id = session->key_id;
    }
    pthread_mutex_unlock(&door->mutex);
    if (!known) return false;
    const struct members *members = members_enter(door);
    known = members == NULL || members_key_in_force(members, slice_from(visitor.party), key_id, now) != NULL;
    members_leave(door);
    if (known) *out = visitor;
    return known;
}

void truce_door_leave(struct truce_door *door, const char hash[TRUCE_TOKEN_HASH_SIZE])
{
    struct hash token;
    if (!hash_parse(&token, slice_from(hash))) return;
    pthread_mutex_lock(&door->mutex);
    struct session *session = find(door, &token);
    if (session != NULL) *session = (struct session){.open = false};
    pthread_mutex_unlock(&door->mutex);
}

uint64_t truce_door_count(struct truce_door *door)
{
    uint64_t open = 0;
    int64_t now = now_s(door);
    pthread_mutex_lock(&door->mutex);
    for (size_t i = 0; i < door->sessions; i++) open += door->session[i].open && now < door->session[i].until;
    pthread_mutex_unlock(&door->mutex);
    return open;
}
