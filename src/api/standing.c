/* GET /standing, /waiting and /why: where it stands, what waits, and why. What was computed for a moment of the log is
 * kept, and so is the page that was made of it. */
#include "api/internal.h"

#include "system/system.h"
#include <inttypes.h>
#include <stdio.h>

enum { ANSWER_ARENA_BYTES = 512 * 1024 * 1024 };

/* What is asked, and all that the answer depends on. */
struct evaluation {
    struct visit *visit;
    struct truce_moment moment;
    struct now now;
    const char *term, *reading;       /* NULL: a standing */
    char term_text[2 * SEGMENT_SIZE]; /* AGREEMENT/TERM */
    char key[CACHE_KEY_SIZE];         /* of the answer */
    char page_key[CACHE_KEY_SIZE];    /* of the page made of it */
    enum status (*make)(struct buffer *, const struct page *, const struct json *, struct error *);
};

/* ---- keys */

static uint64_t hash_put(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xFF) * UINT64_C(0x100000001b3);
}

static void make_keys(struct evaluation *e, const struct visit *visit)
{
    const struct truce_moment *m = &e->moment;
    struct slice query = http_query_string(visit->request), path = http_path(visit->request);
    snprintf(e->key, sizeof e->key, "%" PRIu64 " %d:%" PRId64 " %d:%" PRIu64 ":%" PRId64 " %s %s", e->now.size,
             m->has_as_of, m->has_as_of ? m->as_of : 0, (int)m->known_by, m->known_size, m->known_time,
             e->term == NULL ? "" : e->term, e->reading == NULL ? "" : e->reading);
    int size = snprintf(e->page_key, sizeof e->page_key, "%.*s?%.*s %s %s", SLICE(path), SLICE(query),
                        language_code(words_language_now()), e->key);
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

static enum truce_status make_answer(void *context, struct buffer *out, struct truce_error *error)
{
    struct evaluation *e = context;
    struct truce_buffer answer = {0};
    struct truce_register *reader = e->visit->reader;
    enum truce_status status = e->term == NULL ? truce_standing(reader, &e->moment, &answer, error)
                                               : truce_why(reader, e->term, e->reading, &e->moment, &answer, error);
    if (status == TRUCE_DONE) buffer_put(out, slice_of(answer.data, answer.size));
    if (status == TRUCE_DONE) buffer_put_byte(out, '\n');
    truce_free(&answer);
    return status;
}

static enum truce_status get_answer(struct evaluation *e, struct buffer *out, struct truce_error *error)
{
    return cache_get(&e->visit->api->cache, e->key, make_answer, e, out, error);
}

static enum truce_status make_page(void *context, struct buffer *out, struct truce_error *error)
{
    struct evaluation *e = context;
    struct visit_page page;
    struct arena arena;
    const struct json *tree;
    struct error why;
    OWN(buffer_clear) struct buffer answer = {0};
    enum truce_status status = get_answer(e, &answer, error);
    if (status != TRUCE_DONE) return status;
    arena_init(&arena, ANSWER_ARENA_BYTES);
    struct slice text = slice_part(buffer_slice(&answer), 0, answer.size - 1);
    visit_page_open(e->visit, &e->now, &page);
    enum status made = json_read(&tree, text, JSON_RELAXED, &arena, &why);
    if (made == STATUS_DONE) made = e->make(out, &page.page, tree, &why);
    if (made == STATUS_DONE) made = buffer_finish(out, &why);
    if (made != STATUS_DONE) words_error(error, &why);
    visit_page_close(&page);
    arena_clear(&arena);
    return (enum truce_status)made;
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
        visit_problem(visit, &error);
        return;
    }
    uint64_t hash = hash_put(UINT64_C(0xcbf29ce484222325), page ? e->page_key : e->key);
    snprintf(tag, sizeof tag, "%.16s-%016" PRIx64, e->now.root, hash);
    visit_tag(visit, tag);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    visit_give(visit, page ? "text/html; charset=utf-8" : "application/json", &body);
}

void get_standing(struct visit *visit)
{
    struct evaluation e = {.make = page_standing};
    answer(visit, &e);
}

void get_waiting(struct visit *visit)
{
    struct evaluation e = {.make = page_waiting};
    answer(visit, &e);
}

void get_why(struct visit *visit)
{
    struct evaluation e = {.make = page_why, .reading = visit_value(visit, "reading")};
    bool named = visit->segment[1][0] != '\0';
    snprintf(e.term_text, sizeof e.term_text, "%s%s%s", visit->segment[0], named ? "/" : "", visit->segment[1]);
    e.term = e.term_text;
    answer(visit, &e);
}
