/* Worked cases: exercises with a clock, keys and nonce of their own, so that the same case gives the same bytes, ids
 * and root everywhere. The loader is the one place that may set `received`.
 *
 * A case is cases/NAME/NN-part.json, arrays of records in the order of the log. Members that begin with $ are the
 * loader's: "$id" names a record, "$received" says when it came. Strings that are exactly "@label" become that record's
 * id, "!name", "!name/recovery" and "!log" verifier keys, "!nonce" the nonce. */
#include "register/case.h"
#include "register/register.h"

#include "json/write.h"
#include <stdio.h>
#include <stdlib.h>

enum { CASE_LABELS_MOST = 4096, CASE_AUTHORS_MOST = 256 };

struct label {
    struct slice name;
    struct record_id id;
};

struct author {
    struct signer signer;
    int64_t seq;
    struct record_id prev;
};

struct loading {
    const char *name;
    struct truce_register *reg;
    char origin[LIMIT_ORIGIN_BYTES + 1];
    struct signer log_key;
    struct arena arena; /* labels live as long as the loading */
    size_t labels, authors;
    struct label label[CASE_LABELS_MOST];
    struct author author[CASE_AUTHORS_MOST];
};

/* SHA-256("truce-exercise/" CASE "/" WHAT): an exercise has no secrets, and says so in its genesis. */
static struct hash derived(const struct loading *loading, struct slice what)
{
    struct slice parts[] = {slice_from("truce-exercise/"), slice_from(loading->name), slice_from("/"), what};
    return hash_of_parts(parts, COUNT_OF(parts));
}

/* "name" or "name/recovery": the key's own name is the part before the slash. */
static enum status derived_signer(const struct loading *loading, struct slice what, struct signer *out,
                                  struct error *error)
{
    const uint8_t *slash = memchr(what.data, '/', what.size);
    struct slice name = slash == NULL ? what : slice_part(what, 0, (size_t)(slash - what.data));
    struct hash seed = derived(loading, what);
    return signer_from_seed(out, name, seed.bytes, error);
}

static const struct label *label_find(const struct loading *loading, struct slice name)
{
    for (size_t i = 0; i < loading->labels; i++)
        if (slice_equal(loading->label[i].name, name)) return &loading->label[i];
    return NULL;
}

static bool put_key(const struct loading *loading, struct slice what, struct buffer *out)
{
    OWN(signer_clear) struct signer signer = {0};
    char text[VERIFIER_TEXT_SIZE];
    bool is_log = slice_is(what, "log");
    if (!is_log && derived_signer(loading, what, &signer, NULL) != STATUS_DONE) return false;
    verifier_format(is_log ? &loading->log_key.verifier : &signer.verifier, text);
    buffer_put_string(out, text);
    return true;
}

static bool case_string(void *context, struct slice string, struct buffer *out)
{
    const struct loading *loading = context;
    char hex[HASH_HEX_SIZE];
    struct slice rest = slice_part(string, 1, SIZE_MAX);
    if (slice_is(string, "!nonce")) {
        struct hash nonce = derived(loading, slice_from("nonce"));
        hash_format(&nonce, hex);
    } else if (slice_starts(string, "@")) {
        const struct label *label = label_find(loading, rest);
        if (label == NULL) return false;
        hash_format(&label->id.hash, hex);
    } else {
        return slice_starts(string, "!") && rest.size > 0 && put_key(loading, rest, out);
    }
    buffer_put_string(out, hex);
    return true;
}

static enum status author_find(struct loading *loading, struct slice by, struct author **out, struct error *error)
{
    for (size_t i = 0; i < loading->authors; i++)
        if (slice_is(by, loading->author[i].signer.verifier.name)) {
            *out = &loading->author[i];
            return STATUS_DONE;
        }
    if (loading->authors == CASE_AUTHORS_MOST)
        return error_set(error, STATUS_FAILED, "case-limit", "The case has too many authors.", NULL);
    *out = &loading->author[loading->authors];
    TRY(derived_signer(loading, by, &(*out)->signer, error));
    loading->authors++;
    return STATUS_DONE;
}

/* keys/NAME.key for everybody who signs, so that the exercise can be gone on with. */
static enum status keep_keys(struct loading *loading, const char *directory, struct error *error)
{
    char name[LIMIT_ORIGIN_BYTES + 16], path[REGISTER_PATH_SIZE];
    for (size_t i = 0; i < loading->authors; i++) {
        snprintf(name, sizeof name, "keys/%s.key", loading->author[i].signer.verifier.name);
        TRY(register_path(path, directory, name, error));
        TRY(key_file_create(&system_real, path, &loading->author[i].signer, slice_from(""), error));
    }
    return STATUS_DONE;
}

/* Half a case is none: it can be tried again. The keys can be derived again too. */
static void take_back(const struct loading *loading, const char *directory)
{
    char name[LIMIT_ORIGIN_BYTES + 16], path[REGISTER_PATH_SIZE];
    for (size_t i = 0; i < loading->authors; i++) {
        snprintf(name, sizeof name, "keys/%s.key", loading->author[i].signer.verifier.name);
        if (register_path(path, directory, name, NULL) == STATUS_DONE)
            (void)system_real.remove(system_real.context, path);
    }
    register_unfound(directory);
}

/* Where in the case: file/position and the pointer within the record. */
static enum status case_fault(struct error *error, enum status status, const char *file, size_t position)
{
    char pointer[ERROR_POINTER_SIZE + 64];
    if (error == NULL) return status;
    snprintf(pointer, sizeof pointer, "%s/%zu%s", file, position, error->pointer);
    return error_at(error, status, pointer);
}

static enum status received_of(const struct json *object, struct slice written, int64_t *out, struct error *error)
{
    struct slice text = json_find_string(object, "$received");
    int64_t seconds;
    if (text.data == NULL) text = written;
    if (text.data == NULL || !time_parse(&seconds, text))
        return error_set(error, STATUS_REFUSED, "case-received",
                         "A case's record says when it was written and received.", NULL);
    *out = seconds * 1000;
    return STATUS_DONE;
}

static enum status add_label(struct loading *loading, struct slice name, const struct record_id *id,
                             struct error *error)
{
    if (name.data == NULL) return STATUS_DONE;
    if (loading->labels == CASE_LABELS_MOST || label_find(loading, name) != NULL)
        return error_set(error, STATUS_REFUSED, "case-label", "The label \"{0}\" stands twice, or there are too many.",
                         error_slice(name).text, NULL);
    name = arena_copy(&loading->arena, name);
    if (name.data == NULL) return arena_full(error);
    loading->label[loading->labels++] = (struct label){name, *id};
    return STATUS_DONE;
}

static enum status load_record(struct loading *loading, const struct json *object, struct arena *arena,
                               struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0};
    struct author *author = NULL;
    struct outcome outcome;
    int64_t received_ms;
    struct completion completion = {.object = object,
                                    .kind = record_kind_find(json_find_string(object, "kind")),
                                    .written = json_find_string(object, "written"),
                                    .register_name = members_register(loading->reg->members),
                                    .string = case_string,
                                    .context = loading};
    if (completion.kind == NULL)
        return error_set(error, STATUS_REFUSED, "write-kind",
                         "There is no kind of record \"{0}\"; truce help write lists them.",
                         error_slice(json_find_string(object, "kind")).text, NULL);
    if (completion.register_name.data == NULL) completion.register_name = slice_from(loading->origin);
    TRY(received_of(object, completion.written, &received_ms, error));
    TRY(author_find(loading, json_find_string(object, "by"), &author, error));
    completion.seq = author->seq;
    completion.prev = author->prev;
    TRY(complete_and_sign(&note, &completion, &author->signer, arena, error));
    struct slice notes = buffer_slice(&note);
    TRY(register_admit(loading->reg, &notes, 1, &received_ms, &outcome, NULL, error));
    if (!outcome.admitted) {
        if (error != NULL) *error = outcome.refusal;
        return STATUS_REFUSED;
    }
    author->seq++;
    author->prev = outcome.id;
    return add_label(loading, json_find_string(object, "$id"), &outcome.id, error);
}

static enum status load_file(struct loading *loading, const struct case_file *file, struct error *error)
{
    struct arena tree, scratch;
    const struct json *records;
    size_t position = 0;
    arena_init(&tree, (size_t)16 * LIMIT_REQUEST_BYTES);
    arena_init(&scratch, LIMIT_REQUEST_BYTES);
    enum status status = json_read(&records, slice_of(file->data, file->size), JSON_RELAXED, &tree, error);
    for (const struct json *r = status == STATUS_DONE ? records->first : NULL; r != NULL; r = r->next, position++) {
        arena_reset(&scratch);
        status = load_record(loading, r, &scratch, error);
        if (status != STATUS_DONE) break;
    }
    arena_clear(&scratch);
    arena_clear(&tree);
    return status == STATUS_DONE ? status : case_fault(error, status, file->file_name, position);
}

static enum status load_all(struct loading *loading, const char *directory, struct error *error)
{
    size_t files = 0;
    for (const struct case_file *file = case_files; file->case_name != NULL; file++)
        if (strcmp(file->case_name, loading->name) == 0) files++;
    if (files == 0)
        return error_set(error, STATUS_USAGE, "case-unknown", "There is no case \"{0}\"; truce case list names them.",
                         loading->name, NULL);
    TRY(register_found(&loading->reg, directory, &loading->log_key, error));
    TRY(register_know(loading->reg, error));
    for (const struct case_file *file = case_files; file->case_name != NULL; file++)
        if (strcmp(file->case_name, loading->name) == 0) TRY(load_file(loading, file, error));
    return keep_keys(loading, directory, error);
}

static enum status load_case(const char *name, const char *directory, struct error *error)
{
    struct loading *loading = calloc(1, sizeof *loading);
    if (loading == NULL) return arena_full(error);
    loading->name = name;
    arena_init(&loading->arena, LIMIT_REQUEST_BYTES);
    snprintf(loading->origin, sizeof loading->origin, "truce.example/%s", name);
    struct hash seed = derived(loading, slice_from("log"));
    enum status status = crypto_start(error);
    if (status == STATUS_DONE)
        status = signer_from_seed(&loading->log_key, slice_from(loading->origin), seed.bytes, error);
    if (status == STATUS_DONE) status = load_all(loading, directory, error);
    bool begun = loading->reg != NULL;
    enum status closed = register_close(&loading->reg, status == STATUS_DONE ? error : NULL);
    if (status == STATUS_DONE) status = closed;
    if (begun && status != STATUS_DONE) take_back(loading, directory);
    arena_clear(&loading->arena);
    crypto_wipe(loading->author, sizeof loading->author);
    signer_clear(&loading->log_key);
    free(loading);
    return status;
}

enum truce_status truce_case_load(const char *name, const char *directory, struct truce_buffer *answer,
                                  struct truce_error *error)
{
    struct error why;
    struct truce_error trouble;
    struct truce_register *reg;
    enum status status = load_case(name, directory, &why);
    if (status != STATUS_DONE) return public_status(status, &why, error);
    if (error == NULL) error = &trouble;
    enum truce_status about = truce_open(&reg, directory, TRUCE_READ, error);
    if (about != TRUCE_DONE) return about;
    about = truce_about(reg, answer, error);
    (void)truce_close(&reg, NULL);
    return about;
}

static enum status list_json(struct buffer *out, struct error *error)
{
    struct json_writer w;
    const char *last = "";
    json_write_open(&w, out);
    json_put_array(&w);
    for (const struct case_file *file = case_files; file->case_name != NULL; file++) {
        if (strcmp(file->case_name, last) != 0) json_put_string(&w, file->case_name);
        last = file->case_name;
    }
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_case_list(struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = list_json(&out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
