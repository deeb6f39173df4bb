/* GET /claims, /claims/ID, /claims/tallies, /incidents, /incidents/ID, /access, /access/ID: lists as lines, one thing
 * as an object, or pages of the same. */
#include "api/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LIST_PAGE = 50, LIST_MOST = 500, ANSWER_ARENA_BYTES = 256 * 1024 * 1024 };

static const char asked_again[] = "private, no-cache", varies[] = "Accept, Accept-Language, Cookie";

/* ---- what all of them begin with */

struct asked {
    struct truce_sought sought;
    struct truce_moment moment;
    struct now now;
    struct ask_fault fault;
    bool good; /* else the fault says what was wrong */
};

static bool ask(struct visit *visit, struct asked *out)
{
    struct truce_error error;
    const char *several = visit_value(visit, "several");
    *out = (struct asked){.good = true};
    if (api_now(visit->api, visit->reader, &out->now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return false;
    }
    out->good = ask_query(&out->sought.query, visit_value, visit, &out->fault) &&
                ask_moment(&out->moment, visit_value, visit, &out->fault);
    out->sought.against = visit_value(visit, "against");
    out->sought.party = visit_value(visit, "party");
    out->sought.state = visit_value(visit, "state");
    out->sought.several = several != NULL && strcmp(several, "yes") == 0;
    if (out->good && several != NULL && !out->sought.several && strcmp(several, "no") != 0) {
        out->fault = (struct ask_fault){TR("The answer is \"yes\" or \"no\", not \"{0}\"."), "several", several};
        out->good = false;
    }
    return true;
}

/* ---- lists */

typedef enum truce_status list_all(struct truce_register *reg, const struct truce_sought *sought,
                                   const struct truce_moment *moment, truce_line *line, void *context,
                                   struct truce_error *error);
typedef enum status make_list(struct buffer *out, const struct page *page, const struct page_events *list,
                              struct error *error);
struct listing {
    list_all *find;
    make_list *make;
    const char *path;
};

struct gathering {
    struct arena arena;
    const struct json *line[LIST_MOST];
    size_t count, most;
    bool more, full;
};

static int gather(void *context, enum truce_status status, const char *line, size_t size)
{
    struct gathering *gathering = context;
    (void)status;
    gathering->more = gathering->count == gathering->most;
    if (gathering->more) return 1;
    struct slice copy = arena_copy(&gathering->arena, slice_of(line, size));
    gathering->full = copy.data == NULL || json_read(&gathering->line[gathering->count], copy, JSON_RELAXED,
                                                     &gathering->arena, NULL) != STATUS_DONE;
    if (gathering->full) return 1;
    gathering->count++;
    return 0;
}

static enum truce_status gather_all(struct visit *visit, const struct listing *listing, const struct asked *asked,
                                    struct gathering *gathering, struct truce_error *error)
{
    struct truce_sought sought = asked->sought;
    uint64_t limit = sought.query.limit;
    gathering->most = limit == 0 ? LIST_PAGE : limit > LIST_MOST ? LIST_MOST : limit;
    sought.query.limit = 0;
    enum truce_status status = listing->find(visit->reader, &sought, &asked->moment, gather, gathering, error);
    bool stopped = status == TRUCE_FAILED && strcmp(error->code, "stopped") == 0 && !gathering->full;
    return stopped ? TRUCE_DONE : status;
}

/* The entry behind the last that was given. */
static uint64_t next_of(const struct gathering *gathering)
{
    const struct json *last = gathering->count == 0 ? NULL : gathering->line[gathering->count - 1];
    const struct json *claim = json_find(last, "claim");
    return last == NULL ? 0 : (uint64_t)json_find_integer(claim == NULL ? last : claim, "index", 0) + 1;
}

static void put_next(struct visit *visit, const struct listing *listing, uint64_t next)
{
    OWN(buffer_clear) struct buffer link = {0};
    struct slice rest = http_query_string(visit->request);
    buffer_print(&link, "<%s?after=%" PRIu64, listing->path, next);
    while (rest.size > 0) {
        size_t size = 0;
        while (size < rest.size && rest.data[size] != '&') size++;
        struct slice pair = slice_part(rest, 0, size);
        rest = slice_part(rest, size + 1, rest.size);
        bool plain = pair.size > 0 && !slice_starts(pair, "after=");
        for (size_t i = 0; i < pair.size && plain; i++)
            plain = pair.data[i] > 0x20 && pair.data[i] < 0x7F && strchr("\"<>\\^`{|}", pair.data[i]) == NULL;
        if (plain) buffer_put_byte(&link, '&'), buffer_put(&link, pair);
    }
    buffer_put_string(&link, ">; rel=\"next\"");
    buffer_put_byte(&link, '\0');
    if (!link.failed) http_add(visit->response, "Link", (const char *)link.data);
}

static void give_lines(struct visit *visit, const struct listing *listing, const struct gathering *gathering)
{
    struct buffer body = {0};
    for (size_t i = 0; i < gathering->count; i++) {
        buffer_put(&body, gathering->line[i]->source);
        buffer_put_byte(&body, '\n');
    }
    if (gathering->more) put_next(visit, listing, next_of(gathering));
    visit_cache(visit, asked_again, varies);
    visit_give(visit, "application/x-ndjson", &body);
}

static const char *wrong_field(const char *code)
{
    static const char *const fields[][2] = {
        {"find-order", "to"}, {"find-distance", "within"}, {"access-kind", "kind"}, {"access-state", "state"}};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (strcmp(code, fields[i][0]) == 0) return fields[i][1];
    return "";
}

/* What made no sense stands beside the form, where what was typed stays. */
static void give_page(struct visit *visit, const struct listing *listing, const struct asked *asked,
                      const struct gathering *gathering, const struct truce_error *error)
{
    struct page_events list = {.lines = gathering->line, .count = gathering->count, .more = gathering->more};
    struct visit_page page;
    struct buffer body = {0};
    struct error why;
    OWN(buffer_clear) struct buffer wrong = {0};
    list.asked = visit_value;
    list.context = visit;
    list.next = next_of(gathering);
    if (!asked->good) {
        struct error_text value = error_slice(slice_from(asked->fault.value == NULL ? "" : asked->fault.value));
        words_fill(&wrong, asked->fault.message, value.text, NULL);
        list.wrong_name = asked->fault.name;
    } else if (error != NULL) {
        buffer_put_string(&wrong, error->message);
        list.wrong_name = wrong_field(error->code);
    }
    if (list.wrong_name != NULL) {
        buffer_put_byte(&wrong, '\0');
        list.wrong = wrong.failed ? "" : (const char *)wrong.data;
        http_status(visit->response, 400);
    }
    visit_page_open(visit, &asked->now, &page);
    visit_cache(visit, asked_again, varies);
    visit_give_page(visit, listing->make(&body, &page.page, &list, &why), &why, &body);
    visit_page_close(&page);
}

static void answer_list(struct visit *visit, const struct listing *listing, const struct asked *asked,
                        struct gathering *gathering)
{
    struct truce_error error;
    bool page = visit->form == FORM_HTML;
    if (!asked->good && !page) {
        visit_ask_fault(visit, &asked->fault);
        return;
    }
    enum truce_status status = asked->good ? gather_all(visit, listing, asked, gathering, &error) : TRUCE_DONE;
    if (page && (status == TRUCE_DONE || status == TRUCE_USAGE))
        give_page(visit, listing, asked, gathering, status == TRUCE_DONE ? NULL : &error);
    else if (status == TRUCE_DONE)
        give_lines(visit, listing, gathering);
    else
        visit_problem(visit, &error);
}

static void get_list(struct visit *visit, const struct listing *listing)
{
    struct asked asked;
    struct error why;
    if (!ask(visit, &asked)) return;
    struct gathering *gathering = calloc(1, sizeof *gathering);
    if (gathering == NULL) {
        (void)!arena_full(&why);
        visit_fault(visit, 0, &why);
        return;
    }
    arena_init(&gathering->arena, ANSWER_ARENA_BYTES);
    answer_list(visit, listing, &asked, gathering);
    arena_clear(&gathering->arena);
    free(gathering);
}

void get_claims(struct visit *visit)
{
    get_list(visit, &(const struct listing){truce_claims, page_claims, "/claims"});
}

void get_incidents(struct visit *visit)
{
    get_list(visit, &(const struct listing){truce_incidents, page_incidents, "/incidents"});
}

void get_access(struct visit *visit)
{
    get_list(visit, &(const struct listing){truce_access, page_access, "/access"});
}

/* ---- one */

typedef enum status make_one(struct buffer *out, const struct page *page, const struct json *answer,
                             struct error *error);

static void give_one(struct visit *visit, const struct now *now, struct truce_buffer *answer, make_one *make)
{
    struct arena arena;
    const struct json *tree;
    struct visit_page page;
    struct buffer body = {0};
    struct error why;
    if (visit->form != FORM_HTML) {
        visit_cache(visit, asked_again, varies);
        visit_give_answer(visit, "application/json", answer);
        return;
    }
    arena_init(&arena, ANSWER_ARENA_BYTES);
    visit_page_open(visit, now, &page);
    visit_cache(visit, asked_again, varies);
    enum status status = json_read(&tree, slice_of(answer->data, answer->size), JSON_RELAXED, &arena, &why);
    if (status == STATUS_DONE) status = make(&body, &page.page, tree, &why);
    visit_give_page(visit, status, &why, &body);
    visit_page_close(&page);
    arena_clear(&arena);
    truce_free(answer);
}

typedef enum truce_status find_one(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                                   struct truce_buffer *answer, struct truce_error *error);

static enum truce_status find_tallies(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                                      struct truce_buffer *answer, struct truce_error *error)
{
    (void)id;
    return truce_tallies(reg, moment, answer, error);
}

static void get_one(struct visit *visit, find_one *find, make_one *make)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct asked asked;
    if (!ask(visit, &asked)) return;
    if (!asked.good) {
        visit_ask_fault(visit, &asked.fault);
        return;
    }
    enum truce_status status = find(visit->reader, visit->segment[0], &asked.moment, &answer, &error);
    if (status == TRUCE_DONE)
        give_one(visit, &asked.now, &answer, make);
    else
        visit_problem(visit, &error);
}

void get_claim(struct visit *visit)
{
    get_one(visit, truce_claim, page_claim);
}

void get_incident(struct visit *visit)
{
    get_one(visit, truce_incident, page_incident);
}

void get_tallies(struct visit *visit)
{
    get_one(visit, find_tallies, page_tallies);
}

void get_access_one(struct visit *visit)
{
    get_one(visit, truce_access_one, page_access_one);
}
