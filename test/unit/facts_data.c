/* Real texts and names, where they are: the annotated article, and the places of a data set of events in Syria. */
#include "check.h"
#include "exchange/csv.h"
#include "facts.h"
#include "json/json.h"
#include "text/lexicon.h"

static const char *const folders[] = {NULL, "../shared", "../../shared"};

/* The path of a file that is there, or false with one line that says that it is not. */
static bool find_file(char *path, size_t size, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *folder = i == 0 ? getenv("TRUCE_SHARED") : folders[i];
        if (folder == NULL) continue;
        snprintf(path, size, "%s%s%s/%s", folder[0] == '/' ? "" : SOURCE_ROOT, folder[0] == '/' ? "" : "/", folder,
                 name);
        FILE *file = fopen(path, "r");
        if (file != NULL) return fclose(file) == 0;
    }
    printf("skipped: %s is not here\n", name);
    return CHECK(true) && false;
}

static void read_file(struct buffer *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t got;
    if (!CHECK(file != NULL)) return;
    do {
        uint8_t *room = buffer_reserve(out, 65536);
        got = room == NULL ? 0 : fread(room, 1, 65536, file);
        buffer_advance(out, got);
    } while (got > 0);
    fclose(file);
}

/* ---- the article */

static bool is_date_found(const struct date_list *list, size_t start, size_t end)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->date[i].start == start && list->date[i].end == end) return true;
    return false;
}

static bool is_place_found(const struct place_list *list, size_t start, size_t end)
{
    for (size_t i = 0; i < list->size; i++)
        if (list->place[i].start == start && list->place[i].end == end) return true;
    return false;
}

/* The annotations have nulls, which the reader of JSON never lets in: an empty string says the same here. */
static void fill_nulls(struct buffer *text)
{
    for (size_t i = 0; i + 4 <= text->size; i++)
        if (memcmp(text->data + i, "null", 4) == 0) memcpy(text->data + i, "\"\"  ", 4);
}

static size_t count_spans(const struct json *spans, const struct date_list *dates, const struct place_list *places)
{
    size_t count = 0;
    for (const struct json *span = spans->first; span != NULL; span = span->next, count++) {
        size_t start = (size_t)json_find_integer(span, "start", 0), end = (size_t)json_find_integer(span, "end", 0);
        CHECK(dates != NULL ? is_date_found(dates, start, end) : is_place_found(places, start, end));
    }
    return count;
}

static void the_article_gives_every_date_and_place_that_people_found(void)
{
    char text_path[4096], spans_path[4096];
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer spans = {0};
    struct prepared prepared;
    struct date_list dates = {0};
    struct place_list places = {0};
    const struct gazetteer *gazetteer;
    const struct json *tree = NULL;
    struct error error = {0};
    if (!find_file(text_path, sizeof text_path, "seed/article-ar.txt")) return;
    if (!find_file(spans_path, sizeof spans_path, "seed/article-ar.statements.json")) return;
    read_file(&text, text_path);
    read_file(&spans, spans_path);
    fill_nulls(&spans);
    CHECK(prepare(&prepared, buffer_slice(&text)));
    CHECK(dates_find(&dates, &prepared.tokens, day_of_text("2016-10-04"), &prepared.arena, NULL) == STATUS_DONE);
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    CHECK(places_find(&places, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    if (CHECK(json_read(&tree, buffer_slice(&spans), JSON_RELAXED, &prepared.arena, &error) == STATUS_DONE)) {
        size_t marked_dates = count_spans(json_find(tree, "dates"), &dates, NULL);
        size_t marked_places = count_spans(json_find(tree, "places"), NULL, &places);
        CHECK_INT(dates.count, marked_dates); /* and nothing else is found */
        CHECK_INT(places.size, marked_places);
        printf("the article: %zu of %zu dates, %zu of %zu places\n", dates.count, marked_dates, places.size,
               marked_places);
    }
    CHECK_STRING(dates.count > 0 ? dates.date[0].value : "", "2016-10-03"); /* yesterday, a Monday */
    discard(&prepared);
}

/* ---- names of places in a data set */

static struct slice without_kind(struct slice name)
{
    static const char *const kinds[] = {" town", " village", " city", " district", " suburb", " Governorate"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t size = strlen(kinds[i]);
        if (name.size > size && memcmp(name.data + name.size - size, kinds[i], size) == 0)
            name = slice_part(name, 0, name.size - size);
    }
    while (name.size > 0 && name.data[name.size - 1] == ' ') name.size--;
    return name;
}

/* Is the whole name, but for its article, a place of Syria? */
static const struct place *resolve(struct slice name, const struct gazetteer *gazetteer)
{
    struct prepared prepared;
    struct place_list list = {0};
    const struct place *found = NULL;
    CHECK(prepare(&prepared, name));
    CHECK(places_find(&list, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    bool whole = list.size == 1 && list.place[0].start <= 4 && list.place[0].end == name.size;
    for (size_t i = 0; whole && i < list.place[0].candidates; i++) {
        const struct place *place = list.place[0].candidate[i].place;
        if (found == NULL && slice_is(place->country, "SY")) found = place;
    }
    discard(&prepared);
    return found;
}

static void names_of_a_data_set_are_resolved_as_far_as_the_gazetteer_goes(void)
{
    char path[4096];
    struct csv *csv = NULL;
    struct csv_row row;
    bool found = true;
    unsigned long names = 0, resolved = 0, events = 0, events_resolved = 0;
    const struct gazetteer *gazetteer;
    if (!find_file(path, sizeof path, "data/gazetteer_syria_from_ged.csv")) return;
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    CHECK(csv_open(&csv, &system_real, path, NULL) == STATUS_DONE);
    CHECK(csv_next(csv, &row, &found, NULL) == STATUS_DONE); /* its heading */
    while (CHECK(csv_next(csv, &row, &found, NULL) == STATUS_DONE) && found) {
        unsigned long of_row = strtoul((const char *)row.field[6].data, NULL, 10);
        bool there = resolve(without_kind(row.field[2]), gazetteer) != NULL;
        names++;
        resolved += there;
        events += of_row;
        events_resolved += there ? of_row : 0;
        if (!there && getenv("TRUCE_UNRESOLVED") != NULL) printf("%lu %.*s\n", of_row, SLICE(row.field[2]));
    }
    csv_close(&csv);
    printf("names of the data set: %lu of %lu, with %lu of %lu events\n", resolved, names, events_resolved, events);
    CHECK(events_resolved * 2 > events);
}

/* ---- what is passed over quickly */

static bool may_begin(const char *before, struct slice word)
{
    struct prepared prepared;
    struct buffer text = {0};
    buffer_put_string(&text, before);
    buffer_put(&text, word);
    bool may = prepare(&prepared, buffer_slice(&text)) && vocabulary_may_begin(&prepared.tokens, 0, ~UINT64_C(0));
    discard(&prepared);
    buffer_clear(&text);
    return may;
}

static void no_word_of_the_lexicon_is_passed_over(void)
{
    static const char *const files[] = {"months", "days", "times", "numbers", "harm", "around-places"};
    char path[64];
    for (size_t i = 0; i < 2 * COUNT_OF(files); i++) {
        snprintf(path, sizeof path, "%s/%s.txt", i % 2 == 0 ? "ar" : "en", files[i / 2]);
        struct slice rest = lexicon_get(path), line, column, word;
        while (lexicon_line(&rest, &line)) {
            CHECK(lexicon_column(&line, &column) && lexicon_column(&line, &column) && lexicon_column(&line, &word));
            CHECK(may_begin("", word));
            if (i % 2 == 0 && word.size > 4) CHECK(may_begin("\u0648", word)); /* with و before it */
        }
    }
    CHECK(!may_begin("", slice_from("\u0639\u0644\u0649")) && !may_begin("", slice_from("xyzzy"))); /* على alone */
}

/* في or town stands before it: else a name that is also an ordinary word would not count. */
static bool is_found(const struct gazetteer *gazetteer, const char *before, struct slice name,
                     const struct place *place)
{
    struct prepared prepared;
    struct place_list list = {0};
    struct buffer text = {0};
    bool found = false;
    buffer_put_string(&text, before);
    buffer_put(&text, name);
    CHECK(prepare(&prepared, buffer_slice(&text)));
    CHECK(places_find(&list, &prepared.tokens, gazetteer, &prepared.arena, NULL) == STATUS_DONE);
    for (size_t i = 0; list.size == 1 && i < list.place[0].candidates; i++)
        found |= list.place[0].candidate[i].place == place;
    discard(&prepared);
    buffer_clear(&text);
    return found;
}

static void no_name_of_the_gazetteer_is_passed_over(void)
{
    const struct gazetteer *gazetteer;
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    for (size_t i = 0; i < gazetteer_size(gazetteer); i++) {
        const struct place *place = gazetteer_place(gazetteer, i);
        if (place->name_ar.size > 0) CHECK(is_found(gazetteer, "\u0641\u064a ", place->name_ar, place));
        if (place->name_en.size > 0) CHECK(is_found(gazetteer, "town of ", place->name_en, place));
    }
}

TESTS(the_article_gives_every_date_and_place_that_people_found,
      names_of_a_data_set_are_resolved_as_far_as_the_gazetteer_goes, no_word_of_the_lexicon_is_passed_over,
      no_name_of_the_gazetteer_is_passed_over)
