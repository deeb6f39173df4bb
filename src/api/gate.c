#include "api/gate.h"

#include "base/arena.h"
#include "base/table.h"
#include "system/clock.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { MEMBERS_BYTES_MOST = 1024 * 1024 };

/* ---- the file of members */

static bool blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct slice word(struct slice *rest)
{
    while (rest->size > 0 && blank(rest->data[0])) *rest = slice_part(*rest, 1, rest->size);
    size_t size = 0;
    while (size < rest->size && !blank(rest->data[size])) size++;
    struct slice out = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size, rest->size);
    return out;
}

static bool name_good(struct slice name)
{
    if (name.size == 0 || name.size >= TRUCE_TOKEN_NAME_SIZE) return false;
    for (size_t i = 0; i < name.size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.data[i]) == NULL || name.data[i] == '\0') return false;
    return true;
}

static bool hash_good(struct slice hash)
{
    for (size_t i = 0; i < hash.size; i++)
        if (strchr("0123456789abcdef", hash.data[i]) == NULL || hash.data[i] == '\0') return false;
    return hash.size == TRUCE_TOKEN_HASH_SIZE - 1;
}

static enum status read_line(struct slice line, size_t number, struct member *out, size_t *count, struct error *error)
{
    const uint8_t *comment = line.size == 0 ? NULL : memchr(line.data, '#', line.size);
    if (comment != NULL) line = slice_part(line, 0, (size_t)(comment - line.data));
    struct slice name = word(&line), hash = word(&line), more = word(&line);
    if (name.size == 0) return STATUS_DONE;
    if (!name_good(name) || !hash_good(hash) || more.size > 0)
        return error_set(error, STATUS_USAGE, "members-line",
                         "Line {0} of the file of members is not NAME and the SHA-256 of a token in 64 digits.",
                         error_number((int64_t)number).text, NULL);
    if (*count == MEMBERS_MOST)
        return error_set(error, STATUS_USAGE, "members-many", "A file of members has at most {0} lines.",
                         error_number(MEMBERS_MOST).text, NULL);
    struct member *member = &out[(*count)++];
    snprintf(member->name, sizeof member->name, "%.*s", SLICE(name));
    snprintf(member->hash, sizeof member->hash, "%.*s", SLICE(hash));
    return STATUS_DONE;
}

enum status members_parse(struct slice text, struct member *out, size_t *count, struct error *error)
{
    *count = 0;
    for (size_t number = 1; text.size > 0; number++) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end == NULL ? text.size : (size_t)(end - text.data);
        TRY(read_line(slice_part(text, 0, size), number, out, count, error));
        text = slice_part(text, size + 1, text.size);
    }
    if (*count > 0) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "members-none",
                     "The file of members names nobody; truce member add makes a first one.", NULL);
}

static enum status file_bytes(const char *path, struct buffer *out, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return error_system(error, "open", path, errno);
    size_t size = 1;
    while (size > 0 && out->size <= MEMBERS_BYTES_MOST) {
        uint8_t *room = buffer_reserve(out, 4096);
        size = room == NULL ? 0 : fread(room, 1, 4096, file);
        buffer_advance(out, size);
    }
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) return error_system(error, "read", path, EIO);
    return buffer_finish(out, error);
}

enum status gate_read(struct gate *gate, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    if (gate->file == NULL) return STATUS_DONE;
    TRY(file_bytes(gate->file, &text, error));
    struct member *members = calloc(MEMBERS_MOST, sizeof *members);
    if (members == NULL) return arena_full(error);
    size_t count;
    enum status status = members_parse(buffer_slice(&text), members, &count, error);
    if (status != STATUS_DONE) {
        free(members);
        return error_at(error, status, gate->file);
    }
    pthread_rwlock_wrlock(&gate->lock);
    struct member *old = gate->members;
    gate->members = members;
    gate->count = count;
    pthread_rwlock_unlock(&gate->lock);
    free(old);
    return STATUS_DONE;
}

enum status gate_open(struct gate *gate, const char *file, bool loopback, struct truce_register *reg,
                      struct error *error)
{
    *gate = (struct gate){.file = file, .loopback = loopback};
    pthread_rwlock_init(&gate->lock, NULL);
    pthread_mutex_init(&gate->tries_lock, NULL);
    enum status status = gate_read(gate, error);
    if (status == STATUS_DONE && truce_door_open(&gate->door, reg, NULL) != TRUCE_DONE) status = arena_full(error);
    if (status != STATUS_DONE) gate_close(gate);
    return status;
}

void gate_close(struct gate *gate)
{
    truce_door_close(&gate->door);
    free(gate->members);
    pthread_mutex_destroy(&gate->tries_lock);
    pthread_rwlock_destroy(&gate->lock);
}

/* ---- who may come in */

/* All are compared, so that the time does not tell which one it was. */
static bool is_member(struct gate *gate, const char *name, const char *hash, struct guest *out)
{
    bool found = false;
    pthread_rwlock_rdlock(&gate->lock);
    for (size_t i = 0; i < gate->count; i++) {
        bool named = name[0] == '\0' || strcmp(name, gate->members[i].name) == 0;
        bool same = truce_token_equal(hash, gate->members[i].hash);
        if (named && same && !found) memcpy(out->name, gate->members[i].name, sizeof out->name);
        found = found || (named && same);
    }
    pthread_rwlock_unlock(&gate->lock);
    return found;
}

static bool has_session(struct gate *gate, const char *name, const char *hash, struct guest *out)
{
    struct truce_visitor visitor;
    if (!truce_door_knows(gate->door, hash, &visitor)) return false;
    if (name[0] != '\0' && strcmp(name, visitor.party) != 0) return false;
    out->session = true;
    out->until = visitor.until;
    memcpy(out->name, visitor.party, sizeof out->name);
    memcpy(out->hash, hash, sizeof out->hash);
    return true;
}

/* One more failure of this address; true if there were too many lately. Nobody can guess a token: this keeps the noise
 * of trying down. */
static bool failed_often(struct gate *gate, struct slice address)
{
    uint64_t key = table_hash(address);
    int64_t now_s = clock_steady_ns() / 1000000000;
    struct tries *tries = &gate->tries[key % GATE_ADDRESSES];
    pthread_mutex_lock(&gate->tries_lock);
    if (tries->address != key || now_s - tries->began_s >= GATE_WINDOW_S) *tries = (struct tries){key, now_s, 0};
    bool often = ++tries->failed > GATE_TRIES;
    pthread_mutex_unlock(&gate->tries_lock);
    return often;
}

const char *gate_cookie(const struct http_request *request)
{
    return http_over_tls(request) ? "__Host-truce-session" : "truce-session";
}

static bool by_cookie(struct gate *gate, const struct http_request *request, struct guest *out)
{
    char said[256], name[TRUCE_TOKEN_NAME_SIZE], hash[TRUCE_TOKEN_HASH_SIZE];
    struct slice token;
    if (!http_cookie(request, gate_cookie(request), &token)) return false;
    int size = snprintf(said, sizeof said, "Bearer %.*s", SLICE(token));
    return size > 0 && (size_t)size < sizeof said && truce_token_read(said, (size_t)size, name, hash) &&
           has_session(gate, name, hash, out);
}

static bool by_header(struct gate *gate, struct slice said, struct guest *out)
{
    char name[TRUCE_TOKEN_NAME_SIZE], hash[TRUCE_TOKEN_HASH_SIZE];
    return said.size > 0 && truce_token_read((const char *)said.data, said.size, name, hash) &&
           (is_member(gate, name, hash, out) || has_session(gate, name, hash, out));
}

/* What strangers may have. */
static bool is_open(const struct gate *gate, enum access access)
{
    struct truce_rules rules;
    if (access == ACCESS_ALL) return true;
    truce_door_rules(gate->door, &rules);
    if (gate->file == NULL && gate->loopback && rules.exercise) return true;
    return access == ACCESS_READ && rules.is_public;
}

void gate_know(struct gate *gate, const struct http_request *request, struct guest *guest)
{
    *guest = (struct guest){.known = http_over_socket(request)};
    if (!guest->known)
        guest->known = by_header(gate, http_header(request, "Authorization"), guest) || by_cookie(gate, request, guest);
}

bool gate_still(struct gate *gate, const struct guest *guest)
{
    struct truce_visitor visitor;
    return !guest->session || truce_door_knows(gate->door, guest->hash, &visitor);
}

bool gate_lets_in(struct gate *gate, const struct http_request *request, enum access access, struct guest *guest,
                  bool *again)
{
    struct slice said = http_header(request, "Authorization");
    gate_know(gate, request, guest);
    *again = false;
    if (guest->known || is_open(gate, access)) return true;
    /* A browser's first request has no token, and its reader is then asked for one; its cookie may have ended with the
     * session: neither is an attempt. */
    *again = said.size > 0 && failed_often(gate, http_address(request));
    return false;
}

uint64_t gate_share(const struct http_request *request, const struct guest *guest)
{
    static const uint64_t of_member = UINT64_C(1) << 32, of_address = UINT64_C(2) << 32;
    if (guest->name[0] != '\0') return of_member | table_hash(slice_from(guest->name));
    if (guest->known || host_is_loopback(http_header(request, "Host"))) return 0;
    return of_address | table_hash(http_address(request));
}

/* ---- browsers that were led here */

/* Without its port. */
static struct slice host_name(struct slice host)
{
    size_t size = host.size;
    while (size > 0 && host.data[size - 1] >= '0' && host.data[size - 1] <= '9') size--;
    return size > 0 && host.data[size - 1] == ':' && size < host.size ? slice_part(host, 0, size - 1) : host;
}

unsigned host_port(struct slice host, bool tls)
{
    unsigned port = 0;
    struct slice name = host_name(host);
    if (name.size == host.size) return tls ? 443 : 80;
    for (size_t i = name.size + 1; i < host.size && port <= UINT16_MAX; i++)
        port = port * 10 + (unsigned)(host.data[i] - '0');
    return port;
}

bool host_bare(struct slice host, char *out, size_t size)
{
    struct slice name = host_name(host);
    if (name.size > 2 && name.data[0] == '[' && name.data[name.size - 1] == ']')
        name = slice_part(name, 1, name.size - 2);
    int length = snprintf(out, size, "%.*s", SLICE(name));
    return length > 0 && (size_t)length < size;
}

static bool is_127(struct slice name)
{
    unsigned dots = 0;
    if (!slice_starts(name, "127.") || name.size > 15) return false;
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '.' && (name.data[i - 1] == '.' || ++dots > 3)) return false;
        if (name.data[i] != '.' && (name.data[i] < '0' || name.data[i] > '9')) return false;
    }
    return dots == 3 && name.data[name.size - 1] != '.';
}

bool host_is_loopback(struct slice host)
{
    struct slice name = host_name(host);
    bool local = name.size == 9 && strncasecmp((const char *)name.data, "localhost", 9) == 0;
    return local || slice_is(name, "[::1]") || is_127(name);
}

bool origin_is_own(const struct http_request *request)
{
    struct slice site = http_header(request, "Sec-Fetch-Site"), origin = http_header(request, "Origin");
    struct slice host = http_header(request, "Host");
    const char *scheme = http_over_tls(request) ? "https://" : "http://";
    if (site.size > 0 && !slice_is(site, "same-origin") && !slice_is(site, "none")) return false;
    if (origin.data == NULL) return true;
    size_t size = strlen(scheme);
    return slice_starts(origin, scheme) && slice_equal(slice_part(origin, size, origin.size), host);
}
