/* /statements: a news text in, the statements that it attributes to somebody out, for a person to accept, mend or
 * refuse. The form carries all that was decided: nothing is kept here between two requests. */
#include "api/internal.h"

#include "api/form.h"
#include "base/time.h"
#include "tell/typed.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    TEXT_MOST = 1024 * 1024,
    TREE_ARENA_BYTES = 512 * 1024 * 1024,
    ACCEPTED_MOST = 100,
    ABOUT_MOST = 16,
    ID_SIZE = 65
};

struct reading {
    struct visit *visit;
    struct form_body form;
    bool is_form;
    struct slice text;          /* the source as it came */
    struct buffer pasted, kept; /* kept: the source as the form carries it on */
    int64_t day;
    bool has_day;
    struct truce_buffer answer, shown;
    struct arena arena;
    struct page_statements page;
    struct truce_error error;
};

/* ---- the source, carried in a form as it came: browsers change ends of lines, and the writer of pages controls */

static bool stands_as_it_is(struct slice text, size_t i, size_t *size)
{
    uint8_t c = text.data[i];
    *size = c >= 0xC3 && c < 0xE0 && i + 1 < text.size ? 2 : 1;
    return *size == 2 || (c >= ' ' && c < 0x7F && c != '%');
}

static void put_kept(struct buffer *out, struct slice text)
{
    for (size_t i = 0, size; i < text.size; i += size) {
        if (stands_as_it_is(text, i, &size))
            buffer_put(out, slice_part(text, i, size));
        else
            buffer_print(out, "%%%02X", text.data[i]);
    }
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_kept(struct buffer *out, const char *kept)
{
    for (; *kept != '\0'; kept++) {
        if (*kept != '%') {
            buffer_put_byte(out, (uint8_t)*kept);
            continue;
        }
        int high = hex(kept[1]), low = high < 0 ? -1 : hex(kept[2]);
        if (low < 0) return false;
        buffer_put_byte(out, (uint8_t)(high * 16 + low));
        kept += 2;
    }
    return true;
}

/* ---- what was asked */

static const char *asked(void *context, const char *name, size_t number)
{
    const struct reading *r = context;
    size_t at = 0;
    return form_next(&r->form, name, number, &at);
}

static bool chosen(void *context, size_t number, struct slice id)
{
    const struct reading *r = context;
    const char *value;
    for (size_t at = 0; (value = form_next(&r->form, "about", number, &at)) != NULL;)
        if (slice_is(id, value)) return true;
    return false;
}

static const char *day_text(const struct reading *r)
{
    return r->is_form ? form_value(&r->form, "day", 0) : visit_value(r->visit, "day");
}

static bool wrong(struct reading *r, const char *field, const struct error *why)
{
    words_error(&r->error, why);
    r->page.wrong = r->error.message;
    r->page.wrong_field = field;
    return false;
}

static bool take_text(struct reading *r)
{
    struct error why;
    const char *pasted = form_value(&r->form, "text", 0), *kept = form_value(&r->form, "kept", 0);
    if (!r->is_form) {
        r->text = http_body(r->visit->request);
    } else if ((r->text = form_file(&r->form, "file")).size > 0) {
    } else if (pasted != NULL) {
        r->text = slice_from(pasted);
    } else if (kept != NULL && read_kept(&r->pasted, kept)) {
        r->text = buffer_slice(&r->pasted);
    }
    if (r->text.size <= TEXT_MOST) return true;
    (void)!error_set(&why, STATUS_REFUSED, "intake-here",
                     "A text has at most {0} bytes here, and this one has {1}. On the command line, truce intake takes "
                     "larger ones.",
                     error_number(TEXT_MOST).text, error_number((int64_t)r->text.size).text, NULL);
    r->text.size = 0;
    return wrong(r, "text", &why);
}

static bool take_day(struct reading *r)
{
    struct error why;
    int64_t seconds;
    const char *text = day_text(r);
    if (text == NULL) return true;
    r->has_day = time_parse_day(&seconds, slice_from(text));
    r->day = r->has_day ? seconds / 86400 - (seconds % 86400 < 0) : 0;
    if (r->has_day) return true;
    (void)!error_set(&why, STATUS_USAGE, "intake-day", "A day is given as YYYY-MM-DD, not \"{0}\".",
                     error_slice(slice_from(text)).text, NULL);
    return wrong(r, "day", &why);
}

static bool propose(struct reading *r)
{
    if (!take_text(r) || !take_day(r)) return false;
    const struct truce_intake_options options = {.reg = r->visit->reader, .day = r->has_day ? &r->day : NULL};
    if (truce_intake((const char *)r->text.data, r->text.size, &options, &r->answer, &r->error) == TRUCE_DONE)
        return true;
    r->page.wrong = r->error.message;
    r->page.wrong_field = "text";
    return false;
}

/* ---- what was decided */

static enum statement_state state_said(const struct reading *r, size_t number)
{
    static const char *const names[] = {[STATEMENT_PROPOSED] = "",
                                        [STATEMENT_ACCEPTED] = "accepted",
                                        [STATEMENT_REFUSED] = "refused",
                                        [STATEMENT_SENT] = "sent"};
    const char *said = asked((void *)(uintptr_t)r, "is", number);
    for (size_t i = 0; said != NULL && i < COUNT_OF(names); i++)
        if (strcmp(said, names[i]) == 0) return (enum statement_state)i;
    return STATEMENT_PROPOSED;
}

/* "accept-3", "refuse-picked": what the button says that sent the form. */
static bool says(const char *button, const char *what, size_t number, bool picked)
{
    char whole[48];
    size_t size = strlen(what);
    if (button == NULL || strncmp(button, what, size) != 0 || button[size] != '-') return false;
    if (picked && strcmp(button + size, "-picked") == 0) return true;
    snprintf(whole, sizeof whole, "-%zu", number);
    return strcmp(button + size, whole) == 0;
}

static enum statement_state state_now(const struct reading *r, size_t number)
{
    const char *button = form_value(&r->form, "do", 0);
    enum statement_state state = state_said(r, number);
    bool picked = asked((void *)(uintptr_t)r, "pick", number) != NULL;
    if (state == STATEMENT_PROPOSED && says(button, "accept", number, picked)) return STATEMENT_ACCEPTED;
    if (state == STATEMENT_PROPOSED && says(button, "refuse", number, picked)) return STATEMENT_REFUSED;
    if (state != STATEMENT_SENT && says(button, "back", number, false)) return STATEMENT_PROPOSED;
    return state;
}

/* ---- what was accepted, as records */

struct accepting {
    struct reading *r;
    size_t number;
    char at[TIME_TEXT_SIZE], ids[ABOUT_MOST][ID_SIZE];
    const char *about[ABOUT_MOST + 1];
    struct truce_acceptance as;
    struct truce_error error;
};

static bool refuse(struct accepting *a, const char *pointer, const struct error *why)
{
    words_error(&a->error, why);
    snprintf(a->error.pointer, sizeof a->error.pointer, "%s", pointer);
    return false;
}

static const char *own_or_common(const struct accepting *a, const char *name)
{
    const char *own = form_value(&a->r->form, name, a->number);
    return own != NULL ? own : form_value(&a->r->form, name, 0);
}

static bool take_at(struct accepting *a)
{
    struct error why;
    int64_t seconds;
    const char *text = own_or_common(a, "at");
    if (text != NULL && value_moment(&seconds, slice_from(text))) {
        time_format(seconds, a->at);
        a->as.at = a->at;
        return true;
    }
    if (text == NULL)
        (void)!error_set(&why, STATUS_USAGE, "intake-at", "When it was said is missing: a day and an hour in UTC.",
                         NULL);
    else
        (void)!error_set(&why, STATUS_USAGE, "intake-at",
                         "When it was said is given as YYYY-MM-DD hh:mm in UTC, not \"{0}\".",
                         error_slice(slice_from(text)).text, NULL);
    return refuse(a, "/at", &why);
}

/* A beginning of an id becomes the whole one. */
static bool take_id(struct accepting *a, struct slice typed, char out[ID_SIZE])
{
    struct truce_buffer record = {0};
    char id[ID_SIZE];
    const struct json *tree;
    struct arena arena;
    snprintf(id, sizeof id, "%.*s", SLICE(slice_part(typed, 0, ID_SIZE - 1)));
    if (typed.size >= ID_SIZE) id[0] = '\0';
    if (truce_show(a->r->visit->reader, id, TRUCE_JSON, &record, &a->error) != TRUCE_DONE) {
        snprintf(a->error.pointer, sizeof a->error.pointer, "/about");
        return false;
    }
    arena_init(&arena, TREE_ARENA_BYTES);
    out[0] = '\0';
    if (json_read(&tree, slice_of(record.data, record.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        snprintf(out, ID_SIZE, "%.*s", SLICE(json_find_string(tree, "id")));
    arena_clear(&arena);
    truce_free(&record);
    return true;
}

static bool is_there(const struct accepting *a, const char *id)
{
    for (const char *const *one = a->about; *one != NULL; one++)
        if (strcmp(*one, id) == 0) return true;
    return false;
}

/* Ids with blanks or commas between them, each once. */
static bool take_ids(struct accepting *a, const char *text, size_t *count)
{
    struct error why;
    while (*(text += strspn(text, " ,;\n\t")) != '\0') {
        struct slice id = slice_of(text, strcspn(text, " ,;\n\t"));
        if (*count == ABOUT_MOST) {
            (void)!error_set(&why, STATUS_USAGE, "intake-about", "A statement is about at most {0} records here.",
                             error_number(ABOUT_MOST).text, NULL);
            return refuse(a, "/about", &why);
        }
        if (!take_id(a, id, a->ids[*count])) return false;
        if (!is_there(a, a->ids[*count])) a->about[*count] = a->ids[*count], ++*count;
        text += id.size;
    }
    return true;
}

static bool take_about(struct accepting *a)
{
    static const char *const names[] = {"about", "others"};
    size_t count = 0;
    const char *text;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (size_t at = 0; (text = form_next(&a->r->form, names[i], a->number, &at)) != NULL;)
            if (!take_ids(a, text, &count)) return false;
    a->as.about = a->about;
    return true;
}

static bool make_record(struct accepting *a, struct truce_buffer *object)
{
    struct reading *r = a->r;
    a->as = (struct truce_acceptance){.number = a->number,
                                      .source = own_or_common(a, "reported"),
                                      .party = form_value(&r->form, "party", a->number),
                                      .addressed = form_value(&r->form, "addressed", a->number),
                                      .speaker = asked(r, "speaker", a->number),
                                      .role = asked(r, "role", a->number),
                                      .organisation = asked(r, "organisation", a->number),
                                      .cue = asked(r, "cue", a->number),
                                      .act = form_value(&r->form, "act", a->number),
                                      .words = form_value(&r->form, "words", a->number)};
    return take_at(a) && take_about(a) &&
           truce_intake_record((const char *)r->text.data, r->text.size, &a->as, object, &a->error) == TRUCE_DONE;
}

static const char *kept_text(struct reading *r, const char *text)
{
    const struct slice copy = arena_copy(&r->arena, slice_of(text, strlen(text) + 1));
    return copy.data == NULL ? "" : (const char *)copy.data;
}

/* What cannot be accepted stays proposed, with what is wrong beside what was typed. */
static void stays(struct reading *r, struct page_statement *item, const struct truce_error *why)
{
    if (r->error.code[0] == '\0') r->error = *why; /* the first is what a program is told */
    item->state = STATEMENT_PROPOSED;
    item->wrong = kept_text(r, why->message);
    item->wrong_field = kept_text(r, why->pointer);
}

static void accept(struct reading *r, size_t number, struct page_statement *item)
{
    struct accepting a = {.r = r, .number = number};
    struct truce_buffer object = {0};
    if (make_record(&a, &object)) {
        item->object = arena_copy(&r->arena, slice_of(object.data, object.size));
    } else {
        stays(r, item, &a.error);
    }
    truce_free(&object);
}

static void too_many(struct reading *r, struct page_statement *item)
{
    struct error why;
    struct truce_error said;
    (void)!error_set(&why, STATUS_USAGE, "intake-many",
                     "At most {0} statements are accepted at once: sign those first, and go on with the others then.",
                     error_number(ACCEPTED_MOST).text, NULL);
    words_error(&said, &why);
    stays(r, item, &said);
}

static bool decide(struct reading *r)
{
    const struct json *statements;
    size_t accepted = 0;
    if (json_read(&r->page.answer, slice_of(r->answer.data, r->answer.size), JSON_RELAXED, &r->arena, NULL) !=
        STATUS_DONE)
        return false;
    statements = json_find(r->page.answer, "statements");
    r->page.count = statements == NULL ? 0 : statements->size;
    r->page.items = arena_get(&r->arena, (r->page.count + 1) * sizeof *r->page.items);
    if (r->page.items == NULL) return false;
    for (size_t i = 0; i < r->page.count; i++) {
        struct page_statement *item = &r->page.items[i];
        item->state = state_now(r, i + 1);
        if (item->state == STATEMENT_ACCEPTED && ++accepted > ACCEPTED_MOST)
            too_many(r, item);
        else if (item->state == STATEMENT_ACCEPTED)
            accept(r, i + 1, item);
    }
    return true;
}

/* ---- what is given */

static void give_page(struct reading *r)
{
    struct visit *visit = r->visit;
    struct visit_page page;
    struct truce_error error;
    struct buffer body = {0};
    struct error why;
    struct now now;
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    r->page.asked = asked;
    r->page.chosen = chosen;
    r->page.context = r;
    r->page.text_most = TEXT_MOST;
    r->page.kept = buffer_slice(&r->kept);
    r->page.shown = slice_of(r->shown.data, r->shown.size);
    if (r->page.wrong != NULL) http_status(visit->response, r->error.status == TRUCE_USAGE ? 400 : 422);
    visit_page_open(visit, &now, &page);
    visit_cache(visit, "no-store", NULL);
    visit_give_page(visit, page_statements(&body, &page.page, &r->page, &why), &why, &body);
    visit_page_close(&page);
}

/* What was accepted: the kind's own fields, a record a line, to be completed and signed elsewhere. */
static void give_lines(struct reading *r)
{
    struct buffer body = {0};
    for (size_t i = 0; i < r->page.count; i++) {
        const struct page_statement *item = &r->page.items[i];
        if (item->state != STATEMENT_ACCEPTED) continue;
        buffer_put(&body, item->object);
        buffer_put_byte(&body, '\n');
    }
    visit_cache(r->visit, "no-store", NULL);
    http_add(r->visit->response, "Content-Disposition", "attachment; filename=\"statements.jsonl\"");
    visit_give(r->visit, "application/x-ndjson", &body);
}

static bool wants_lines(const struct reading *r)
{
    const char *button = form_value(&r->form, "do", 0);
    return button != NULL && strcmp(button, "lines") == 0;
}

/* Where a program asks, the first thing that cannot be accepted is the answer. */
static bool any_wrong(const struct reading *r)
{
    return r->error.code[0] != '\0';
}

static bool show_text(struct reading *r)
{
    put_kept(&r->kept, r->text);
    return truce_intake_text((const char *)r->text.data, r->text.size, &r->shown, &r->page.markup, &r->error) ==
           TRUCE_DONE;
}

static void give_out_of_memory(struct visit *visit)
{
    struct error why;
    (void)!arena_full(&why);
    visit_fault(visit, 0, &why);
}

static void give(struct reading *r, bool proposed)
{
    struct visit *visit = r->visit;
    bool page = visit->form == FORM_HTML, lines = proposed && wants_lines(r);
    if (!proposed && !page) {
        visit_problem(visit, &r->error);
    } else if (proposed && !page && !lines) {
        visit_cache(visit, "no-store", NULL);
        visit_give_answer(visit, "application/json", &r->answer);
    } else if (proposed && (!decide(r) || !show_text(r))) {
        give_out_of_memory(visit);
    } else if (lines && !any_wrong(r)) {
        give_lines(r);
    } else if (!page) {
        visit_problem(visit, &r->error);
    } else {
        give_page(r);
    }
}

static void reading_clear(struct reading *r)
{
    form_close(&r->form);
    buffer_clear(&r->pasted);
    buffer_clear(&r->kept);
    truce_free(&r->answer);
    truce_free(&r->shown);
    arena_clear(&r->arena);
}

void post_statements(struct visit *visit)
{
    struct reading r = {.visit = visit, .is_form = http_is_form(visit->request), .error = {.offset = -1}};
    arena_init(&r.arena, TREE_ARENA_BYTES);
    if (!r.is_form || form_read(&r.form, visit)) give(&r, propose(&r));
    reading_clear(&r);
}

/* Before anything was pasted. */
void get_statements(struct visit *visit)
{
    struct reading r = {.visit = visit, .is_form = true};
    arena_init(&r.arena, TREE_ARENA_BYTES);
    give_page(&r);
    reading_clear(&r);
}
