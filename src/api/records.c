/* GET /records: what a query finds, as lines, CSV, GeoJSON or a page. What fits in one piece is answered whole, with a
 * validator and a link to what follows; what does not flows out a piece at a time. */
#include "api/internal.h"

#include "base/table.h"
#include "base/time.h"
#include "tell/export.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAGE_RECORDS = 50, PAGE_RECORDS_MOST = 500, PAGE_ARENA_BYTES = 256 * 1024 * 1024, FLOWS_ARENA_BYTES = 65536 };

/* Of a list that is being given out. */
struct listing {
    struct flow flow;         /* first */
    struct truce_query query; /* its texts stand in `texts`; limit 0, for that is kept here */
    struct truce_moment moment;
    struct arena texts;
    struct export export;
    uint64_t left;    /* of the limit; UINT64_MAX: all */
    uint64_t next;    /* the entry behind the last that was seen */
    bool begun, more; /* more: others follow behind the limit */
};

/* ---- a piece */

struct piece {
    struct listing *listing;
    struct buffer *out;
    size_t last; /* where the last line seen stands in `line` */
    struct buffer line;
    struct arena arena;
    bool full, over; /* full: the piece; over: the list, before the log is */
};

/* The line's entry and when it came; it is one of the library's own. */
static bool read_place(struct piece *piece, struct slice line, uint64_t *entry, struct slice *received)
{
    const struct json *record;
    arena_reset(&piece->arena);
    if (json_read(&record, line, JSON_RELAXED, &piece->arena, NULL) != STATUS_DONE) return false;
    *entry = (uint64_t)json_find_integer(record, "index", 0);
    *received = json_find_string(record, "received");
    return true;
}

/* Was it not known yet at the moment asked for? received never decreases, so all behind it were not either. */
static bool not_known(const struct truce_moment *moment, uint64_t entry, struct slice received)
{
    int64_t seconds;
    char text[TIME_TEXT_SIZE];
    snprintf(text, sizeof text, "%.*sZ", 19, received.size < 19 ? "" : (const char *)received.data);
    if (moment->known_by == TRUCE_KNOWN_SIZE) return entry >= moment->known_size;
    return moment->known_by == TRUCE_KNOWN_TIME && time_parse(&seconds, slice_from(text)) &&
           seconds > moment->known_time;
}

static int piece_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct piece *piece = context;
    struct listing *listing = piece->listing;
    uint64_t entry;
    struct slice received;
    (void)status;
    if (listing->left == 0) {
        listing->more = piece->over = true;
        return 1;
    }
    if (listing->moment.known_by != TRUCE_KNOWN_ALL) {
        if (!read_place(piece, slice_of(line, size), &entry, &received)) return 1;
        piece->over = not_known(&listing->moment, entry, received);
        if (piece->over) return 1;
    }
    if (!export_line(&listing->export, slice_of(line, size), piece->out)) return 1;
    buffer_reset(&piece->line);
    buffer_put(&piece->line, slice_of(line, size));
    if (listing->left != UINT64_MAX) listing->left--;
    piece->full = piece->out->size >= PIECE_BYTES;
    return piece->full ? 1 : 0;
}

/* Where to go on: behind the last line. */
static bool go_on(struct piece *piece)
{
    uint64_t entry;
    struct slice received;
    if (piece->line.size == 0) return true;
    if (!read_place(piece, buffer_slice(&piece->line), &entry, &received)) return false;
    piece->listing->next = entry + 1;
    return true;
}

static enum flow_state listing_fill_with(struct listing *listing, struct truce_register *reader, struct buffer *out,
                                         struct truce_error *error)
{
    struct piece piece = {.listing = listing, .out = out};
    arena_init(&piece.arena, PAGE_ARENA_BYTES);
    if (!listing->begun) export_begin(&listing->export, out);
    listing->begun = true;
    listing->query.after = listing->next;
    enum truce_status status = truce_find(reader, &listing->query, piece_line, &piece, error);
    bool stopped = piece.full || piece.over, good = (status == TRUCE_DONE || stopped) && go_on(&piece);
    bool ended = good && (status == TRUCE_DONE || piece.over);
    if (ended) export_end(&listing->export, out);
    arena_clear(&piece.arena);
    buffer_clear(&piece.line);
    return !good ? FLOW_BROKEN : ended ? FLOW_ENDED : FLOW_ON;
}

static enum flow_state listing_fill(struct flow *flow, struct truce_register *reader, struct buffer *out)
{
    struct truce_error error;
    return listing_fill_with((struct listing *)flow, reader, out, &error);
}

/* ---- its life */

static void listing_free(struct flow *flow)
{
    struct listing *listing = (struct listing *)flow;
    export_close(&listing->export);
    arena_clear(&listing->texts);
    buffer_clear(&flow->ready);
    free(listing);
}

static const char *keep_text(struct listing *listing, const char *text)
{
    return text == NULL ? NULL : (const char *)arena_copy(&listing->texts, slice_of(text, strlen(text) + 1)).data;
}

static struct listing *listing_open(struct api *api, const struct truce_query *query, const struct truce_moment *moment,
                                    enum export_form form, bool exercise)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL) return NULL;
    arena_init(&listing->texts, FLOWS_ARENA_BYTES);
    flow_open(&listing->flow, &api->pump);
    listing->flow.fill = listing_fill;
    listing->flow.free = listing_free;
    listing->query = *query;
    listing->query.kind = keep_text(listing, query->kind);
    listing->query.by = keep_text(listing, query->by);
    listing->query.term = keep_text(listing, query->term);
    listing->query.text = keep_text(listing, query->text);
    listing->query.limit = 0;
    listing->left = query->limit == 0 ? UINT64_MAX : query->limit;
    listing->next = query->after;
    listing->moment = *moment;
    export_open(&listing->export, form, exercise);
    export_moment(&listing->export, moment);
    return listing;
}

static enum http_stream listing_source(void *context, bool beat, struct buffer *out)
{
    struct listing *listing = context;
    (void)beat; /* there is nothing that could be said in between */
    switch (flow_take(&listing->flow, out)) {
    case FLOW_ON: return HTTP_STREAM_ON;
    case FLOW_ENDED: return HTTP_STREAM_END;
    case FLOW_BROKEN: break;
    }
    return HTTP_STREAM_BREAK; /* so that it does not look whole */
}

static void listing_close(void *context)
{
    struct listing *listing = context;
    flow_close(&listing->flow);
}

/* ---- lines, CSV, GeoJSON */

/* The same address with another `after`. */
static void put_next(const struct visit *visit, uint64_t next, struct buffer *out)
{
    struct slice rest = http_query_string(visit->request);
    buffer_print(out, "</records?after=%" PRIu64, next);
    while (rest.size > 0) {
        size_t size = 0;
        while (size < rest.size && rest.data[size] != '&') size++;
        struct slice pair = slice_part(rest, 0, size);
        rest = slice_part(rest, size + 1, rest.size);
        bool plain = pair.size > 0 && !slice_starts(pair, "after=");
        for (size_t i = 0; i < pair.size && plain; i++)
            plain = pair.data[i] > 0x20 && pair.data[i] < 0x7F && strchr("\"<>\\^`{|}", pair.data[i]) == NULL;
        if (plain) buffer_put_byte(out, '&'), buffer_put(out, pair);
    }
    buffer_put_string(out, ">; rel=\"next\"");
    buffer_put_byte(out, '\0');
}

static void give_whole(struct visit *visit, const struct listing *listing, const struct now *now, const char *type,
                       struct buffer *body)
{
    OWN(buffer_clear) struct buffer link = {0};
    char tag[64];
    struct slice query = http_query_string(visit->request);
    if (listing->more) put_next(visit, listing->next, &link);
    if (listing->more && !link.failed) http_add(visit->response, "Link", (const char *)link.data);
    snprintf(tag, sizeof tag, "%.16s-%08x", now->root, table_hash(query));
    visit_tag(visit, tag);
    visit_give(visit, type, body);
}

static void give_list(struct visit *visit, const struct truce_query *query, const struct truce_moment *moment,
                      const struct now *now)
{
    static const char *const types[] = {[EXPORT_JSON] = "application/x-ndjson",
                                        [EXPORT_CSV] = "text/csv; charset=utf-8",
                                        [EXPORT_GEOJSON] = "application/geo+json"};
    struct truce_error error = {.status = TRUCE_FAILED, .code = "out-of-memory", .offset = -1};
    struct buffer first = {0};
    enum export_form form = visit->form == FORM_CSV       ? EXPORT_CSV
                            : visit->form == FORM_GEOJSON ? EXPORT_GEOJSON
                                                          : EXPORT_JSON;
    struct listing *listing = listing_open(visit->api, query, moment, form, now->exercise);
    enum flow_state state = listing == NULL ? FLOW_BROKEN : listing_fill_with(listing, visit->reader, &first, &error);
    if (state == FLOW_BROKEN) {
        if (listing != NULL) listing_free(&listing->flow);
        buffer_clear(&first);
        visit_problem(visit, &error);
        return;
    }
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    if (form != EXPORT_JSON) {
        http_add(visit->response, "Content-Disposition",
                 form == EXPORT_CSV ? "inline; filename=\"records.csv\"" : "inline; filename=\"records.geojson\"");
        if (!now->exercise) http_add(visit->response, "Truce-Leaves-Out", "site, passage, coverage");
    }
    if (state == FLOW_ON) {
        listing->flow.ready = first;
        http_stream(visit->response, types[form], 0, listing_source, listing_close, listing);
        return;
    }
    give_whole(visit, listing, now, types[form], &first);
    listing_free(&listing->flow);
}

/* ---- the page */

struct gathering {
    struct arena arena;
    const struct json *record[PAGE_RECORDS_MOST];
    const struct truce_moment *moment;
    size_t count, most;
    bool more;
};

static int gather(void *context, enum truce_status status, const char *line, size_t size)
{
    struct gathering *gathering = context;
    const struct json *record;
    (void)status;
    struct slice copy = arena_copy(&gathering->arena, slice_of(line, size));
    if (copy.data == NULL || json_read(&record, copy, JSON_RELAXED, &gathering->arena, NULL) != STATUS_DONE) return 1;
    if (not_known(gathering->moment, (uint64_t)json_find_integer(record, "index", 0),
                  json_find_string(record, "received")))
        return 1;
    gathering->more = gathering->count == gathering->most;
    if (gathering->more) return 1;
    gathering->record[gathering->count++] = record;
    return 0;
}

/* A filter that makes no sense is said beside the form, where what was typed stays. */
static void put_wrong(struct page_list *list, struct buffer *text, const struct ask_fault *fault,
                      const struct truce_error *error)
{
    static const char *const filters[][2] = {
        {"find-kind", "kind"}, {"find-order", "to"}, {"find-distance", "within"}, {"index-no-words", "text"}};
    if (fault != NULL) {
        struct error_text value = error_slice(slice_from(fault->value == NULL ? "" : fault->value));
        words_fill(text, fault->message, value.text, NULL);
        list->wrong_name = fault->name;
    } else {
        buffer_put_string(text, error->message);
        list->wrong_name = "";
        for (size_t i = 0; i < COUNT_OF(filters); i++)
            if (strcmp(error->code, filters[i][0]) == 0) list->wrong_name = filters[i][1];
    }
    buffer_put_byte(text, '\0');
    list->wrong = text->failed ? "" : (const char *)text->data;
}

static enum truce_status gather_all(struct visit *visit, const struct truce_query *query, struct gathering *gathering,
                                    struct truce_error *error)
{
    struct truce_query all = *query;
    all.limit = 0;
    gathering->most = query->limit == 0                  ? PAGE_RECORDS
                      : query->limit > PAGE_RECORDS_MOST ? PAGE_RECORDS_MOST
                                                         : query->limit;
    enum truce_status status = truce_find(visit->reader, &all, gather, gathering, error);
    return status == TRUCE_FAILED && strcmp(error->code, "stopped") == 0 ? TRUCE_DONE : status;
}

static void give_list_page(struct visit *visit, const struct truce_query *query, const struct now *now,
                           const struct ask_fault *fault, struct gathering *gathering)
{
    struct truce_error error = {.status = TRUCE_USAGE, .offset = -1};
    struct page_list list = {.records = gathering->record, .asked = visit_value, .context = visit};
    struct visit_page page;
    struct buffer body = {0};
    struct error why;
    OWN(buffer_clear) struct buffer wrong = {0};
    enum truce_status status = fault != NULL ? TRUCE_USAGE : gather_all(visit, query, gathering, &error);
    if (status != TRUCE_DONE && status != TRUCE_USAGE) {
        visit_problem(visit, &error);
        return;
    }
    if (status == TRUCE_USAGE) {
        put_wrong(&list, &wrong, fault, &error);
        http_status(visit->response, 400);
    }
    list.count = gathering->count;
    list.more = gathering->more;
    if (list.count > 0) list.next = (uint64_t)json_find_integer(gathering->record[list.count - 1], "index", 0) + 1;
    visit_page_open(visit, now, &page);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    visit_give_page(visit, page_records(&body, &page.page, &list, &why), &why, &body);
    visit_page_close(&page);
}

static void get_records_page(struct visit *visit, const struct truce_query *query, const struct truce_moment *moment,
                             const struct now *now, const struct ask_fault *fault)
{
    struct error why;
    struct gathering *gathering = calloc(1, sizeof *gathering);
    if (gathering == NULL) {
        (void)!arena_full(&why);
        visit_fault(visit, 0, &why);
        return;
    }
    gathering->moment = moment;
    arena_init(&gathering->arena, PAGE_ARENA_BYTES);
    give_list_page(visit, query, now, fault, gathering);
    arena_clear(&gathering->arena);
    free(gathering);
}

void get_records(struct visit *visit)
{
    struct truce_query query;
    struct truce_moment moment = {0};
    struct ask_fault fault;
    struct truce_error error;
    struct now now;
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    bool good = ask_query(&query, visit_value, visit, &fault) && ask_moment(&moment, visit_value, visit, &fault);
    if (visit->form == FORM_HTML)
        get_records_page(visit, &query, &moment, &now, good ? NULL : &fault);
    else if (good)
        give_list(visit, &query, &moment, &now);
    else
        visit_ask_fault(visit, &fault);
}
