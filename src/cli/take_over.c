#include "cli/cli.h"

#include "cli/answer.h"
#include "json/json.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ASIDE_MOST = 65 };

/* What the new host, or the copy, was made of. */
struct taking_over {
    struct call *call;
    struct buffer votes, records;
    const char *aside[ASIDE_MOST];
    struct truce_key *key;
};

static enum truce_status read_all(struct call *call, const char *option, struct buffer *out)
{
    const char *files[OPTIONS_MOST + 1];
    enum truce_status status = TRUCE_DONE;
    options_values(&call->options, option, files, OPTIONS_MOST + 1);
    for (size_t i = 0; files[i] != NULL && status == TRUCE_DONE; i++) status = file_read(out, files[i]);
    return status;
}

static enum truce_status read_call(struct taking_over *t)
{
    struct call *call = t->call;
    options_values(&call->options, "set-aside", t->aside, ASIDE_MOST);
    if (call_has(call, "records") != call_has(call, "key"))
        return call_wrong(call, TR("--key and --records go together: the records put the key in force."), NULL);
    enum truce_status status = read_all(call, "votes", &t->votes);
    if (status == TRUCE_DONE) status = read_all(call, "records", &t->records);
    if (status == TRUCE_DONE && call_has(call, "key")) status = key_open(call, &t->key);
    return status;
}

/* ---- what is said */

static const struct {
    const char *fate, *words;
} fates[] = {
    {"counts", N_("counts")},
    {"twice", N_("another vote of the same cosigner counts")},
    {"stranger", N_("not by a cosigner of this register")},
    {"other", N_("for another change of the log's key")},
    {"aside", N_("left out on purpose")},
};

static const char *number_of(const struct json *answer, const char *name, char out[24])
{
    snprintf(out, 24, "%" PRId64, json_find_integer(answer, name, 0));
    return out;
}

static void tell_vote(struct doc *doc, const struct json *vote)
{
    char name[256], size[24];
    struct slice fate = json_find_string(vote, "fate");
    snprintf(name, sizeof name, "%.*s", SLICE(json_find_string(vote, "witness")));
    for (size_t i = 0; i < COUNT_OF(fates); i++)
        if (slice_is(fate, fates[i].fate))
            words_fill(doc_text(doc), TR("{0}, up to {1} entries: {2}"), name, number_of(vote, "size", size),
                       TR(fates[i].words), NULL);
    doc_line(doc, 1);
}

static void tell_gap(struct doc *doc, const struct json *gap)
{
    char from[24], to[24], by[80], key[16];
    snprintf(by, sizeof by, "%.*s", SLICE(json_find_string(gap, "by")));
    snprintf(key, sizeof key, "%.*s", SLICE(json_find_string(gap, "key")));
    number_of(gap, "from", from), number_of(gap, "to", to);
    if (strcmp(from, to) == 0)
        words_fill(doc_text(doc), TR("Still missing of {0} (key {1}): the record of number {2}."), by, key, from, NULL);
    else
        words_fill(doc_text(doc), TR("Still missing of {0} (key {1}): the records of numbers {2} to {3}."), by, key,
                   from, to, NULL);
    doc_line(doc, 0);
}

static void tell_all(struct doc *doc, const struct json *answer, struct records *records)
{
    char a[24], b[24], c[24];
    bool host = json_find_bool(answer, "host");
    const struct json *votes = json_find(answer, "votes"), *missing = json_find(answer, "missing");
    (void)records;
    words_fill(doc_text(doc),
               host ? TR("This directory is the log's host now. It goes on from entry {0}, by its new key.")
                    : TR("This directory is a full copy of the log up to entry {0}, from where the new host goes on."),
               number_of(answer, "base", a), NULL);
    doc_line(doc, 0);
    words_fill(doc_text(doc), TR("Votes needed: {0}. What became of each:"), number_of(answer, "needed", a), NULL);
    doc_line(doc, 0);
    for (const struct json *v = votes == NULL ? NULL : votes->first; v != NULL; v = v->next) tell_vote(doc, v);
    words_fill(doc_text(doc), TR("Records beyond that, or waiting: {0}. With a receipt now: {1}. Refused: {2}."),
               number_of(answer, "waiting", a), number_of(answer, "receipts", b), number_of(answer, "refused", c),
               NULL);
    doc_line(doc, 0);
    for (const struct json *m = missing == NULL ? NULL : missing->first; m != NULL; m = m->next) tell_gap(doc, m);
    if (json_find_integer(answer, "beside", 0) > 0) {
        words_fill(doc_text(doc),
                   TR("Pairs of records that claim one place of their author's chain: {0}. Both are kept as evidence."),
                   number_of(answer, "beside", a), NULL);
        doc_line(doc, 0);
    }
    if (host) return;
    doc_say_line(doc, 0, TR("Follow the new host (truce mirror), and hand in there what waits in the outbox."));
}

static int say_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct taking_over *t = context;
    return status == TRUCE_REFUSED || t->call->json ? submit_line(t->call, status, line, size) : 0;
}

static enum truce_status run(struct taking_over *t)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    size_t aside = 0;
    while (t->aside[aside] != NULL) aside++;
    const struct truce_take_over options = {.copy = t->call->directory,
                                            .directory = call_operand(t->call, 0),
                                            .votes = (const char *)t->votes.data,
                                            .votes_size = t->votes.size,
                                            .aside = t->aside,
                                            .aside_count = aside,
                                            .key = t->key,
                                            .records = (const char *)t->records.data,
                                            .records_size = t->records.size,
                                            .line = say_line,
                                            .context = t};
    enum truce_status status = truce_take_over(&options, &answer, &error);
    status = status == TRUCE_DONE ? answer_give(t->call, NULL, slice_of(answer.data, answer.size), tell_all)
                                  : say_error(&error);
    truce_free(&answer);
    return status;
}

static enum truce_status take_over(struct call *call)
{
    struct taking_over t = {.call = call};
    enum truce_status status = read_call(&t);
    if (status == TRUCE_DONE) status = run(&t);
    truce_key_close(&t.key);
    buffer_clear(&t.votes);
    buffer_clear(&t.records);
    return status;
}

static const struct option options[] = {
    {"votes", '\0', "FILE", N_("Votes of the cosigners (truce witness --vote); may be given again.")},
    {"key", '\0', "FILE", N_("Become the host: the log's new secret key.")},
    {"records", '\0', "FILE", N_("The signed records that put the new key in force; may be given again.")},
    {"set-aside", '\0', "NAME", N_("Leave out this cosigner's vote on purpose.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_take_over = {
    .name = "take-over",
    .usage = "NEWDIR --votes FILE… [--key FILE --records FILE…] [-C COPY]",
    .does = N_("Goes on from a full copy when the log's host is gone."),
    .more =
        N_("The log goes on from the last entry that a cosigner has vouched for. What the copy has beyond it, and what "
           "waits in its outbox, is handed in anew. Each cosigner that votes never cosigns the old key again, so that "
           "the old host finds no quorum any more. Without --key the new directory is a copy, to follow the new host. "
           "A call that was cut short is made again."),
    .example = "truce take-over cell --votes votes --key log-next.key --records change -C copy",
    .options = options,
    .least = 1,
    .most = 1,
    .run = take_over,
};
