/* GET and POST /notices/ID/confirm: what of a notice is to be read back, and how what was typed compares. Nothing is
 * signed here. */
#include "api/internal.h"

#include <stdio.h>

enum { NOTICE_ARENA_BYTES = 16 * 1024 * 1024, TYPED_MOST = 128 };

struct confirming {
    struct visit *visit;
    struct arena arena;
    struct truce_typed typed[TYPED_MOST];
    size_t count;
    bool posted;
};

/* Fields of the form by their pointers; others are none of ours. */
static void take_typed(struct confirming *c)
{
    struct slice name, value;
    for (size_t at = 0; c->posted && c->count < TYPED_MOST && http_form_next(c->visit->request, &at, &name, &value);)
        if (slice_starts(name, "/"))
            c->typed[c->count++] = (struct truce_typed){(const char *)name.data, (const char *)value.data};
}

static const char *typed(void *context, const char *pointer)
{
    const struct confirming *c = context;
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->typed[i].pointer, pointer) == 0) return c->typed[i].value;
    return NULL;
}

static const struct json *read_copy(struct confirming *c, const struct truce_buffer *text)
{
    const struct json *tree = NULL;
    struct slice copy = arena_copy(&c->arena, slice_of(text->data, text->size));
    return copy.data != NULL && json_read(&tree, copy, JSON_RELAXED, &c->arena, NULL) == STATUS_DONE ? tree : NULL;
}

static void give_page(struct confirming *c, const struct truce_buffer *answer)
{
    struct visit *visit = c->visit;
    struct truce_buffer notice = {0};
    struct truce_error error;
    struct error why;
    struct now now;
    struct visit_page page;
    struct buffer body = {0};
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE ||
        truce_show(visit->reader, visit->segment[0], TRUCE_JSON, &notice, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    const struct page_confirm confirm = {read_copy(c, &notice), read_copy(c, answer), typed, c};
    truce_free(&notice);
    visit_page_open(visit, &now, &page);
    visit_give_page(visit, page_confirm(&body, &page.page, &confirm, &why), &why, &body);
    visit_page_close(&page);
}

static void confirm(struct visit *visit, bool posted)
{
    struct confirming c = {.visit = visit, .posted = posted};
    struct truce_buffer answer = {0};
    struct truce_error error;
    arena_init(&c.arena, NOTICE_ARENA_BYTES);
    take_typed(&c);
    visit_cache(visit, "no-store", NULL);
    if (truce_read_back(visit->reader, visit->segment[0], posted ? c.typed : NULL, c.count, &answer, &error) !=
        TRUCE_DONE)
        visit_problem(visit, &error);
    else if (visit->form == FORM_HTML)
        give_page(&c, &answer);
    else
        visit_give_answer(visit, "application/json", &answer);
    truce_free(&answer);
    arena_clear(&c.arena);
}

void get_confirm(struct visit *visit)
{
    confirm(visit, false);
}

void post_confirm(struct visit *visit)
{
    confirm(visit, true);
}
