/* Both real files, where they are: every row becomes a record that the register would sign, or says why not. */
#include "check.h"
#include "exchange/ged.h"
#include "json/json.h"
#include "record/record.h"

static const char *const folders[] = {NULL, "../shared/data"};

static bool find_file(char *path, size_t size, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        const char *folder = i == 0 ? getenv("TRUCE_DATA") : folders[i];
        if (folder == NULL) continue;
        snprintf(path, size, "%s%s%s/%s", folder[0] == '/' ? "" : SOURCE_ROOT, folder[0] == '/' ? "" : "/", folder,
                 name);
        FILE *file = fopen(path, "r");
        if (file != NULL) return fclose(file) == 0;
    }
    return false;
}

/* The object with the envelope that a register gives it is a record. */
static bool is_record(const struct buffer *object, struct buffer *whole, struct buffer *text, struct arena *arena,
                      struct error *error)
{
    static const char envelope[] =
        "{\"by\":\"ucdp\",\"key\":\"00c0ffee\",\"register\":\"example.org/test#0123456789abcdef\",\"seq\":0,\"v\":1,"
        "\"written\":\"2019-11-01T00:00:00Z\",";
    const struct json *tree;
    buffer_reset(whole);
    buffer_reset(text);
    arena_reset(arena);
    buffer_put_string(whole, envelope);
    buffer_put(whole, slice_part(buffer_slice(object), 1, object->size));
    return json_read(&tree, buffer_slice(whole), JSON_RELAXED, arena, error) == STATUS_DONE &&
           record_encode(text, tree, error) == STATUS_DONE;
}

static unsigned long read_file(const char *path, unsigned long *refused)
{
    struct ged *ged = NULL;
    struct error error = {0};
    struct ged_row row;
    struct arena arena;
    OWN(buffer_clear) struct buffer object = {0};
    OWN(buffer_clear) struct buffer whole = {0};
    OWN(buffer_clear) struct buffer text = {0};
    unsigned long taken = 0;
    bool found = true;
    arena_init(&arena, 1024 * 1024);
    if (!CHECK(ged_open(&ged, &system_real, path, &error) == STATUS_DONE)) return 0;
    for (;;) {
        enum status status = ged_next(ged, &found, &object, &row, &error);
        if (!CHECK(status == STATUS_DONE || status == STATUS_REFUSED) || !found) break;
        bool fits = status == STATUS_DONE && is_record(&object, &whole, &text, &arena, &error);
        taken += fits;
        *refused += !fits;
        if (!fits)
            fprintf(stderr, "line %lu: %s %s %s\n", (unsigned long)row.line, error.code, error.pointer, error.sentence);
    }
    ged_close(&ged);
    arena_clear(&arena);
    return taken;
}

int main(void)
{
    static const struct {
        const char *name;
        unsigned long rows;
    } files[] = {{"ged_syria_2016_2019_nosrc.csv", 16566}, {"ged_syria_2016-08-29_2016-10-17.csv", 791}};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[4096];
        unsigned long refused = 0;
        if (!find_file(path, sizeof path, files[i].name)) {
            printf("skipped: %s is not here; set TRUCE_DATA to its folder\n", files[i].name);
            return 77;
        }
        unsigned long taken = read_file(path, &refused);
        printf("%s: %lu rows taken, %lu refused\n", files[i].name, taken, refused);
        CHECK_INT(taken + refused, files[i].rows);
        CHECK_INT(refused, 0);
    }
    return check_end(__FILE__);
}
