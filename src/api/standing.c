/* GET /standing, /agreements, /today, /handover, /changes, /difference, /compliance and /why: where it stands, by which
 * texts, what waits, how it came to be so, what lies between a moment and now, day by day, and why. What was computed
 * for a moment of the log is kept, and so is the page that was made of it. */
#include "api/internal.h"

#include "base/time.h"
#include "system/system.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ANSWER_ARENA_BYTES = 512 * 1024 * 1024, CHANGES_MOST = 10000, CHANGES_RECORDS_MOST = 1000, PART_SIZE = 44 };

#define THE_LAST UINT64_MAX

enum { WAITING_PAGE_MOST = 50, SHIFT_PAGE_MOST = 100, BUNDLE_SERVED_MOST = 32 * 1024 * 1024 };
enum asked {
    ASKED_STANDING,
    ASKED_AGREEMENTS,
    ASKED_TEXTS,
    ASKED_WAITING,
    ASKED_SHIFT,
    ASKED_WHY,
    ASKED_CHANGES,
    ASKED_COMPLIANCE,
    ASKED_DIFFERENCE
};

/* What is asked, and all that the answer depends on. */
struct evaluation {
    enum asked asked;
    struct visit *visit;
    struct truce_moment moment;
    struct now now;
    const char *term, *reading; /* of an explanation; an agreement's name or id, of its texts */
    const char *party;          /* for whom it waits, or NULL */
    uint64_t most;              /* of what waits, and of what a shift did; 0: all */
    bool has_from;              /* when a shift began */
    int64_t from;
    struct truce_days days;           /* of compliance */
    uint64_t after;                   /* of changes: from when the log had more records than so many, or THE_LAST */
    char term_text[2 * SEGMENT_SIZE]; /* AGREEMENT/TERM */
    char key[CACHE_KEY_SIZE];         /* of the answer */
    char page_key[CACHE_KEY_SIZE];    /* of the page made of it */
    enum status (*make)(struct buffer *, const struct page *, const struct json *, struct error *);
    /* The page's own way to say that what was asked makes no sense, so that it stays in its form; or NULL. */
    enum status (*refuse)(struct buffer *, const struct page *, const char *what, const char *wrong, struct error *);
};

/* ---- keys */

static uint64_t hash_put(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xFF) * UINT64_C(0x100000001b3);
}

static void put_days_key(struct evaluation *e)
{
    const struct truce_days *days = &e->days;
    size_t size = strlen(e->key);
    if (e->asked != ASKED_COMPLIANCE) return;
    snprintf(e->key + size, sizeof e->key - size, " %d:%" PRId64 " %d:%" PRId64 " %s %s %s %s", days->has_from,
             days->from, days->has_to, days->to, days->agreement == NULL ? "" : days->agreement,
             days->term == NULL ? "" : days->term, days->reading == NULL ? "" : days->reading,
             days->party == NULL ? "" : days->party);
}

static void make_keys(struct evaluation *e, const struct visit *visit)
{
    const struct truce_moment *m = &e->moment;
    struct slice query = http_query_string(visit->request), path = http_path(visit->request);
    snprintf(e->key, sizeof e->key,
             "%d %" PRIu64 " %d:%" PRId64 " %d:%" PRIu64 ":%" PRId64 " %" PRIu64 " %" PRIu64 " %d:%" PRId64 " %s %s %s",
             (int)e->asked, e->now.size, m->has_as_of, m->has_as_of ? m->as_of : 0, (int)m->known_by, m->known_size,
             m->known_time, e->after, e->most, e->has_from, e->from, e->term == NULL ? "" : e->term,
             e->reading == NULL ? "" : e->reading, e->party == NULL ? "" : e->party);
    put_days_key(e);
    char manner[MANNER_SIZE];
    int size = snprintf(e->page_key, sizeof e->page_key, "%.*s?%.*s %s %s", SLICE(path), SLICE(query),
                        visit_manner(manner), e->key);
    if (size < 0 || (size_t)size >= sizeof e->page_key) e->page_key[0] = '\0';
}

/* "now" is a moment like others once it is named; an exercise has a clock of its own. */
static bool settle(struct evaluation *e, struct visit *visit)
{
    struct ask_fault fault;
    struct truce_error error;
    e->visit = visit;
    if (!ask_moment(&e->moment, visit_value, visit, &fault)) {
        visit_ask_fault(visit, &fault);
        return false;
    }
    if (api_now(visit->api, visit->reader, &e->now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return false;
    }
    if (!e->moment.has_as_of && !e->now.exercise) {
        e->moment.has_as_of = true;
        e->moment.as_of = system_real.now_ms(system_real.context) / 1000;
    }
    make_keys(e, visit);
    return true;
}

/* ---- answers */

/* Lines of changes, until so many were given and one record's are whole. */
struct lines {
    struct buffer *out;
    uint64_t known; /* of the last line */
    size_t count;
    bool cut;
    struct arena arena;
};

static int on_change(void *context, enum truce_status status, const char *line, size_t size)
{
    struct lines *lines = context;
    const struct json *change;
    (void)status;
    arena_reset(&lines->arena);
    if (json_read(&change, slice_of(line, size), JSON_RELAXED, &lines->arena, NULL) != STATUS_DONE) return 1;
    uint64_t known = (uint64_t)json_find_integer(change, "known", 0);
    lines->cut = lines->count >= CHANGES_MOST && known != lines->known;
    if (lines->cut) return 1;
    buffer_put(lines->out, slice_of(line, size));
    buffer_put_byte(lines->out, '\n');
    lines->known = known;
    lines->count++;
    return lines->out->failed ? 1 : 0;
}

/* Of which entries of the log the lines are; it stands before them. */
static struct truce_part part_of(struct slice answer)
{
    const char *text = (const char *)answer.data;
    return (struct truce_part){.after = strtoull(text, NULL, 10),
                               .reached = strtoull(text + 21, NULL, 10),
                               .more = text[PART_SIZE - 2] == '1'};
}

static enum truce_status make_changes(const struct evaluation *e, struct buffer *out, struct truce_error *error)
{
    OWN(buffer_clear) struct buffer told = {0};
    struct lines lines = {.out = &told};
    struct truce_part part = {.last = e->after == THE_LAST, .after = e->after, .most = CHANGES_RECORDS_MOST};
    arena_init(&lines.arena, ANSWER_ARENA_BYTES);
    enum truce_status status = truce_changes(e->visit->reader, &e->moment, &part, on_change, &lines, error);
    arena_clear(&lines.arena);
    buffer_print(out, "%020" PRIu64 " %020" PRIu64 " %d\n", part.after, lines.cut ? lines.known : part.reached,
                 lines.cut || part.more);
    buffer_put(out, buffer_slice(&told));
    return status;
}

static enum truce_status ask(const struct evaluation *e, struct truce_buffer *answer, struct truce_error *error)
{
    struct truce_register *reader = e->visit->reader;
    switch (e->asked) {
    case ASKED_AGREEMENTS: return truce_standing_agreements(reader, &e->moment, answer, error);
    case ASKED_TEXTS: return truce_agreement(reader, e->term, &e->moment, answer, error);
    case ASKED_WAITING: return truce_waiting(reader, e->party, e->most, &e->moment, answer, error);
    case ASKED_SHIFT:
        return truce_shift(reader, e->party, e->has_from ? &e->from : NULL, e->most, &e->moment, answer, error);
    case ASKED_COMPLIANCE: return truce_compliance(reader, &e->days, &e->moment, answer, error);
    case ASKED_WHY: return truce_why(reader, e->term, e->reading, &e->moment, answer, error);
    case ASKED_DIFFERENCE: return truce_difference(reader, e->most, &e->moment, answer, error);
    case ASKED_STANDING:
    case ASKED_CHANGES: break;
    }
    return truce_standing(reader, &e->moment, answer, error);
}

static enum truce_status make_answer(void *context, struct buffer *out, struct truce_error *error)
{
    struct evaluation *e = context;
    struct truce_buffer answer = {0};
    if (e->asked == ASKED_CHANGES) return make_changes(e, out, error);
    enum truce_status status = ask(e, &answer, error);
    if (status == TRUCE_DONE) buffer_put(out, slice_of(answer.data, answer.size));
    if (status == TRUCE_DONE) buffer_put_byte(out, '\n');
    truce_free(&answer);
    return status;
}

static enum truce_status get_answer(struct evaluation *e, struct buffer *out, struct truce_error *error)
{
    return cache_get(&e->visit->api->cache, e->key, make_answer, e, out, error);
}

/* What a page is made of: one value. Of lines, the array, which part it is, and what they are as of if that was asked
 * for. */
static void put_value(const struct evaluation *e, struct slice answer, struct buffer *out)
{
    char as_of[TIME_TEXT_SIZE];
    if (e->asked != ASKED_CHANGES) {
        buffer_put(out, slice_part(answer, 0, answer.size - 1));
        return;
    }
    const struct truce_part part = part_of(answer);
    buffer_print(out, "{\"after\":%" PRIu64 ",", part.after);
    if (e->moment.has_as_of) {
        time_format(e->moment.as_of, as_of);
        buffer_print(out, "\"as_of\":\"%s\",", as_of);
    }
    buffer_put_string(out, "\"changes\":[");
    for (size_t i = PART_SIZE; i + 1 < answer.size; i++)
        buffer_put_byte(out, answer.data[i] == '\n' ? ',' : answer.data[i]);
    buffer_print(out, "],\"more\":%s,\"most\":%d,\"reached\":%" PRIu64 "}", part.more ? "true" : "false",
                 CHANGES_RECORDS_MOST, part.reached);
}

static enum truce_status make_page(void *context, struct buffer *out, struct truce_error *error)
{
    struct evaluation *e = context;
    struct visit_page page;
    struct arena arena;
    const struct json *tree;
    struct error why;
    OWN(buffer_clear) struct buffer answer = {0}, value = {0};
    enum truce_status status = get_answer(e, &answer, error);
    if (status != TRUCE_DONE) return status;
    arena_init(&arena, ANSWER_ARENA_BYTES);
    put_value(e, buffer_slice(&answer), &value);
    visit_page_open(e->visit, &e->now, &page);
    enum status made = buffer_finish(&value, &why);
    if (made == STATUS_DONE) made = json_read(&tree, buffer_slice(&value), JSON_RELAXED, &arena, &why);
    if (made == STATUS_DONE) made = e->make(out, &page.page, tree, &why);
    if (made == STATUS_DONE) made = buffer_finish(out, &why);
    if (made != STATUS_DONE) words_error(error, &why);
    visit_page_close(&page);
    arena_clear(&arena);
    return (enum truce_status)made;
}

/* Where the lines were cut, what leads on: the same moment, behind what they knew. */
static void put_next(struct visit *visit, const struct truce_part *part)
{
    static const char *const kept[] = {"as-of", "known"};
    OWN(buffer_clear) struct buffer link = {0};
    if (!part->more) return;
    buffer_print(&link, "</changes?after=%" PRIu64, part->reached);
    for (size_t i = 0; i < COUNT_OF(kept); i++) /* times and numbers, as they were understood */
        if (visit_value(visit, kept[i]) != NULL) buffer_print(&link, "&%s=%s", kept[i], visit_value(visit, kept[i]));
    buffer_put_string(&link, ">; rel=\"next\"");
    buffer_put_byte(&link, '\0');
    if (!link.failed) http_add(visit->response, "Link", (const char *)link.data);
}

/* The lines alone. */
static void put_lines(struct visit *visit, struct buffer *body)
{
    const struct truce_part part = part_of(buffer_slice(body));
    struct buffer lines = {0};
    put_next(visit, &part);
    buffer_put(&lines, slice_part(buffer_slice(body), PART_SIZE, body->size));
    buffer_clear(body);
    *body = lines;
}

/* `what`: the name of what was asked for, or the code of the error. */
static void refuse(struct visit *visit, struct evaluation *e, unsigned status, const char *what, const char *wrong)
{
    struct visit_page page;
    struct buffer body = {0};
    struct error why;
    http_status(visit->response, status);
    visit_page_open(visit, &e->now, &page);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    visit_give_page(visit, e->refuse(&body, &page.page, what, wrong, &why), &why, &body);
    visit_page_close(&page);
}

static void answer(struct visit *visit, struct evaluation *e)
{
    struct buffer body = {0};
    struct truce_error error;
    char tag[64];
    bool page = visit->form == FORM_HTML;
    if (!settle(e, visit)) return;
    enum truce_status status =
        page ? cache_get(&visit->api->cache, e->page_key, make_page, e, &body, &error) : get_answer(e, &body, &error);
    if (status != TRUCE_DONE) {
        buffer_clear(&body);
        if (page && e->refuse != NULL && status == TRUCE_USAGE)
            refuse(visit, e, problem_status(&error), error.code, error.message);
        else
            visit_problem(visit, &error);
        return;
    }
    uint64_t hash = hash_put(UINT64_C(0xcbf29ce484222325), page ? e->page_key : e->key);
    snprintf(tag, sizeof tag, "%.16s-%016" PRIx64, e->now.root, hash);
    visit_tag(visit, tag);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    bool lines = e->asked == ASKED_CHANGES;
    if (lines && !page) put_lines(visit, &body);
    visit_give(visit, page ? "text/html; charset=utf-8" : lines ? "application/x-ndjson" : "application/json", &body);
}

void get_standing(struct visit *visit)
{
    struct evaluation e = {.asked = visit->form == FORM_HTML ? ASKED_AGREEMENTS : ASKED_STANDING,
                           .make = page_standing};
    answer(visit, &e);
}

void get_agreements(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_AGREEMENTS, .make = page_agreements};
    answer(visit, &e);
}

void get_agreement(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_TEXTS, .make = page_agreement, .term = visit->segment[0]};
    answer(visit, &e);
}

void get_today(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_WAITING, .make = page_today, .party = visit_value(visit, "party")};
    e.most = visit->form == FORM_HTML ? WAITING_PAGE_MOST : 0;
    answer(visit, &e);
}

void get_handover(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_SHIFT, .make = page_handover, .party = visit_value(visit, "party")};
    struct ask_fault fault;
    e.most = visit->form == FORM_HTML ? SHIFT_PAGE_MOST : 0;
    if (!ask_from(&e.has_from, &e.from, visit_value, visit, &fault))
        visit_ask_fault(visit, &fault);
    else
        answer(visit, &e);
}

void get_difference(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_DIFFERENCE, .make = page_difference};
    e.most = visit->form == FORM_HTML ? WAITING_PAGE_MOST : 0;
    answer(visit, &e);
}

void get_changes(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_CHANGES, .make = page_changes};
    struct ask_fault fault;
    if (!ask_after(&e.after, visit_value, visit, &fault)) {
        visit_ask_fault(visit, &fault);
        return;
    }
    if (visit->form == FORM_HTML && visit_value(visit, "after") == NULL) e.after = THE_LAST;
    answer(visit, &e);
}

void get_compliance(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_COMPLIANCE, .make = page_compliance, .refuse = page_compliance_refused};
    OWN(buffer_clear) struct buffer wrong = {0};
    struct ask_fault fault;
    if (ask_days(&e.days, visit_value, visit, &fault)) {
        answer(visit, &e);
    } else if (visit->form != FORM_HTML) {
        visit_ask_fault(visit, &fault);
    } else if (settle(&e, visit)) {
        words_fill(&wrong, fault.message, error_slice(slice_from(fault.value)).text, NULL);
        buffer_put_byte(&wrong, '\0');
        refuse(visit, &e, 400, fault.name, wrong.failed ? "" : (const char *)wrong.data);
    }
}

void get_why(struct visit *visit)
{
    struct evaluation e = {.asked = ASKED_WHY, .make = page_why, .reading = visit_value(visit, "reading")};
    bool named = visit->segment[1][0] != '\0';
    snprintf(e.term_text, sizeof e.term_text, "%s%s%s", visit->segment[0], named ? "/" : "", visit->segment[1]);
    e.term = e.term_text;
    answer(visit, &e);
}

/* Not kept: it is asked for seldom, and large. */
void get_bundle(struct visit *visit)
{
    struct truce_moment moment;
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct ask_fault fault;
    char term[2 * SEGMENT_SIZE], disposition[SEGMENT_SIZE + 64];
    if (!ask_moment(&moment, visit_value, visit, &fault)) {
        visit_ask_fault(visit, &fault);
        return;
    }
    snprintf(term, sizeof term, "%s/%s", visit->segment[0], visit->segment[1]);
    if (truce_bundle(visit->reader, term, visit_value(visit, "reading"), &moment, BUNDLE_SERVED_MOST, &answer,
                     &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    /* The term is one that an agreement has: letters, digits and hyphens. */
    snprintf(disposition, sizeof disposition, "attachment; filename=\"%s.bundle\"", visit->segment[1]);
    http_add(visit->response, "Content-Disposition", disposition);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    visit_give_answer(visit, "application/octet-stream", &answer);
}
