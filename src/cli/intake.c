#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/remote.h"
#include "cli/tell.h"

#include "base/time.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACCEPTED_MOST = 4096, ABOUT_MOST = 64 };

/* ---- "1,3-5" */

static bool read_number(const char **at, unsigned long *out)
{
    char *end;
    errno = 0;
    if (**at < '0' || **at > '9') return false;
    *out = strtoul(*at, &end, 10);
    *at = end;
    return errno == 0 && *out > 0 && *out <= ACCEPTED_MOST;
}

static bool read_numbers(const char *text, bool chosen[ACCEPTED_MOST + 1])
{
    for (;;) {
        unsigned long from, to;
        if (!read_number(&text, &from)) return false;
        to = from;
        if (*text == '-' && (text++, !read_number(&text, &to))) return false;
        if (to < from) return false;
        for (; from <= to; from++) chosen[from] = true;
        if (*text == '\0') return true;
        if (*text++ != ',') return false;
    }
}

/* ---- accepting */

/* "ID,ID" into a list ended by NULL; the text is cut in place. */
static bool read_about(char *text, const char *about[ABOUT_MOST + 1])
{
    size_t count = 0;
    for (char *id = text, *comma; id != NULL; id = comma) {
        if (count == ABOUT_MOST) return false;
        comma = strchr(id, ',');
        if (comma != NULL) *comma++ = '\0';
        about[count++] = id;
    }
    about[count] = NULL;
    return true;
}

static enum truce_status accept_one(struct call *call, struct truce_register *reg, struct remote *remote,
                                    const struct truce_key *key, struct slice text,
                                    const struct truce_acceptance *acceptance)
{
    struct truce_buffer object = {0}, note = {0};
    struct truce_error error;
    truce_line *line = call->json ? submit_line : receipt_say;
    enum truce_status status = truce_intake_record((const char *)text.data, text.size, acceptance, &object, &error);
    if (status == TRUCE_DONE) status = truce_write(reg, key, "statement", object.data, object.size, &note, &error);
    if (status != TRUCE_DONE)
        say_error(&error);
    else if (remote != NULL)
        status = remote_submit(remote, slice_of(note.data, note.size), line, call);
    else if ((status = truce_submit(reg, note.data, note.size, line, call, &error)) == TRUCE_FAILED)
        say_error(&error);
    truce_free(&object);
    truce_free(&note);
    return status;
}

static enum truce_status accept_chosen(struct call *call, struct slice text, const bool *chosen,
                                       struct truce_acceptance *acceptance)
{
    static struct remote beside;
    struct truce_register *reg;
    struct truce_key *key;
    enum truce_status status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    bool served = remote_beside(call, &beside);
    status = call_open(call, served ? TRUCE_READ : TRUCE_WRITE, &reg);
    if (status == TRUCE_DONE) {
        for (size_t i = 1; i <= ACCEPTED_MOST && status == TRUCE_DONE; i++) {
            acceptance->number = i;
            if (chosen[i]) status = accept_one(call, reg, served ? &beside : NULL, key, text, acceptance);
        }
        status = call_close(&reg, status);
    }
    truce_key_close(&key);
    return status;
}

static enum truce_status accept(struct call *call, struct slice text)
{
    static bool chosen[ACCEPTED_MOST + 1];
    const char *about[ABOUT_MOST + 1] = {NULL}, *ids = call_option(call, "about");
    struct truce_acceptance acceptance = {.at = call_option(call, "at"),
                                          .source = call_option(call, "source"),
                                          .party = call_option(call, "party"),
                                          .addressed = call_option(call, "addressed"),
                                          .about = about};
    if (!read_numbers(call_option(call, "accept"), chosen))
        return call_wrong(call, TR("Statements are chosen by their numbers, as in 1,3-5; {0} is none of that form."),
                          call_option(call, "accept"), NULL);
    if (!call_needs(call, "key") || !call_needs(call, "at")) return TRUCE_USAGE;
    char *copy = ids == NULL ? NULL : strdup(ids);
    if (copy != NULL && !read_about(copy, about)) {
        free(copy);
        return call_wrong(call, TR("There are too many arguments."), NULL);
    }
    enum truce_status status = accept_chosen(call, text, chosen, &acceptance);
    free(copy);
    return status;
}

static bool read_day(const char *text, int64_t *day)
{
    int64_t seconds;
    if (!time_parse_day(&seconds, slice_from(text))) return false;
    *day = seconds / 86400 - (seconds % 86400 < 0);
    return true;
}

/* Proposes; with a register (-C), what each statement may be by, to and about is offered from it. */
static enum truce_status propose(struct call *call, struct slice text, struct truce_register *reg)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct truce_intake_options options = {.reg = reg};
    int64_t day;
    if (call_option(call, "date") != NULL) {
        if (!read_day(call_option(call, "date"), &day))
            return call_wrong(call, TR("A day is given as YYYY-MM-DD, not \"{0}\"."), call_option(call, "date"), NULL);
        options.day = &day;
    }
    enum truce_status status = truce_intake((const char *)text.data, text.size, &options, &answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    status = answer_give(call, reg, slice_of(answer.data, answer.size), tell_intake);
    truce_free(&answer);
    return status;
}

static enum truce_status intake(struct call *call)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct truce_register *reg = NULL;
    enum truce_status status = file_read(&text, call_operand(call, 0));
    if (status != TRUCE_DONE) return status;
    if (call_has(call, "accept")) return accept(call, buffer_slice(&text));
    if (!call_has(call, "directory") && getenv("TRUCE_DIR") == NULL) return propose(call, buffer_slice(&text), NULL);
    status = call_open(call, TRUCE_READ, &reg);
    return status != TRUCE_DONE ? status : call_close(&reg, propose(call, buffer_slice(&text), reg));
}

static const struct option options[] = {
    {"date", '\0', "DAY", N_("The text's own day (YYYY-MM-DD), by which \"yesterday\" is counted.")},
    {"accept", '\0', "N,N-N", N_("Make records of these statements, signed with --key.")},
    {"at", '\0', "TIME", N_("When it was said, for --accept.")},
    {"source", '\0', "TEXT", N_("Who reported it and when, for --accept.")},
    {"party", '\0', "NAME", N_("The party that spoke, for --accept.")},
    {"addressed", '\0', "NAME", N_("The party that was addressed, for --accept.")},
    {"about", '\0', "ID,ID", N_("Records that it is about, for --accept.")},
    OPTION_KEY,
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_intake = {
    .name = "intake",
    .usage = "FILE [--accept N,N-N --key FILE --at TIME]",
    .does = N_("Proposes the statements that a news text attributes to somebody."),
    .more = N_("FILE is plain text or HTML in UTF-8, Arabic or English; - is the standard input. Nothing becomes a "
               "record until a "
               "person accepts it. What is accepted keeps the source's hash and the place of the words, so that they "
               "can be checked "
               "for ever. The speaker's own verb is kept; the act beside it is classified by truce."),
    .example = "truce intake article.txt --accept 1,3-5 --key keys/press.key --at 2016-10-03T17:00:00Z",
    .options = options,
    .least = 1,
    .most = 1,
    .run = intake,
};
