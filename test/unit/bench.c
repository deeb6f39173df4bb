/* The records made for measuring: the same from the same seed, admitted by anybody's admission, spread as the dataset
 * is. */
#include "bench/made.h"
#include "check.h"
#include "record/record.h"
#include "scratch.h"
#include "truce.h"

static void make(struct notes *out, uint64_t seed, size_t count)
{
    struct made *made;
    struct error error;
    const struct made_options options = {.seed = seed, .total = count};
    char *directory = scratch("made"), path[600];
    snprintf(path, sizeof path, "%s/r", directory);
    if (!CHECK(made_open(&made, &options, &error) == STATUS_DONE)) fprintf(stderr, "%s\n", error.code);
    if (!CHECK(made_found(made, path, &error) == STATUS_DONE))
        fprintf(stderr, "%s %s %s\n", error.code, error.argument[0], error.argument[1]);
    CHECK(made_notes(made, count, out, &error) == STATUS_DONE);
    made_close(&made);
    scratch_remove(directory);
}

static void decodes(void)
{
    struct notes notes = {0};
    struct arena arena;
    size_t kinds[8] = {0};
    (void)kinds;
    arena_init(&arena, 1 << 24);
    make(&notes, 1, 26000);
    size_t text = 0;
    for (size_t i = 0; i < notes.count; i++) {
        struct record record;
        struct error error;
        arena_reset(&arena);
        if (!CHECK(record_decode(&record, notes_at(&notes, i), &arena, &error) == STATUS_DONE)) {
            fprintf(stderr, "%s %s %.*s\n", error.code, error.pointer, SLICE(notes_at(&notes, i)));
            break;
        }
        text += record.text.size;
        if (i % 2500 == 0) printf("%.*s", SLICE(notes_at(&notes, i)));
    }
    printf("mean %zu\n", text / notes.count);
    FILE *f = fopen("/tmp/bench-study/notes", "w");
    fwrite(notes.bytes.data, 1, notes.bytes.size, f);
    fclose(f);
    arena_clear(&arena);
    notes_clear(&notes);
}

TESTS(decodes)
