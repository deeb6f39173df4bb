/* A bundle shows what it says and nothing else: it verifies, whatever byte is changed in it is found with a place, and
 * so is whatever somebody writes anew with a right sum. */
#include "check.h"
#include "base/time.h"
#include "json/json.h"
#include "register/bundle.h"
#include "scratch.h"
#include "truce.h"

#include <stdlib.h>

static char *folder;
static char register_path_[1024], bundle_path[1024];
static struct truce_register *reg;
static struct truce_error why;
static struct buffer file;

static void begin(void)
{
    struct truce_buffer answer = {0};
    folder = scratch("bundle");
    snprintf(register_path_, sizeof register_path_, "%s/r", folder);
    snprintf(bundle_path, sizeof bundle_path, "%s/b", folder);
    CHECK(truce_case_load("syria-2016", register_path_, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_open(&reg, register_path_, TRUCE_READ, &why) == TRUCE_DONE);
}

static void end(void)
{
    truce_close(&reg, &why);
    buffer_clear(&file);
    scratch_remove(folder);
}

static struct truce_moment then(const char *as_of, uint64_t known)
{
    struct truce_moment moment = {.has_as_of = true, .known_by = TRUCE_KNOWN_SIZE, .known_size = known};
    CHECK(time_parse(&moment.as_of, slice_from(as_of)));
    return moment;
}

static void make(const char *term, const char *reading, struct truce_moment moment)
{
    struct truce_buffer answer = {0};
    CHECK(truce_bundle(reg, term, reading, &moment, 0, &answer, &why) == TRUCE_DONE);
    buffer_reset(&file);
    buffer_put(&file, slice_of(answer.data, answer.size));
    truce_free(&answer);
}

/* ---- verifying */

static char code[64], place[1200];
static int faults;

static int on_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    struct arena arena;
    const struct json *fault;
    (void)context, (void)status;
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&fault, slice_of(line, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    if (faults++ == 0) {
        snprintf(code, sizeof code, "%.*s", SLICE(json_find_string(fault, "code")));
        snprintf(place, sizeof place, "%.*s", SLICE(json_find_string(fault, "place")));
    }
    arena_clear(&arena);
    return 0;
}

static struct truce_verify_options options;

static enum truce_status verify(struct slice bytes, char *sum, size_t size)
{
    struct truce_buffer answer = {0};
    FILE *out = fopen(bundle_path, "wb");
    CHECK(out != NULL && fwrite(bytes.data, 1, bytes.size, out) == bytes.size && fclose(out) == 0);
    options.path = bundle_path;
    faults = 0;
    code[0] = place[0] = '\0';
    enum truce_status status = truce_verify(&options, on_fault, NULL, NULL, &answer, &why);
    if (sum != NULL) snprintf(sum, size, "%.*s", (int)answer.size, answer.data == NULL ? "" : (char *)answer.data);
    truce_free(&answer);
    return status;
}

static bool fails_by(const char *by)
{
    enum truce_status status = verify(buffer_slice(&file), NULL, 0);
    bool good = CHECK(status == TRUCE_UNVERIFIED && strcmp(code, by) == 0 && place[0] != '\0');
    if (!good) fprintf(stderr, "%s instead of %s at %s\n", code, by, place);
    return good;
}

/* ---- what holds */

static void it_is_computed_again(void)
{
    static char sum[4096];
    begin();
    make("government-heavy", NULL, then("2016-09-18T23:59:59Z", 132));
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE);
    CHECK(faults == 0 && strstr(sum, "\"entries\":132,\"faults\":0") != NULL);
    CHECK(strstr(sum, "{\"bundle\":{\"as_of\":\"2016-09-18T23:59:59Z\",\"known\":132,\"term\":"
                      "\"cessation-2016-09-09/government-heavy\"},") == sum);
    CHECK(strstr(sum, "\"trust\":\"log-only\",\"verdict\":\"disputed\"}") != NULL);
    make("government-heavy", "strict", then("2016-09-18T23:59:59Z", 278)); /* the whole log: nothing to be proved */
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE);
    CHECK(strstr(sum, "\"reading\":\"strict\"") != NULL && strstr(sum, "\"verdict\":\"breached\"}") != NULL);
    make("government-heavy", "strict", then("2016-09-18T23:59:59Z", 132)); /* the reading's, where they differ */
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE &&
          strstr(sum, "\"verdict\":\"breached\"}") != NULL);
    make("calm", NULL, (struct truce_moment){.has_as_of = false}); /* what is known at the head */
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE && strstr(sum, "\"known\":278") != NULL);
    end();
}

/* The answer is the one that the register gives, but for what came later. */
static void its_answer_is_the_register_s(void)
{
    struct bundle bundle;
    struct truce_buffer answer = {0};
    struct truce_moment moment = then("2016-09-18T23:59:59Z", 132);
    begin();
    make("calm", NULL, moment);
    CHECK(bundle_read(&bundle, buffer_slice(&file), NULL) == STATUS_DONE);
    CHECK(truce_why(reg, "calm", NULL, &moment, &answer, &why) == TRUCE_DONE);
    char *later = strstr((char *)answer.data, "\"later\":146,");
    if (CHECK(later != NULL)) {
        size_t before = (size_t)(later - (char *)answer.data), behind = before + strlen("\"later\":146,");
        OWN(buffer_clear) struct buffer wanted = {0};
        buffer_put(&wanted, slice_of(answer.data, before));
        buffer_put_string(&wanted, "\"later\":0,");
        buffer_put(&wanted, slice_of(answer.data + behind, answer.size - behind));
        CHECK(slice_equal(buffer_slice(&wanted), bundle.answer));
    }
    truce_free(&answer);
    end();
}

static void what_is_refused(void)
{
    struct truce_buffer answer = {0};
    struct truce_moment moment = then("2016-09-18T23:59:59Z", 132);
    begin();
    CHECK(truce_bundle(reg, "calm", NULL, &moment, 1000, &answer, &why) == TRUCE_REFUSED);
    CHECK(strcmp(why.code, "bundle-large") == 0);
    CHECK(truce_bundle(reg, "quiet-as-snow", NULL, &moment, 0, &answer, &why) == TRUCE_USAGE);
    CHECK(strcmp(why.code, "term-unknown") == 0);
    end();
}

/* ---- what does not */

/* Every byte before the entries, every so many of them, and every one behind them. */
static void a_changed_byte_is_found(void)
{
    struct bundle bundle;
    begin();
    make("government-heavy", NULL, then("2016-09-18T23:59:59Z", 132));
    CHECK(bundle_read(&bundle, buffer_slice(&file), NULL) == STATUS_DONE);
    size_t entries = (size_t)(bundle.entries.data - file.data), behind = entries + bundle.entries.size;
    size_t tried = 0;
    for (size_t at = 0, step = 1; at < file.size; at += step) {
        bool within = at >= entries + 300 && at < behind;
        step = within ? 997 : at < 64 || at + 2000 > entries ? 1 : 97;
        if (within && at + step > behind) step = behind - at;
        uint8_t was = file.data[at];
        file.data[at] ^= (uint8_t)(1u << (at % 8));
        bool found = verify(buffer_slice(&file), NULL, 0) == TRUCE_UNVERIFIED && faults > 0 && place[0] != '\0';
        if (!CHECK(found)) fprintf(stderr, "byte %zu\n", at);
        file.data[at] = was;
        tried++;
    }
    CHECK(tried > 2000);
    for (size_t size = 0; size < file.size; size += size < 100 ? 1 : 7919)
        CHECK(verify(slice_of(file.data, size), NULL, 0) == TRUCE_UNVERIFIED && faults > 0);
    buffer_put_byte(&file, '\n');
    CHECK(verify(buffer_slice(&file), NULL, 0) == TRUCE_UNVERIFIED);
    end();
}

/* Somebody writes it anew, with a right sum. */
static void rewrite(struct bundle bundle)
{
    OWN(buffer_clear) struct buffer again = {0};
    CHECK(bundle_write(&again, &bundle, NULL) == STATUS_DONE);
    buffer_reset(&file);
    buffer_put(&file, buffer_slice(&again));
}

static struct slice copy_of(struct slice bytes, uint8_t **copy)
{
    *copy = malloc(bytes.size + 1);
    if (CHECK(*copy != NULL)) memcpy(*copy, bytes.data, bytes.size);
    return slice_of(*copy, bytes.size);
}

static void another_s_words_are_found(void)
{
    struct bundle whole, bundle;
    uint8_t *text, *copy;
    begin();
    make("government-heavy", NULL, then("2016-09-18T23:59:59Z", 132));
    struct slice made = copy_of(buffer_slice(&file), &text);
    CHECK(bundle_read(&whole, made, NULL) == STATUS_DONE);

    bundle = whole; /* another verdict */
    bundle.answer = copy_of(whole.answer, &copy);
    uint8_t *verdict = memmem(copy, bundle.answer.size, "\"breached\"", 10);
    if (CHECK(verdict != NULL)) memcpy(verdict, "\"excluded\"", 10);
    rewrite(bundle);
    CHECK(fails_by("bundle-differs"));
    free(copy);

    bundle = whole; /* a record less: the last, of which nobody need speak */
    struct slice rest = whole.entries, entry, last = {NULL, 0};
    while (bundle_entry(&rest, &entry)) last = entry;
    bundle.entries.size -= last.size + 2;
    bundle.count--;
    rewrite(bundle);
    CHECK(fails_by("bundle-entries"));

    bundle = whole; /* a record that says otherwise */
    bundle.entries = copy_of(whole.entries, &copy);
    copy[bundle.entries.size / 2] ^= 1;
    rewrite(bundle);
    CHECK(fails_by("bundle-entries") || strcmp(code, "bundle-form") == 0);
    free(copy);

    bundle = whole; /* another question: its answer is another */
    bundle.question = slice_from(
        "{\"as_of\":\"2016-09-18T23:59:58Z\",\"known\":132,\"term\":\"cessation-2016-09-09/government-heavy\"}");
    rewrite(bundle);
    CHECK(fails_by("bundle-differs"));
    bundle.question = slice_from("{\"as_of\":\"2016-09-18T23:59:59Z\",\"known\":132,\"term\":\"nothing/at-all\"}");
    rewrite(bundle);
    CHECK(fails_by("bundle-answer"));
    bundle.question = slice_from("{\"known\":132,\"term\":\"x/y\",\"as_of\":\"2016-09-18T23:59:59Z\"}");
    rewrite(bundle);
    CHECK(fails_by("bundle-question"));
    bundle.question = slice_from("{\"as_of\":\"2016-09-18T23:59:59Z\",\"known\":133,\"term\":\"x/y\"}");
    rewrite(bundle);
    CHECK(fails_by("bundle-entries"));

    bundle = whole; /* a head of the same text that another key signed */
    bundle.head = copy_of(whole.head, &copy);
    copy[bundle.head.size - 12] ^= 1;
    rewrite(bundle);
    CHECK(verify(buffer_slice(&file), NULL, 0) == TRUCE_UNVERIFIED);
    free(copy);
    free(text);
    end();
}

/* Whoever compared a genesis or a key by another way holds the bundle to it. */
static void it_is_held_to_what_is_known(void)
{
    static char sum[4096], genesis[65];
    begin();
    make("calm", NULL, then("2016-09-18T23:59:59Z", 132));
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE);
    const char *at = strstr(sum, "\"genesis\":\"");
    if (CHECK(at != NULL)) snprintf(genesis, sizeof genesis, "%.64s", at + 11);
    options.genesis = genesis;
    CHECK(verify(buffer_slice(&file), sum, sizeof sum) == TRUCE_DONE && strstr(sum, "\"trust\":\"genesis\"") != NULL);
    genesis[3] = genesis[3] == '0' ? '1' : '0';
    CHECK(fails_by("verify-genesis"));
    options.genesis = NULL;
    options.key = "truce.example/syria-2016+7f1d8a5b+AUZx0Q9o7n3vXh0tG9C2yYdZ4u1iXgqWk0o6eQYw6cZr";
    CHECK(verify(buffer_slice(&file), NULL, 0) != TRUCE_DONE);
    options.key = NULL;
    end();
}

TESTS(it_is_computed_again, its_answer_is_the_register_s, what_is_refused, a_changed_byte_is_found,
      another_s_words_are_found, it_is_held_to_what_is_known)
