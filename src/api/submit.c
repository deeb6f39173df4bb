/* POST /records: signed notes in, a line for each: its receipt, or why it was refused. Requests that wait at the same
 * moment become durable as one group. POST /outbox: the same at one's own server, durable there before it is handed in.
 */
#include "api/internal.h"

#include "system/clock.h"
#include "system/system.h"
#include <inttypes.h>
#include <stdio.h>

enum {
    NOTES_MOST = 65536, /* in one request, so that the lines of the answer fit in memory */
    NOTE_LINES = 3,
    DAY_S = 86400
};

struct submission {
    struct visit *visit;
    struct buffer lines;
    uint64_t receipts, refused, stamped; /* stamped: a mirror waits for its host */
    bool quota;                          /* one was refused because its author's day is full */
    char first_id[ROOT_SIZE];
};

/* A refusal is canonical, so that its code is its last member. */
static struct slice refusal_code(struct slice line)
{
    static const char before[] = "\"refused\":\"", after[] = "\"}";
    size_t end = line.size < sizeof after ? 0 : line.size - (sizeof after - 1), from = end;
    while (from > 0 && line.data[from - 1] != '"') from--;
    struct slice code = slice_part(line, from, end - from);
    bool good =
        from >= sizeof before - 1 && memcmp(line.data + from - (sizeof before - 1), before, sizeof before - 1) == 0;
    return good ? code : slice_from("");
}

static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct submission *submission = context;
    buffer_put(&submission->lines, slice_of(line, size));
    buffer_put_byte(&submission->lines, '\n');
    if (status == TRUCE_REFUSED) {
        submission->refused++;
        struct slice code = refusal_code(slice_of(line, size));
        counts_refusal(&submission->visit->api->counts, code);
        submission->quota = submission->quota || slice_is(code, "admission-quota");
    } else if (slice_starts(slice_of(line, size), "{\"arrival\":")) {
        submission->stamped++;
    } else if (submission->receipts++ == 0) {
        (void)sscanf(line, "{\"id\":\"%64[0-9a-f]\"", submission->first_id);
    }
    return 0;
}

/* ---- what came */

/* curl --data-binary says that its body is a form, whatever it is: one is a form if it begins like this one. */
static struct slice notes_of(const struct http_request *request)
{
    struct slice body = http_body(request), notes;
    bool form = slice_starts(body, "notes=") && http_form(request, "notes", &notes);
    return form ? notes : body;
}

static bool too_many(struct slice notes)
{
    size_t lines = 0;
    for (const uint8_t *at = notes.data, *end = at + notes.size;
         at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        lines++;
    return lines / NOTE_LINES > NOTES_MOST;
}

/* A browser ends lines of a form by CR LF; a note has LF alone. */
static void put_unix_lines(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '\r' || i + 1 == text.size || text.data[i + 1] != '\n') buffer_put_byte(out, text.data[i]);
    if (text.size > 0 && text.data[text.size - 1] != '\n') buffer_put_byte(out, '\n');
}

struct slice visit_notes(const struct http_request *request, struct buffer *unix_lines)
{
    struct slice notes = notes_of(request);
    if (notes.data == http_body(request).data) return notes;
    put_unix_lines(unix_lines, notes);
    return buffer_slice(unix_lines);
}

/* ---- what is answered */

/* The machine failed behind some that were admitted: their receipts are given out, and the last line says what failed.
 */
static void give_broken(struct visit *visit, struct submission *submission, const struct truce_error *error)
{
    http_status(visit->response, problem_put(&submission->lines, error));
    visit_cache(visit, "no-store", NULL);
    http_add(visit->response, "Retry-After", "30");
    visit_give(visit, "application/x-ndjson", &submission->lines);
}

/* A day's quota ends with the day, in UTC. */
static void put_retry(struct visit *visit, const struct submission *submission)
{
    char seconds[24];
    int64_t now_s = system_real.now_ms(system_real.context) / 1000;
    if (!submission->quota) return;
    snprintf(seconds, sizeof seconds, "%" PRId64, DAY_S - now_s % DAY_S);
    http_add(visit->response, "Retry-After", seconds);
}

/* A browser goes on to the record; what was refused it is told in a page. */
static void give_page(struct visit *visit, struct submission *submission, const struct truce_error *error)
{
    char place[96];
    buffer_clear(&submission->lines);
    put_retry(visit, submission);
    if (submission->refused > 0) {
        visit_problem(visit, error);
        return;
    }
    if (submission->stamped > 0) { /* no page has it yet */
        buffer_print(&submission->lines, "%s\n",
                     TR("The host has not answered. What you handed in is stamped, and is handed on until it does."));
        http_status(visit->response, 202);
        visit_give(visit, "text/plain; charset=utf-8", &submission->lines);
        return;
    }
    snprintf(place, sizeof place, "/records/%s", submission->first_id);
    http_status(visit->response, 303);
    visit_cache(visit, "no-store", NULL);
    http_add(visit->response, "Location", place);
}

static void give_lines(struct visit *visit, struct submission *submission)
{
    char place[96];
    snprintf(place, sizeof place, "/records/%s", submission->first_id);
    http_status(visit->response, submission->refused > 0 ? 422 : submission->stamped > 0 ? 202 : 201);
    visit_cache(visit, "no-store", NULL);
    put_retry(visit, submission);
    if (submission->refused == 0 && submission->receipts == 1) http_add(visit->response, "Location", place);
    visit_give(visit, "application/x-ndjson", &submission->lines);
}

/* How many were refused; the answer is given. */
static uint64_t submit(struct visit *visit, struct slice notes)
{
    struct submission submission = {.visit = visit};
    struct truce_error error = {.offset = -1};
    int64_t began_ns = clock_steady_ns();
    enum truce_status status =
        truce_submit(visit->api->reg, (const char *)notes.data, notes.size, take_line, &submission, &error);
    counts_submission(&visit->api->counts, submission.receipts, (clock_steady_ns() - began_ns) / 1000);
    bool broken = status != TRUCE_DONE && status != TRUCE_REFUSED;
    if (broken) steward_failed(&visit->api->steward, &error);
    if (broken && submission.lines.size == 0)
        visit_problem(visit, &error);
    else if (broken)
        give_broken(visit, &submission, &error);
    else if (visit->form == FORM_HTML)
        give_page(visit, &submission, &error);
    else
        give_lines(visit, &submission);
    return submission.refused;
}

void post_records(struct visit *visit)
{
    struct error why;
    OWN(buffer_clear) struct buffer unix_lines = {0};
    struct slice type = http_header(visit->request, "Content-Type"), notes = notes_of(visit->request);
    if (slice_starts(type, "multipart/")) {
        (void)!error_set(&why, STATUS_USAGE, "notes-type",
                         "Signed notes come as text/plain, or in the field \"notes\" of a plain form.", NULL);
        visit_fault(visit, 415, &why);
        return;
    }
    if (too_many(notes)) {
        (void)!error_set(&why, STATUS_USAGE, "notes-many", "One request hands in at most {0} notes.",
                         error_number(NOTES_MOST).text, NULL);
        visit_fault(visit, 413, &why);
        return;
    }
    submit(visit, visit_notes(visit->request, &unix_lines));
}

/* A record that was refused would stand in the way of what its author writes next. */
void post_outbox(struct visit *visit)
{
    struct error why;
    struct truce_error error;
    OWN(buffer_clear) struct buffer unix_lines = {0};
    if (!visit->api->loopback) {
        (void)!error_set(&why, STATUS_USAGE, "outbox-own",
                         "Only one's own server on this machine keeps an outbox; hand the note in at /records.", NULL);
        visit_fault(visit, 403, &why);
        return;
    }
    struct slice notes = visit_notes(visit->request, &unix_lines);
    const char *data = (const char *)notes.data;
    if (truce_keep(visit->reader, data, notes.size, &error) != TRUCE_DONE)
        visit_problem(visit, &error);
    else if (submit(visit, notes) > 0)
        (void)!truce_unkeep(visit->reader, data, notes.size, &error);
}
