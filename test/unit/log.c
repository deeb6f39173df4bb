/* The log on real files: what is appended is read, proved, published and reopened. */
#include "log/internal.h"
#include "check.h"
#include "scratch.h"

static struct signer key;

static void starts(void)
{
    struct error error;
    static const uint8_t seed[SEED_BYTES] = {7};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), seed, &error) == STATUS_DONE);
}

static struct slice entry_of(uint64_t index, char text[64])
{
    int size =
        snprintf(text, 64, "entry %llu%.*s", (unsigned long long)index, (int)(index % 23), "......................");
    return slice_of(text, (size_t)size);
}

static void append_up_to(struct log *log, uint64_t size, size_t group)
{
    struct error error;
    uint64_t first;
    static char text[1024][64];
    struct slice entries[1024];
    while (log_size(log) < size) {
        size_t count = size - log_size(log) < group ? (size_t)(size - log_size(log)) : group;
        for (size_t i = 0; i < count; i++) entries[i] = entry_of(log_size(log) + i, text[i]);
        uint64_t wanted = log_size(log);
        if (!CHECK(log_append(log, entries, count, &first, &error) == STATUS_DONE)) return;
        if (first != wanted) CHECK_INT(first, wanted);
    }
}

static enum status visit(void *context, uint64_t index, struct slice entry, struct error *error)
{
    char text[64];
    (void)error;
    *(uint64_t *)context += index;
    if (!slice_equal(entry, entry_of(index, text))) CHECK(false && "the entry is as it was appended");
    return STATUS_DONE;
}

/* Everything about the log is what a fresh computation says. */
static void check_all(struct log *log, uint64_t size)
{
    struct error error;
    struct tree_edge edge = {.size = 0};
    uint64_t sum = 0;
    CHECK_INT(log_size(log), size);
    CHECK(log_walk(log, 0, size, visit, &sum, &error) == STATUS_DONE);
    CHECK_INT(sum, size == 0 ? 0 : size * (size - 1) / 2);
    OWN(buffer_clear) struct buffer entry = {0};
    struct hash root, leaf;
    for (uint64_t i = 0; i < size; i++) {
        char text[64];
        struct hash wanted = tree_leaf(entry_of(i, text));
        tree_edge_add(&edge, &wanted);
        if (i % 97 != 0 && i + 300 < size) continue;
        wanted = tree_edge_root(&edge);
        buffer_reset(&entry);
        CHECK(log_read(log, i, &entry, &error) == STATUS_DONE && slice_equal(buffer_slice(&entry), entry_of(i, text)));
        CHECK(log_root(log, i + 1, &root, &error) == STATUS_DONE && hash_equal(&root, &wanted));
        CHECK(log_leaf(log, i, &leaf, &error) == STATUS_DONE);
    }
    struct log_proof proof;
    for (uint64_t i = 0; i < size; i += 1 + size / 50) {
        struct hash old;
        CHECK(log_root(log, size, &root, &error) == STATUS_DONE && log_root(log, i, &old, &error) == STATUS_DONE);
        CHECK(log_leaf(log, i, &leaf, &error) == STATUS_DONE);
        CHECK(log_prove_inclusion(log, i, size, &proof, &error) == STATUS_DONE);
        CHECK(tree_verify_inclusion(&leaf, i, size, &proof, &root));
        CHECK(log_prove_consistency(log, i, size, &proof, &error) == STATUS_DONE);
        CHECK(tree_verify_consistency(i, &old, size, &root, &proof));
    }
    CHECK(log_prove_inclusion(log, size, size, &proof, &error) == STATUS_USAGE);
    CHECK(log_prove_inclusion(log, 0, size + 1, &proof, &error) == STATUS_USAGE);
    CHECK(log_read(log, size, &entry, &error) == STATUS_USAGE);
}

static void grows_and_reopens(void)
{
    static const struct {
        uint64_t size;
        size_t group;
    } steps[] = {{0, 1},   {1, 1},    {2, 1},     {255, 7},      {256, 1},
                 {257, 1}, {300, 10}, {700, 100}, {66000, 1000}, {66001, 1}};
    struct error error;
    struct log *log, *reader;
    char *directory = scratch("log");
    CHECK(log_create(&system_real, directory, &error) == STATUS_DONE);
    CHECK(log_create(&system_real, directory, &error) == STATUS_REFUSED);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        if (!CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE)) break;
        append_up_to(log, steps[i].size, steps[i].group);
        check_all(log, steps[i].size);
        CHECK(log_open(&reader, &system_real, directory, LOG_READ, &key, &error) == STATUS_DONE);
        CHECK(i == 0 || log_published(reader) < log_size(reader));
        check_all(reader, steps[i].size);
        CHECK(log_publish(log, &error) == STATUS_DONE);
        CHECK_INT(log_published(log), steps[i].size);
        check_all(log, steps[i].size);
        check_all(reader, steps[i].size);
        CHECK(log_refresh(reader, &error) == STATUS_DONE);
        CHECK_INT(log_published(reader), steps[i].size);
        check_all(reader, steps[i].size);
        log_close(&reader);
        log_close(&log);
        CHECK(log_open(&reader, &system_real, directory, LOG_READ, NULL, &error) == STATUS_DONE);
        check_all(reader, steps[i].size);
        log_close(&reader);
    }
    scratch_remove(directory);
}

TESTS(starts, grows_and_reopens)
