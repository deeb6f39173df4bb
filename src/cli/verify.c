#include "cli/remote.h"

#include "json/json.h"
#include "tell/evidence.h"
#include "tell/names.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verifying {
    const struct call *call;
    struct progress progress;
    uint64_t faults;
};

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct verifying *verifying = context;
    progress_update(&verifying->progress, done, total);
}

/* {"code","message","offset","place"} as "PLACE:OFFSET: MESSAGE (CODE)". */
static bool put_fault(struct slice text)
{
    struct arena arena;
    const struct json *fault;
    OWN(buffer_clear) struct buffer line = {0};
    arena_init(&arena, text.size * 64 + 65536);
    if (json_read(&fault, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        int64_t offset = json_find_integer(fault, "offset", -1);
        buffer_put(&line, json_find_string(fault, "place"));
        if (offset >= 0) buffer_print(&line, ":%" PRId64, offset);
        buffer_put_string(&line, ": ");
        buffer_put(&line, json_find_string(fault, "message"));
        buffer_print(&line, " (%.*s)", SLICE(json_find_string(fault, "code")));
    } else {
        buffer_put(&line, text); /* bytes that no JSON reader takes are shown as they came */
    }
    arena_clear(&arena);
    return output_line(buffer_slice(&line));
}

static int fault_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct verifying *verifying = context;
    struct slice text = slice_of(line, size);
    (void)status;
    verifying->faults++;
    progress_hide(&verifying->progress);
    return (verifying->call->json ? output_line(text) : put_fault(text)) ? 0 : 1;
}

static void put_value(struct buffer *out, const char *label, const char *value)
{
    words_fill(out, label, value, NULL);
    buffer_put_byte(out, '\n');
}

static const char *copy_of(const struct json *sum, const char *key, char *out, size_t size)
{
    const struct json *value = json_find(sum, key);
    if (value == NULL)
        out[0] = '\0';
    else if (value->type == JSON_INTEGER)
        snprintf(out, size, "%" PRId64, value->integer);
    else
        snprintf(out, size, "%.*s", SLICE(value->type == JSON_STRING ? value->string : value->source));
    return out;
}

static void put_evidence(struct buffer *out, const struct json *sum, uint64_t faults)
{
    if (faults == 0) buffer_print(out, "%s\n", tell_evidence(json_find_string(sum, "evidence")));
    for (const struct json *key = json_find(sum, "keys")->first; key != NULL; key = key->next) {
        char text[512];
        snprintf(text, sizeof text, "%.*s", SLICE(key->string));
        put_value(out, TR("Key: {0}"), text);
    }
    if (slice_is(json_find_string(sum, "trust"), "own-word"))
        buffer_print(out, "%s\n",
                     TR("No key was given to compare with (--key, --policy): compare these by another way."));
}

/* What a bundle shows, and what it does not. */
static void put_bundle(struct buffer *out, const struct json *sum)
{
    const struct json *asked = json_find(sum, "bundle");
    char term[256], reading[96], as_of[64], known[32], verdict[64], label[80];
    if (copy_of(sum, "verdict", verdict, sizeof verdict)[0] == '\0') return;
    copy_of(asked, "term", term, sizeof term);
    if (copy_of(asked, "reading", reading, sizeof reading)[0] != '\0')
        snprintf(term + strlen(term), sizeof term - strlen(term), " (%.80s)", reading);
    words_fill(out, TR("Computed again, byte for byte: {0}, as of {1}, with the log's first {2} records: {3}."), term,
               copy_of(asked, "as_of", as_of, sizeof as_of), copy_of(asked, "known", known, sizeof known),
               tell_label(LABEL_VERDICT, slice_from(verdict), label, sizeof label), NULL);
    if (strcmp(verdict, "breached") == 0)
        buffer_print(out, " %s", TR("Computed from signed records; not a finding of responsibility."));
    buffer_print(
        out, "\n%s\n",
        TR("The bundle has every record that the log had then; none is left out. Whether its host showed others "
           "the same log, only its cosigners (--policy) or a copy of one's own can say."));
}

static void put_summary(struct slice answer, uint64_t faults)
{
    struct arena arena;
    const struct json *sum;
    char value[256];
    OWN(buffer_clear) struct buffer out = {0}, count = {0};
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&sum, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        words_count(&count, NOUN_FAULT, faults);
        buffer_put_byte(&count, '\0');
        put_value(&out, faults == 0 ? TR("Verified: {0}") : TR("Verification failed: {0}"),
                  count.failed ? "" : (const char *)count.data);
        if (json_find(sum, "bundle") != NULL && faults == 0) put_bundle(&out, sum);
        if (json_find(sum, "evidence") != NULL) put_evidence(&out, sum, faults);
        if (json_find(sum, "entries") != NULL)
            put_value(&out, TR("Records: {0}"), copy_of(sum, "entries", value, sizeof value));
        if (copy_of(sum, "cosigned", value, sizeof value)[0] != '\0')
            put_value(&out, TR("Covered by the cosignatures that the policy asks for: {0}"), value);
        if (copy_of(sum, "genesis", value, sizeof value)[0] != '\0') put_value(&out, TR("Genesis: {0}"), value);
        if (copy_of(sum, "root", value, sizeof value)[0] != '\0') put_value(&out, TR("Root: {0}"), value);
        if (copy_of(sum, "phrase", value, sizeof value)[0] != '\0') {
            char published[24];
            words_fill(&out, TR("Check phrase of the signed head (records: {0}): {1}"),
                       copy_of(sum, "published", published, sizeof published), value, NULL);
            buffer_put_byte(&out, '\n');
        }
        if (slice_is(json_find_string(sum, "trust"), "log-only")) {
            buffer_put_string(&out,
                              TR("The genesis was not compared (--genesis): its beginning is taken at its own word."));
            buffer_put_byte(&out, '\n');
        }
        output_put(buffer_slice(&out));
    }
    arena_clear(&arena);
}

static enum truce_status verify(struct call *call)
{
    struct verifying verifying = {.call = call};
    struct truce_error error;
    struct truce_buffer answer = {0};
    struct truce_verify_options options = {.path =
                                               call_operand(call, 0) == NULL ? call->directory : call_operand(call, 0),
                                           .genesis = call_option(call, "genesis"),
                                           .key = call_option(call, "key"),
                                           .policy = call_option(call, "policy")};
    const char *threads = call_option(call, "threads");
    char *end = NULL;
    unsigned long number = threads == NULL ? 0 : strtoul(threads, &end, 10);
    if (threads != NULL && (*end != '\0' || threads[0] < '0' || threads[0] > '9' || number > 1024))
        return call_wrong(call, TR("The number of threads is 0 (all cores) to 1024, not \"{0}\"."), threads, NULL);
    options.threads = (unsigned)number;
    bool far = strncmp(options.path, "http://", 7) == 0 || strncmp(options.path, "https://", 8) == 0;
    struct remote remote;
    enum truce_status status = remote_read(call, options.path, &remote);
    if (status != TRUCE_DONE) return status;
    const struct truce_access access = remote_access(&remote);
    progress_open(&verifying.progress, TR("Verifying"));
    if (far)
        status = truce_verify_far(&options, &access, fault_line, show_progress, &verifying, &answer, &error);
    else
        status = truce_verify(&options, fault_line, show_progress, &verifying, &answer, &error);
    remote_close(&remote);
    progress_hide(&verifying.progress);
    if (answer.data != NULL && call->json) output_line(slice_of(answer.data, answer.size));
    if (answer.data != NULL && !call->json) put_summary(slice_of(answer.data, answer.size), verifying.faults);
    if (status != TRUCE_DONE && (status != TRUCE_UNVERIFIED || verifying.faults == 0)) say_error(&error);
    truce_free(&answer);
    /* A reader that had seen enough stopped it: what was found by then stays found. */
    bool stopped = status == TRUCE_FAILED && strcmp(error.code, "stopped") == 0;
    return stopped && verifying.faults > 0 ? TRUCE_UNVERIFIED : status;
}

static const struct option options[] = {
    {"genesis", '\0', "HASH", N_("The genesis's id, as it was compared by another way.")},
    {"key", '\0', "VKEY", N_("The log's verifier key, where the genesis's is not to be relied on.")},
    {"policy", '\0', "FILE", N_("Some signed head must satisfy this policy (C2SP tlog-policy).")},
    {"threads", '\0', "N", N_("How many threads check signatures (else as many as there are cores).")},
    {"session", '\0', "FILE", N_("Come in by the session key in FILE (truce session new).")},
    {"member", '\0', "NAME", N_("The name by which the server knows you.")},
    {"token-file", '\0', "FILE", N_("Your token for the server, on the first line of FILE.")},
    {"tls-ca", '\0', "FILE", N_("Trust certificates signed by this one (PEM), and no others.")},
    END_OF_OPTIONS,
};
const struct command command_verify = {
    .name = "verify",
    .usage = "[DIR|FILE|URL]",
    .does = N_("Checks every signature, hash and checkpoint, and computes every result again."),
    .more = N_("Each fault is shown with its place, and the exit status is then 3. Nothing is repaired and nothing is "
               "written. FILE may hold signed notes, a bundle (truce why --bundle), or evidence that truce keeps of a "
               "host or an author who signed what contradicts itself."),
    .example = "truce verify copy --genesis 9f0c…",
    .options = options,
    .most = 1,
    .reading = true,
    .run = verify,
};
