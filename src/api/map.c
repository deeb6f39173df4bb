/* GET /map: what can be drawn of what a query finds, as JSON, GeoJSON or a page. */
#include "api/internal.h"

#include "tell/forms.h"

enum { MAP_ARENA_BYTES = 512 * 1024 * 1024 };

/* What was asked for, and what came of it. */
struct asked_map {
    struct truce_query query;
    struct truce_moment moment;
    struct now now;
    struct page_list list;
    struct buffer wrong;
    const struct json *answer;
    struct arena arena;
};

static void put_wrong(struct asked_map *map, const char *name, const char *message, const char *value)
{
    words_fill(&map->wrong, message, value, NULL);
    buffer_put_byte(&map->wrong, '\0');
    map->list.wrong = map->wrong.failed ? "" : (const char *)map->wrong.data;
    map->list.wrong_name = name;
}

/* A filter that makes no sense is said beside the form, where what was typed stays. */
static bool tell_wrong(struct asked_map *map, const struct truce_error *error)
{
    static const char *const filters[][2] = {
        {"find-kind", "kind"}, {"find-order", "to"}, {"find-distance", "within"}, {"index-no-words", "text"}};
    const char *name = "";
    for (size_t i = 0; i < COUNT_OF(filters); i++)
        if (strcmp(error->code, filters[i][0]) == 0) name = filters[i][1];
    put_wrong(map, name, "{0}", error->message);
    return error->status == TRUCE_USAGE;
}

static void give_page(struct visit *visit, struct asked_map *map)
{
    struct buffer body = {0};
    struct visit_page page;
    struct error why;
    if (map->list.wrong != NULL) http_status(visit->response, 400);
    visit_page_open(visit, &map->now, &page);
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    struct page_tiles tiles;
    const struct page_tiles *base = tiles_about(visit->api, &tiles) ? &tiles : NULL;
    visit_give_page(visit, page_map(&body, &page.page, &map->list, map->answer, base, &why), &why, &body);
    visit_page_close(&page);
}

static void give_answer(struct visit *visit, const struct asked_map *map, struct slice answer)
{
    struct buffer body = {0};
    visit_cache(visit, "private, no-cache", "Accept, Accept-Language, Cookie");
    if (visit->form == FORM_GEOJSON) {
        http_add(visit->response, "Content-Disposition", "inline; filename=\"map.geojson\"");
        if (!map->now.exercise) http_add(visit->response, "Truce-Leaves-Out", "site, passage, coverage");
        geojson_map(&body, map->answer);
    } else {
        buffer_put(&body, answer);
    }
    buffer_put_byte(&body, '\n');
    visit_give(visit, visit->form == FORM_GEOJSON ? "application/geo+json" : "application/json", &body);
}

static void answer_with(struct visit *visit, struct asked_map *map)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct error why;
    if (visit->form == FORM_HTML) map->query.limit = PAGE_MAP_RECORDS;
    if (truce_map(visit->reader, &map->query, &map->moment, &answer, &error) != TRUCE_DONE) {
        if (visit->form == FORM_HTML && tell_wrong(map, &error))
            give_page(visit, map);
        else
            visit_problem(visit, &error);
        return;
    }
    struct slice text = slice_of(answer.data, answer.size);
    if (visit->form != FORM_JSON && json_read(&map->answer, text, JSON_RELAXED, &map->arena, &why) != STATUS_DONE)
        visit_fault(visit, 0, &why);
    else if (visit->form == FORM_HTML)
        give_page(visit, map);
    else
        give_answer(visit, map, text);
    truce_free(&answer);
}

void get_map(struct visit *visit)
{
    struct asked_map map = {.list = {.asked = visit_value, .context = visit}};
    struct ask_fault fault;
    struct truce_error error;
    if (api_now(visit->api, visit->reader, &map.now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    arena_init(&map.arena, MAP_ARENA_BYTES);
    bool good =
        ask_query(&map.query, visit_value, visit, &fault) && ask_moment(&map.moment, visit_value, visit, &fault);
    if (good) {
        answer_with(visit, &map);
    } else if (visit->form == FORM_HTML) {
        struct error_text value = error_slice(slice_from(fault.value == NULL ? "" : fault.value));
        put_wrong(&map, fault.name, fault.message, value.text);
        give_page(visit, &map);
    } else {
        visit_ask_fault(visit, &fault);
    }
    buffer_clear(&map.wrong);
    arena_clear(&map.arena);
}
