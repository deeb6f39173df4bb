#include "cli/cli.h"

#include "json/json.h"
#include "json/write.h"
#include "tell/typed.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    DAYS = 30,
    DAYS_MOST = 366,
    DAY_S = 86400,
    SKEW_S = 300 /* clocks differ */,
    NAME_SIZE = 256,
    CHALLENGE_MOST = 4096
};

/* The register that the letter is for: as it was said, else that of the call's directory. */
static enum truce_status register_name(const struct call *call, char out[NAME_SIZE])
{
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct arena arena;
    const struct json *about;
    const char *said = call_option(call, "register");
    snprintf(out, NAME_SIZE, "%s", said == NULL ? "" : said);
    if (said != NULL) return TRUCE_DONE;
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_about(reg, &answer, &error);
    if (status != TRUCE_DONE) say_error(&error);
    arena_init(&arena, answer.size * 64 + 65536);
    if (status == TRUCE_DONE &&
        json_read(&about, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        snprintf(out, NAME_SIZE, "%.*s", SLICE(json_find_string(about, "register")));
    arena_clear(&arena);
    truce_free(&answer);
    return call_close(&reg, status);
}

static enum truce_status read_days(const struct call *call, uint64_t *out)
{
    const char *text = call_option(call, "days");
    *out = DAYS;
    if (text == NULL || (value_number(out, slice_from(text)) && *out > 0 && *out <= DAYS_MOST)) return TRUCE_DONE;
    return call_wrong(call, TR("A session key may be used for 1 to 366 days, not \"{0}\"."), text, NULL);
}

static void give(const struct call *call, const char *path, struct slice verifier)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct json_writer w;
    if (!call->json) {
        output_line(verifier);
        return;
    }
    json_write_open(&w, &line);
    json_put_object(&w);
    json_put_key(&w, "path"), json_put_string(&w, path);
    json_put_key(&w, "verifier"), json_put_slice(&w, verifier);
    json_put_close(&w);
    if (json_write_finish(&w, NULL) == STATUS_DONE) output_line(buffer_slice(&line));
}

static enum truce_status session_new(struct call *call)
{
    struct truce_error error;
    struct truce_buffer verifier = {0};
    struct truce_key *key;
    char name[NAME_SIZE];
    uint64_t days;
    const char *path = call_option(call, "out");
    if (!call_needs(call, "out")) return TRUCE_USAGE;
    enum truce_status status = read_days(call, &days);
    if (status == TRUCE_DONE) status = register_name(call, name);
    if (status == TRUCE_DONE) status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    int64_t now = (int64_t)time(NULL);
    const struct truce_letter letter = {name, now - SKEW_S, now + (int64_t)days * DAY_S - SKEW_S};
    status = truce_session_new(key, &letter, path, &verifier, &error);
    truce_key_close(&key);
    if (status != TRUCE_DONE) return say_error(&error);
    give(call, path, slice_of(verifier.data, verifier.size));
    truce_free(&verifier);
    return TRUCE_DONE;
}

/* For who comes in by a page: the challenge is what the page shows. */
static enum truce_status session_answer(struct call *call)
{
    OWN(buffer_clear) struct buffer challenge = {0};
    struct truce_error error;
    struct truce_buffer notes = {0};
    if (!call_needs(call, "session") || !call_needs(call, "to")) return TRUCE_USAGE;
    enum truce_status status = file_read_most(&challenge, "-", CHALLENGE_MOST);
    if (status != TRUCE_DONE) return status;
    status = truce_session_answer(call_option(call, "session"), call_option(call, "to"), (const char *)challenge.data,
                                  challenge.size, &notes, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    output_put(slice_of(notes.data, notes.size));
    truce_free(&notes);
    return TRUCE_DONE;
}

static enum truce_status session(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "new") == 0) return session_new(call);
    if (strcmp(what, "answer") == 0) return session_answer(call);
    return call_wrong(call,
                      TR("A session key is made with \"new\", and signs a challenge with \"answer\", not \"{0}\"."),
                      what, NULL);
}

static const struct option options[] = {
    OPTION_KEY,
    OPTION_PASSPHRASE_FILE,
    {"out", '\0', "FILE", N_("Where the new session key and its letter go; the file must not exist.")},
    {"register", '\0', "NAME", N_("For this register (ORIGIN#HASH); that of the directory if not given.")},
    {"days", '\0', "N", N_("For so many days from now; 30 if not given, at most 366.")},
    {"session", '\0', "FILE", N_("Sign with the session key in FILE.")},
    {"to", '\0', "URL", N_("The server that gave the challenge, as you call it.")},
    END_OF_OPTIONS,
};
const struct command command_session = {
    .name = "session",
    .usage = "new --key FILE --out FILE | answer --session FILE --to URL",
    .does = N_("Makes a key by which a member comes in at a server's door, or answers the door with it."),
    .more =
        N_("The party's signing key signs a letter once; from then on the session key in the new file opens the door "
           "(truce submit --to URL --session FILE), and signs no record. It holds until its days are over, or the "
           "signing key or the membership ends. \"answer\" reads a challenge from the standard input, for who comes "
           "in by a page."),
    .example = "truce session new --key un-monitor.key --out un-monitor.session",
    .options = options,
    .least = 1,
    .most = 1,
    .run = session,
};
