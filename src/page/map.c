/* Map and timeline: filters, the map where scripts run, strips of distances, a timeline, and always the list. */
#include "page/map.h"

#include "base/degrees.h"
#include "base/time.h"
#include "page/asset.h"
#include "page/filters.h"
#include "tell/labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct json *items(const struct json *list)
{
    return list == NULL ? NULL : list->first;
}

bool drawn_times(const struct json *record, int64_t *from, int64_t *to)
{
    const struct json *when = json_find(record, "when");
    return time_parse(from, json_find_string(when, "from")) && time_parse(to, json_find_string(when, "to"));
}

void map_place_name(struct sheet *sheet, const struct json *agreement, struct slice place)
{
    sheet_hole(sheet, hole(HOLE_TEXT, tell_place(sheet->page->records, agreement, place)));
}

/* ---- the records in the order of time */

static int by_time(const void *a, const void *b)
{
    const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
    int order =
        slice_compare(json_find_string(json_find(x, "when"), "from"), json_find_string(json_find(y, "when"), "from"));
    int64_t i = json_find_integer(x, "index", 0), j = json_find_integer(y, "index", 0);
    return order != 0 ? order : (i > j) - (i < j);
}

static void drawn_open(struct drawn *drawn, const struct json *answer)
{
    const struct json *list = json_find(answer, "records");
    *drawn = (struct drawn){.count = 0};
    arena_init(&drawn->arena, 16 * 1024 * 1024);
    if (list == NULL || list->size == 0) return;
    drawn->record = arena_get(&drawn->arena, list->size * sizeof(struct json *));
    for (const struct json *r = list->first; r != NULL && drawn->record != NULL; r = r->next)
        drawn->record[drawn->count++] = r;
    if (drawn->count > 1) qsort(drawn->record, drawn->count, sizeof(struct json *), by_time);
}

/* ---- the map, which scripts draw */

static void put_layer(struct sheet *sheet, const char *name, bool has_sign, const char *words)
{
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_LABEL, "choice");
    html_begin(html, TAG_INPUT);
    html_set(html, ATTR_TYPE, "checkbox");
    html_set(html, ATTR_VALUE, name);
    html_flag(html, ATTR_CHECKED);
    char sign[32];
    snprintf(sign, sizeof sign, "sign %s", name); /* as it is drawn */
    if (has_sign) {
        sheet_begin(sheet, TAG_SPAN, sign);
        html_set(html, ATTR_ARIA_HIDDEN, "true");
        html_end(html, TAG_SPAN);
    }
    html_words_in(html, TAG_SPAN, NULL, words);
    html_end(html, TAG_LABEL);
}

static bool has_kind(const struct drawn *drawn, const char *kind)
{
    for (size_t i = 0; i < drawn->count; i++)
        if (slice_is(json_find_string(drawn->record[i], "kind"), kind) && items(json_find(drawn->record[i], "shapes")))
            return true;
    return false;
}

static void put_layers(struct sheet *sheet, const struct json *answer, const struct drawn *drawn, bool tiles)
{
    static const char *const kinds[] = {"report", "claim", "restriction", "coverage", "passage", "site", "area"};
    struct html *html = &sheet->html;
    sheet_begin(sheet, TAG_FIELDSET, "layers");
    html_begin(html, TAG_LEGEND);
    html_words(html, TR("Shown on the map"));
    html_end(html, TAG_LEGEND);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (has_kind(drawn, kinds[i])) put_layer(sheet, kinds[i], true, words_label(LABEL_KIND, kinds[i]));
    if (items(json_find(answer, "places")) != NULL) put_layer(sheet, "place", false, TR("places of the agreement"));
    if (items(json_find(answer, "lines")) != NULL) put_layer(sheet, "distance", false, TR("distances from a line"));
    put_layer(sheet, "base", false, tiles ? TR("the operator's base map") : TR("land, borders and names"));
    html_end(html, TAG_FIELDSET);
}

/* "west south east north" in 1e-7 degrees. */
static void put_around(struct sheet *sheet, const struct json *answer)
{
    static const char *const keys[] = {"west_e7", "south_e7", "east_e7", "north_e7"};
    const struct json *around = json_find(answer, "around");
    OWN(buffer_clear) struct buffer text = {0};
    if (around == NULL) return;
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        buffer_print(&text, "%s%" PRId64, i == 0 ? "" : " ", json_find_integer(around, keys[i], 0));
    if (!text.failed) html_data(&sheet->html, "around", buffer_slice(&text));
}

/* Where the land comes from. */
static void put_base(struct sheet *sheet, const struct page_tiles *tiles)
{
    char zooms[16];
    if (tiles == NULL) {
        html_data(&sheet->html, "world", slice_from(asset_world_json));
        return;
    }
    snprintf(zooms, sizeof zooms, "%u %u", tiles->zoom_least, tiles->zoom_most);
    html_data(&sheet->html, "tiles", slice_from(zooms));
    html_data(&sheet->html, "by", slice_from(tiles->by));
}

static void put_map(struct sheet *sheet, const struct json *answer, const struct drawn *drawn,
                    const struct page_tiles *tiles)
{
    struct html *html = &sheet->html;
    OWN(address_clear) struct address behind;
    address_open(&behind, "");
    address_place(&behind, "behind-map", (struct slice){NULL, 0});
    sheet_begin(sheet, TAG_SECTION, "map");
    html_set(html, ATTR_ID, "map-part");
    html_flag(html, ATTR_HIDDEN); /* until a script draws it */
    sheet_begin(sheet, TAG_A, "skip");
    html_address(html, ATTR_HREF, &behind);
    html_words(html, TR("Go past the map"));
    html_end(html, TAG_A);
    sheet_heading(sheet, TAG_H2, TR("Map"));
    put_layers(sheet, answer, drawn, tiles != NULL);
    html_begin(html, TAG_DIV);
    html_set(html, ATTR_ID, "map");
    html_set(html, ATTR_ROLE, "application");
    html_set(html, ATTR_ARIA_LABEL, TR("Map: arrow keys move it, + and - change its scale"));
    put_base(sheet, tiles);
    put_around(sheet, answer);
    html_end(html, TAG_DIV);
    sheet_begin(sheet, TAG_P, "quiet");
    html_words(html, TR("A dashed circle is where a record may have been: its position's error, or the cell of what is "
                        "sealed. "));
    html_words(html, tiles != NULL ? TR("The base map is the operator's; distances are read off the strip.")
                                   : TR("The land is drawn at 1:50,000,000; distances are read off the strip."));
    html_end(html, TAG_P);
    html_end(html, TAG_SECTION);
    html_begin(html, TAG_DIV);
    html_set(html, ATTR_ID, "behind-map");
    html_set(html, ATTR_TABINDEX, "-1");
    html_end(html, TAG_DIV);
}

/* ---- places, in words */

static void put_degrees(struct sheet *sheet, const struct json *point)
{
    char lat[DEGREES_TEXT_SIZE], lon[DEGREES_TEXT_SIZE], text[2 * DEGREES_TEXT_SIZE + 4];
    degrees_format((int32_t)json_find_integer(point, "lat_e7", 0), lat);
    degrees_format((int32_t)json_find_integer(point, "lon_e7", 0), lon);
    snprintf(text, sizeof text, "%s, %s", lat, lon);
    sheet_hole(sheet, hole(HOLE_CODE, slice_from(text)));
}

static void put_error(struct sheet *sheet, const struct json *shape)
{
    char number[24];
    int64_t radius = json_find_integer(shape, "radius_m", 0);
    if (radius == 0) return;
    snprintf(number, sizeof number, "%" PRId64, radius);
    SAY(sheet, TR(", error up to {0} m"), hole(HOLE_NUMBER, slice_from(number)));
}

static void put_shape(struct sheet *sheet, const struct json *shape)
{
    struct html *html = &sheet->html;
    const struct json *point = json_find(shape, "point"), *cell = json_find(shape, "cell");
    const struct json *bearing = json_find(shape, "bearing");
    if (point != NULL) {
        put_degrees(sheet, point);
        put_error(sheet, shape);
    } else if (cell != NULL) {
        html_words(html, TR("sealed; somewhere around "));
        put_degrees(sheet, cell);
        put_error(sheet, shape);
    } else if (bearing != NULL) {
        html_words(html, TR("in a direction, between "));
        put_degrees(sheet, items(bearing));
        html_words(html, TR(" and "));
        put_degrees(sheet, items(bearing)->next);
    } else {
        html_words(html, json_find(shape, "line") != NULL ? TR("along a line") : TR("within an area"));
    }
}

/* The agreement that names it, of those that the answer has. */
static const struct json *agreement_naming(struct sheet *sheet, const struct json *answer, struct slice place)
{
    const struct json *p = items(json_find(answer, "places"));
    while (p != NULL && !slice_equal(json_find_string(p, "place"), place)) p = p->next;
    return p == NULL ? NULL : records_get(sheet->page->records, json_find_string(p, "agreement"));
}

void map_named(struct sheet *sheet, const struct json *answer, struct slice place)
{
    map_place_name(sheet, agreement_naming(sheet, answer, place), place);
}

static void put_where(struct sheet *sheet, const struct json *answer, const struct json *record)
{
    const struct json *shape = items(json_find(record, "shapes"));
    struct slice place = json_find_string(record, "place");
    if (json_find_bool(record, "withheld"))
        html_words(&sheet->html, TR("told 24 hours after its end"));
    else if (place.size > 0)
        map_named(sheet, answer, place);
    else if (shape != NULL)
        put_shape(sheet, shape);
    else
        html_words(&sheet->html, TR("not told"));
}

/* ---- the list */

static void put_shapes_data(struct sheet *sheet, const struct json *of)
{
    const struct json *shapes = json_find(of, "shapes"), *route = json_find(of, "route");
    struct slice place = json_find_string(of, "place"), kind = json_find_string(of, "kind");
    html_data(&sheet->html, "kind", kind.size > 0 ? kind : slice_from("place"));
    struct slice area = json_find_string(of, "area");
    if (place.size > 0) html_data(&sheet->html, "place", place);
    if (area.size > 0) html_data(&sheet->html, "name", area);
    if (kind.size > 0 && place.size > 0) return; /* drawn from what goes by that name */
    if (items(shapes) != NULL) html_data(&sheet->html, "shapes", shapes->source);
    if (items(route) != NULL) html_data(&sheet->html, "route", route->source);
}

static void put_row(struct sheet *sheet, const struct json *answer, const struct json *drawn)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(drawn, "id");
    const struct json *record = records_get(sheet->page->records, id);
    OWN(address_clear) struct address address;
    record_address(&address, id);
    html_begin(html, TAG_TR);
    html_data(html, "item", slice_from("record"));
    put_shapes_data(sheet, drawn);
    sheet_begin(sheet, TAG_TD, "date");
    sheet_hole(sheet, hole(HOLE_STAMP, json_find_string(json_find(drawn, "when"), "from")));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "kind");
    sheet_link(sheet, NULL, &address);
    sheet_label(sheet, LABEL_KIND, json_find_string(drawn, "kind"));
    html_words(html, " ");
    sheet_hole(sheet, hole(HOLE_CODE, slice_part(id, 0, 8)));
    sheet_link_end(sheet);
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "by");
    sheet_party(sheet, json_find_string(drawn, "by"));
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "where");
    put_where(sheet, answer, drawn);
    html_end(html, TAG_TD);
    sheet_begin(sheet, TAG_TD, "gist");
    sheet_beginning(sheet, tell_gist(record), 240);
    html_end(html, TAG_TD);
    html_end(html, TAG_TR);
}

static void put_heads(struct sheet *sheet)
{
    const char *const heads[] = {TR("Date"), TR("Kind"), TR("By"), TR("Place"), TR("What it says")};
    sheet_heads(sheet, heads, COUNT_OF(heads));
}

static void put_list(struct sheet *sheet, const struct json *answer, const struct drawn *drawn)
{
    struct html *html = &sheet->html;
    sheet_heading(sheet, TAG_H2, TR("List"));
    sheet_begin(sheet, TAG_P, "shown");
    html_words(html, TR("Shown here: "));
    sheet_count(sheet, NOUN_RECORD, drawn->count > PAGE_MAP_RECORDS ? PAGE_MAP_RECORDS : drawn->count);
    html_end(html, TAG_P);
    if (drawn->count > PAGE_MAP_RECORDS || json_find_bool(answer, "truncated"))
        html_words_in(html, TAG_P, NULL,
                      TR("There are more; the last that were received are shown. A shorter time or a smaller place "
                         "shows them all."));
    sheet_begin(sheet, TAG_TABLE, "list drawn");
    put_heads(sheet);
    html_begin(html, TAG_TBODY);
    for (size_t i = 0; i < drawn->count && i < PAGE_MAP_RECORDS; i++) put_row(sheet, answer, drawn->record[i]);
    html_end(html, TAG_TBODY);
    html_end(html, TAG_TABLE);
}

static void put_nothing(struct sheet *sheet)
{
    OWN(address_clear) struct address all;
    address_open(&all, "/map");
    html_begin(&sheet->html, TAG_P);
    html_words(&sheet->html, TR("No record that could be drawn fits. With fewer filters there may be some: "));
    sheet_link(sheet, NULL, &all);
    html_words(&sheet->html, TR("the whole map"));
    sheet_link_end(sheet);
    html_end(&sheet->html, TAG_P);
}

/* ---- the agreement's places */

static void put_named(struct sheet *sheet, const struct json *place)
{
    struct html *html = &sheet->html;
    struct slice id = json_find_string(place, "agreement");
    const struct json *agreement = records_get(sheet->page->records, id), *shapes = json_find(place, "shapes");
    OWN(address_clear) struct address address;
    record_address(&address, id);
    html_begin(html, TAG_LI);
    put_shapes_data(sheet, place);
    sheet_link(sheet, NULL, &address);
    map_place_name(sheet, agreement, json_find_string(place, "place"));
    sheet_link_end(sheet);
    html_words(html, TR(": "));
    for (const struct json *shape = items(shapes); shape != NULL; shape = shape->next) {
        put_shape(sheet, shape);
        if (shape->next != NULL) html_words(html, TR("; "));
    }
    if (items(shapes) == NULL) html_words(html, TR("not told"));
    html_end(html, TAG_LI);
}

static void put_places(struct sheet *sheet, const struct json *answer)
{
    const struct json *place = items(json_find(answer, "places"));
    if (place == NULL) return;
    sheet_heading(sheet, TAG_H2, TR("Places that the agreement names"));
    sheet_begin(sheet, TAG_UL, "named");
    for (; place != NULL; place = place->next) put_named(sheet, place);
    html_end(&sheet->html, TAG_UL);
}

/* ---- the page */

static void put_again(struct sheet *sheet, const char *form, const char *words)
{
    static const char *const without[] = {"f", "lang", NULL};
    OWN(address_clear) struct address address;
    address_again(&address, "/map", sheet->page->query, without);
    address_ask(&address, "f", slice_from(form));
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, words);
    html_end(&sheet->html, TAG_A);
}

/* What was made by others, under which terms. */
static void put_licences(struct sheet *sheet, const struct page_tiles *tiles)
{
    OWN(address_clear) struct address address;
    address_open(&address, asset_licences_txt);
    sheet_begin(sheet, TAG_P, "forms");
    html_words(&sheet->html, TR("The same as a file: "));
    put_again(sheet, "json", "JSON");
    html_words(&sheet->html, TR(", "));
    put_again(sheet, "geojson", "GeoJSON");
    html_words(&sheet->html, TR(". "));
    if (tiles != NULL) {
        SAY(sheet, TR("Base map: {0}"), hole(HOLE_TEXT, slice_from(tiles->by)));
        html_words(&sheet->html, TR(". "));
    }
    html_words(&sheet->html, tiles != NULL ? TR("Drawn by Leaflet: ")
                                           : TR("Drawn by Leaflet; land from Natural Earth by world-atlas: "));
    html_begin(&sheet->html, TAG_A);
    html_address(&sheet->html, ATTR_HREF, &address);
    html_words(&sheet->html, TR("their licences"));
    html_end(&sheet->html, TAG_A);
    html_end(&sheet->html, TAG_P);
}

static void put_words(struct sheet *sheet)
{
    sheet_words_begin(sheet);
    sheet_word(sheet, "boundaries", TR("Boundaries not authoritative"));
    sheet_word(sheet, "closer", TR("Larger scale"));
    sheet_word(sheet, "wider", TR("Smaller scale"));
    sheet_word(sheet, "close", TR("Close"));
    sheet_word(sheet, "together", TR("Records here: {0}"));
    sheet_words_end(sheet);
}

static void put_all(struct sheet *sheet, const struct json *answer, struct drawn *drawn, const struct page_tiles *tiles)
{
    sheet_moment(sheet);
    html_words_in(&sheet->html, TAG_P, "boundaries", TR("Boundaries not authoritative"));
    sheet_begin(sheet, TAG_DIV, "drawn-side");
    put_map(sheet, answer, drawn, tiles);
    strips_put(sheet, answer, drawn);
    html_end(&sheet->html, TAG_DIV);
    if (drawn->count > 0) {
        timeline_put(sheet, answer, drawn);
        put_list(sheet, answer, drawn);
    } else {
        put_nothing(sheet);
    }
    put_places(sheet, answer);
    put_licences(sheet, tiles);
    put_words(sheet);
}

enum status page_map(struct buffer *out, const struct page *page, const struct page_list *list,
                     const struct json *answer, const struct page_tiles *tiles, struct error *error)
{
    struct sheet sheet = {.page = page,
                          .answer = answer,
                          .known_only = answer == NULL,
                          .script = asset_map_js,
                          .style = asset_leaflet_css};
    struct drawn drawn;
    sheet_open(&sheet, out, PLACE_MAP, slice_from(TR("Map and timeline")));
    sheet_heading(&sheet, TAG_H1, TR("Map and timeline"));
    if (list->wrong != NULL && !filters_have(list->wrong_name)) {
        html_begin(&sheet.html, TAG_DIV);
        sheet_fault(&sheet, list->wrong);
        html_end(&sheet.html, TAG_DIV);
    }
    filters_form(&sheet, list);
    drawn_open(&drawn, answer);
    if (answer != NULL) put_all(&sheet, answer, &drawn, tiles);
    arena_clear(&drawn.arena);
    return sheet_close(&sheet, error);
}
