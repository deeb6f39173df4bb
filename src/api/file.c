/* /file: what can be filed, a form for each kind, who would see what of it, and the text to be signed. */
#include "api/draft.h"

#include "base/time.h"
#include "system/system.h"
#include <stdlib.h>

enum { FILE_ARENA_BYTES = 32 * 1024 * 1024, WATCH_S = 2 * 86400, WATCHES_MOST = 64 };

/* What every page of filing is given; read once, and freed with the arena. */
struct filing_page {
    struct visit *visit;
    struct arena arena;
    struct now now;
    struct visit_page page;
    struct page_filing what;
    struct truce_buffer kinds, authors, view, text, corrected;
    struct buffer body;
    struct truce_error error;
};

/* Its tree, whose text stays where it is. */
static bool read_tree(struct filing_page *f, const struct truce_buffer *text, const struct json **out)
{
    struct error why;
    if (json_read(out, slice_of(text->data, text->size), JSON_RELAXED, &f->arena, &why) == STATUS_DONE) return true;
    words_error(&f->error, &why);
    return false;
}

static bool open_page(struct filing_page *f, struct visit *visit, const struct filing *filing)
{
    *f = (struct filing_page){.visit = visit};
    arena_init(&f->arena, FILE_ARENA_BYTES);
    f->what = (struct page_filing){.kind = filing->kind, .filing = filing, .now = filing->now};
    return api_now(visit->api, visit->reader, &f->now, &f->error) == TRUCE_DONE &&
           truce_kinds(&f->kinds, &f->error) == TRUCE_DONE && read_tree(f, &f->kinds, &f->what.kinds) &&
           truce_authors(visit->reader, &f->authors, &f->error) == TRUCE_DONE &&
           read_tree(f, &f->authors, &f->what.authors);
}

static void close_page(struct filing_page *f)
{
    struct truce_buffer *const all[] = {&f->kinds, &f->authors, &f->view, &f->text, &f->corrected};
    if (f->view.data != NULL) explicit_bzero(f->view.data, f->view.size);
    for (size_t i = 0; i < COUNT_OF(all); i++) truce_free(all[i]);
    arena_clear(&f->arena);
}

typedef enum status make_page(struct buffer *out, const struct page *page, const struct page_filing *filing,
                              struct error *error);

static void give(struct filing_page *f, make_page *make)
{
    struct error why;
    visit_page_open(f->visit, &f->now, &f->page);
    visit_cache(f->visit, "no-store", NULL);
    visit_give_page(f->visit, make(&f->body, &f->page.page, &f->what, &why), &why, &f->body);
    visit_page_close(&f->page);
}

static bool is_kind(const struct filing_page *f)
{
    for (const struct json *k = f->what.kinds->first; k != NULL; k = k->next)
        if (slice_is(json_find_string(k, "kind"), f->what.kind)) return true;
    return false;
}

static void no_such_kind(struct visit *visit)
{
    struct error why;
    (void)!error_set(&why, STATUS_FAILED, "write-kind",
                     "There is no kind of record \"{0}\"; truce help write lists them.", visit->segment[0], NULL);
    visit_fault(visit, 404, &why);
}

/* ---- GET /file, GET /file/KIND */

static void give_kinds(struct visit *visit)
{
    struct truce_buffer kinds = {0};
    struct truce_error error;
    if (truce_kinds(&kinds, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_give_answer(visit, "application/json", &kinds);
}

static void with_page(struct visit *visit, const char *kind, void (*go_on)(struct filing_page *f))
{
    struct filing_page f;
    struct filing *filing = calloc(1, sizeof *filing);
    struct error why;
    if (filing == NULL) {
        (void)!arena_full(&why);
        visit_fault(visit, 0, &why);
        return;
    }
    filing_open(filing, NULL, system_real.now_ms(system_real.context) / 1000);
    filing->kind = kind;
    if (open_page(&f, visit, filing))
        go_on(&f);
    else
        visit_problem(visit, &f.error);
    close_page(&f);
    filing_close(filing);
    free(filing);
}

static void give_tiles(struct filing_page *f)
{
    give(f, page_file);
}

void get_file(struct visit *visit)
{
    if (visit->form == FORM_HTML)
        with_page(visit, "", give_tiles);
    else
        give_kinds(visit);
}

/* One kind of the list, as it stands there. */
static void give_kind(struct filing_page *f)
{
    struct buffer body = {0};
    for (const struct json *k = f->what.kinds->first; k != NULL; k = k->next)
        if (slice_is(json_find_string(k, "kind"), f->what.kind)) buffer_put(&body, k->source);
    if (body.size == 0) {
        no_such_kind(f->visit);
        return;
    }
    buffer_put_byte(&body, '\n');
    visit_give(f->visit, "application/json", &body);
}

/* ---- watches that go on: told as a moment, in the last two days, and nothing took their place */

struct watches {
    struct arena *arena;
    const struct json *record[WATCHES_MOST];
    size_t count;
};

static void drop_watch(struct watches *w, struct slice id)
{
    for (size_t i = 0; i < w->count; i++)
        if (slice_equal(json_find_string(w->record[i], "id"), id)) w->record[i] = w->record[--w->count];
}

static int take_watch(void *context, enum truce_status status, const char *line, size_t size)
{
    struct watches *w = context;
    const struct json *record;
    struct slice copy = arena_copy(w->arena, slice_of(line, size));
    (void)status;
    if (copy.data == NULL || json_read(&record, copy, JSON_RELAXED, w->arena, NULL) != STATUS_DONE) return 1;
    const struct json *when = json_find(record, "when");
    struct slice replaces = json_find_string(record, "replaces"), from = json_find_string(when, "from");
    if (replaces.size > 0) drop_watch(w, replaces);
    if (from.size == 0 || !slice_equal(from, json_find_string(when, "to"))) return 0;
    if (w->count == WATCHES_MOST) drop_watch(w, json_find_string(w->record[0], "id"));
    w->record[w->count++] = record;
    return 0;
}

static void give_watches(struct filing_page *f)
{
    struct watches watches = {.arena = &f->arena};
    struct error why;
    const struct truce_query query = {.kind = "coverage", .has_from = true, .from = f->what.now - WATCH_S};
    if (truce_find(f->visit->reader, &query, take_watch, &watches, &f->error) != TRUCE_DONE) {
        visit_problem(f->visit, &f->error);
        return;
    }
    visit_page_open(f->visit, &f->now, &f->page);
    visit_cache(f->visit, "no-store", NULL);
    visit_give_page(f->visit, page_watches(&f->body, &f->page.page, watches.record, watches.count, &why), &why,
                    &f->body);
    visit_page_close(&f->page);
}

static const char *watch_of(struct visit *visit)
{
    const char *watch = visit_value(visit, "watch");
    bool known = watch != NULL && (strcmp(watch, "start") == 0 || strcmp(watch, "end") == 0);
    return known && strcmp(visit->segment[0], "coverage") == 0 ? watch : NULL;
}

static bool find_corrected(struct filing_page *f)
{
    const char *id = visit_value(f->visit, "correct");
    if (id == NULL) return true;
    return truce_show(f->visit->reader, id, TRUCE_JSON, &f->corrected, &f->error) == TRUCE_DONE &&
           read_tree(f, &f->corrected, &f->what.corrected);
}

static void give_form(struct filing_page *f)
{
    f->what.watch = watch_of(f->visit);
    f->what.asked = visit_value;
    f->what.context = f->visit;
    if (!is_kind(f)) {
        no_such_kind(f->visit);
    } else if (!find_corrected(f)) {
        visit_problem(f->visit, &f->error);
    } else if (f->what.watch != NULL && strcmp(f->what.watch, "end") == 0 && f->what.corrected == NULL) {
        give_watches(f);
    } else {
        give(f, page_form);
    }
}

void get_file_kind(struct visit *visit)
{
    with_page(visit, visit->segment[0], visit->form == FORM_HTML ? give_form : give_kind);
}

/* ---- POST /file/KIND: what was typed is looked at ("look"), made a text ("text"), or shown again ("form") */

static void give_again(struct filing_page *f, const struct truce_error *fault)
{
    char pointer[sizeof fault->pointer + 2];
    f->what.watch = filing_value(f->what.filing, "~watch");
    if (fault != NULL) {
        filing_pointer(pointer, sizeof pointer, fault->pointer);
        f->what.fault = fault->message;
        f->what.pointer = pointer;
        http_status(f->visit->response, 422);
    }
    give(f, page_form);
}

/* The second confirmation is the page's to ask for; nothing has been kept by then. */
static bool is_confirmed(const struct filing_page *f)
{
    return !page_look_is_wide(f->what.view) || filing_has(f->what.filing, "~wide", "yes");
}

static void give_look(struct filing_page *f, bool asks)
{
    if (asks) {
        f->what.fault = TR("What everybody would see must be confirmed before it is signed.");
        f->what.pointer = "";
    }
    give(f, page_look);
}

static void go_on(struct filing_page *f, struct drafting *d, bool text)
{
    if (!drafting_read(d) || !drafting_view(d, &f->view) || !read_tree(f, &f->view, &f->what.view)) {
        give_again(f, &d->error);
    } else if (!text || !is_confirmed(f)) {
        give_look(f, text);
    } else if (drafting_text(d, &f->text)) {
        f->what.text = slice_of(f->text.data, f->text.size);
        give(f, page_sign);
    } else {
        give_again(f, &d->error);
    }
}

void post_file_kind(struct visit *visit)
{
    struct drafting d;
    struct filing_page f;
    bool taken = drafting_open(&d, visit);
    d.filing.kind = visit->segment[0];
    bool opened = taken && open_page(&f, visit, &d.filing);
    const char *step = opened ? filing_value(&d.filing, "~step") : NULL;
    if (!opened)
        visit_problem(visit, taken ? &f.error : &d.error);
    else if (!is_kind(&f))
        no_such_kind(visit);
    else if (step != NULL && strcmp(step, "form") == 0)
        give_again(&f, NULL);
    else
        go_on(&f, &d, step != NULL && strcmp(step, "text") == 0);
    if (taken) close_page(&f);
    drafting_close(&d);
}
