#include "register/session.h"

#include "base/time.h"
#include "log/lines.h"
#include "record/check.h"
#include <stdio.h>

static const char letter_kind[] = "/session-key/v1", challenge_kind[] = "/session/v1";
static const char https[] = "https://", http[] = "http://";

enum { REGISTER_DIGITS = 16, DAY_S = 86400 };

/* ---- the host */

static bool host_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/* A name, an address of IPv4, or one of IPv6 in brackets. */
static bool host_name_good(struct slice name)
{
    bool six = name.size > 2 && name.data[0] == '[' && name.data[name.size - 1] == ']';
    struct slice inner = six ? slice_part(name, 1, name.size - 2) : name;
    for (size_t i = 0; i < inner.size; i++)
        if (!host_byte(inner.data[i]) && !(six && inner.data[i] == ':')) return false;
    return inner.size > 0;
}

static bool port_good(struct slice port)
{
    unsigned long number = 0;
    if (port.size == 0 || port.size > 5 || port.data[0] == '0') return false;
    for (size_t i = 0; i < port.size; i++) {
        if (port.data[i] < '0' || port.data[i] > '9') return false;
        number = number * 10 + (unsigned long)(port.data[i] - '0');
    }
    return number <= UINT16_MAX;
}

/* Where the port's colon stands: behind all others, and not within brackets. */
static size_t colon_at(struct slice host)
{
    size_t at = host.size;
    while (at > 0 && host.data[at - 1] != ':' && host.data[at - 1] != ']') at--;
    return at > 0 && host.data[at - 1] == ':' ? at - 1 : host.size;
}

/* Bytes of "http://" or "https://" at the beginning; 0 if it is neither. */
static size_t scheme_size(struct slice url)
{
    if (slice_starts(url, https)) return sizeof https - 1;
    return slice_starts(url, http) ? sizeof http - 1 : 0;
}

static bool host_good(struct slice host)
{
    size_t scheme = scheme_size(host);
    struct slice rest = slice_part(host, scheme, host.size);
    size_t colon = colon_at(rest);
    return scheme > 0 && host.size < SESSION_HOST_SIZE && colon < rest.size &&
           host_name_good(slice_part(rest, 0, colon)) && port_good(slice_part(rest, colon + 1, rest.size));
}

bool session_host(char out[SESSION_HOST_SIZE], struct slice url)
{
    char lower[SESSION_HOST_SIZE];
    if (url.size >= sizeof lower) return false;
    for (size_t i = 0; i < url.size; i++)
        lower[i] = (char)(url.data[i] >= 'A' && url.data[i] <= 'Z' ? url.data[i] + ('a' - 'A') : url.data[i]);
    struct slice text = slice_of(lower, url.size);
    size_t scheme = scheme_size(text), size = scheme;
    while (size < text.size && text.data[size] != '/' && text.data[size] != '?') size++;
    text.size = size;
    struct slice host = slice_part(text, scheme, size);
    const char *port = colon_at(host) < host.size ? "" : scheme == sizeof https - 1 ? ":443" : ":80";
    int length = snprintf(out, SESSION_HOST_SIZE, "%.*s%s", SLICE(text), port);
    return length > 0 && length < SESSION_HOST_SIZE && host_good(slice_from(out));
}

/* ---- lines that both begin with */

/* The origin of a register's name, which is ORIGIN#16 digits; empty if it is no such name. */
static struct slice origin_of(struct slice register_name)
{
    size_t size = register_name.size;
    if (size <= REGISTER_DIGITS + 1 || register_name.data[size - REGISTER_DIGITS - 1] != '#' ||
        !hex_is(slice_part(register_name, size - REGISTER_DIGITS, REGISTER_DIGITS)))
        return (struct slice){NULL, 0};
    struct slice origin = slice_part(register_name, 0, size - REGISTER_DIGITS - 1);
    return origin.size <= LIMIT_ORIGIN_BYTES && memchr(origin.data, '#', origin.size) == NULL ? origin
                                                                                              : (struct slice){NULL, 0};
}

static void put_beginning(struct buffer *out, struct slice register_name, const char *kind)
{
    buffer_put(out, origin_of(register_name));
    buffer_print(out, "%s\nregister ", kind);
    buffer_put(out, register_name);
    buffer_put_byte(out, '\n');
}

/* The first line is the origin of the register that the second one names, and the kind. */
static struct slice take_beginning(struct lines *lines, const char *kind)
{
    struct slice first = lines_take(lines), name = lines_field(lines, "register"), origin = origin_of(name);
    bool good = origin.size > 0 && first.size > origin.size && slice_equal(slice_part(first, 0, origin.size), origin) &&
                slice_is(slice_part(first, origin.size, first.size), kind);
    if (!good) lines->failed = true;
    return name;
}

static int64_t take_time(struct lines *lines, const char *name)
{
    int64_t time = 0;
    struct slice text = lines_field(lines, name);
    if (lines->failed || !time_parse(&time, text)) lines->failed = true;
    return time;
}

static void put_time(struct buffer *out, const char *name, int64_t time)
{
    char text[TIME_TEXT_SIZE];
    time_format(time, text);
    buffer_print(out, "%s %s\n", name, text);
}

/* ---- the letter */

void letter_format(struct buffer *out, const struct letter *letter)
{
    char verifier[VERIFIER_TEXT_SIZE];
    verifier_format(&letter->key, verifier);
    put_beginning(out, letter->register_name, letter_kind);
    buffer_print(out, "party %.*s\nverifier %s\n", SLICE(letter->party), verifier);
    put_time(out, "from", letter->from);
    put_time(out, "until", letter->until);
}

enum status letter_parse(struct letter *out, struct slice text, struct error *error)
{
    struct lines lines = {.text = text};
    struct letter read = {.register_name = take_beginning(&lines, letter_kind)};
    read.party = lines_field(&lines, "party");
    struct slice verifier = lines_field(&lines, "verifier");
    read.from = take_time(&lines, "from");
    read.until = take_time(&lines, "until");
    if (!lines.failed && (!is_slug(read.party) || verifier_parse(&read.key, verifier, NULL) != STATUS_DONE ||
                          read.key.algorithm != NOTE_ED25519 || !slice_is(read.party, read.key.name)))
        lines.failed = true;
    TRY(lines_end(&lines, "session-letter",
                  "This is no letter by which a party's key lets a session key speak for it (truce session new).",
                  error));
    if (read.from >= read.until || read.until - read.from > (int64_t)LETTER_DAYS_MOST * DAY_S)
        return error_set(error, STATUS_REFUSED, "session-letter-time",
                         "A letter for a session key holds for some time, and for {0} days at most.",
                         error_number(LETTER_DAYS_MOST).text, NULL);
    *out = read;
    return STATUS_DONE;
}

/* ---- the challenge */

void challenge_format(struct buffer *out, const struct challenge *challenge)
{
    char base64[BASE64_SIZE(HASH_BYTES)];
    base64_format(base64, sizeof base64, slice_of(challenge->bytes, HASH_BYTES));
    put_beginning(out, challenge->register_name, challenge_kind);
    buffer_print(out, "host %.*s\nchallenge %s\n", SLICE(challenge->host), base64);
    put_time(out, "until", challenge->until);
}

enum status challenge_parse(struct challenge *out, struct slice text, struct error *error)
{
    struct lines lines = {.text = text};
    struct challenge read = {.register_name = take_beginning(&lines, challenge_kind)};
    read.host = lines_field(&lines, "host");
    struct hash bytes = lines_hash(&lines, lines_field(&lines, "challenge"));
    read.until = take_time(&lines, "until");
    if (!lines.failed && !host_good(read.host)) lines.failed = true;
    TRY(lines_end(&lines, "session-answer", "This is no challenge of a server's door, or not as the server gave it.",
                  error));
    memcpy(read.bytes, bytes.bytes, sizeof read.bytes);
    *out = read;
    return STATUS_DONE;
}

/* ---- one behind the other */
