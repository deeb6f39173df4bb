#include "peer/pouch_file.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

static const char first_line[] = "truce-pouch/v1\n";

/* Read from the file, and unpacked, at a time. Where nonsense is tried by the million, small inputs have to meet the
 * ends of pieces too. */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
enum { PIECE_BYTES = 512 };
#else
enum { PIECE_BYTES = 64 * 1024 };
#endif

enum {
    LINE_MOST = 300,
    WINDOW_LOG_MOST = 23, /* 8 MiB: all that unpacking may ask for */
    ENTRIES_MOST = 256 * (2 + LIMIT_ENTRY_BYTES),
    PATH_SIZE = 4096
};

static const struct {
    const char *name;
    size_t most; /* bytes */
} kinds[POUCH_KINDS] = {
    [POUCH_HEAD] = {"head", LIMIT_ENTRY_BYTES},       [POUCH_NOTE] = {"note", LIMIT_RECORD_NOTE_BYTES},
    [POUCH_PROOF] = {"proof", 2 * LIMIT_ENTRY_BYTES}, [POUCH_ENTRIES] = {"entries", ENTRIES_MOST},
    [POUCH_EVIDENCE] = {"evidence", 1024 * 1024},     [POUCH_SEALED] = {"sealed", 1024 * 1024},
    [POUCH_ARRIVAL] = {"arrival", LIMIT_ENTRY_BYTES},
};

/* ---- writing */

struct pouch_writer {
    const struct system *system;
    char path[PATH_SIZE], beside[PATH_SIZE];
    int file;
    off_t at;
    uint64_t sections;
    ZSTD_CCtx *packer;
    struct buffer plain, packed;
};

void pouch_writer_close(struct pouch_writer **writer)
{
    struct pouch_writer *w = *writer;
    if (w == NULL) return;
    if (w->file >= 0) {
        w->system->close(w->system->context, w->file);
        (void)w->system->remove(w->system->context, w->beside);
    }
    ZSTD_freeCCtx(w->packer);
    buffer_clear(&w->plain);
    buffer_clear(&w->packed);
    free(w);
    *writer = NULL;
}

/* Packs what was gathered and writes it. */
static enum status flush(struct pouch_writer *w, ZSTD_EndDirective how, struct error *error)
{
    ZSTD_inBuffer in = {w->plain.data, w->plain.size, 0};
    size_t left;
    TRY(buffer_finish(&w->plain, error));
    do {
        uint8_t *room = buffer_reserve(&w->packed, PIECE_BYTES);
        if (room == NULL) return buffer_finish(&w->packed, error);
        ZSTD_outBuffer out = {room, PIECE_BYTES, 0};
        left = ZSTD_compressStream2(w->packer, &out, &in, how);
        if (ZSTD_isError(left)) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
        TRY(file_write_all(w->system, w->file, w->beside, slice_of(room, out.pos), w->at, error));
        w->at += (off_t)out.pos;
    } while (how == ZSTD_e_end ? left > 0 : in.pos < in.size);
    buffer_reset(&w->plain);
    return STATUS_DONE;
}

static enum status create(struct pouch_writer *w, const char *path, struct slice register_name, struct error *error)
{
    int size = snprintf(w->path, sizeof w->path, "%s", path);
    int beside = snprintf(w->beside, sizeof w->beside, "%s.new", path);
    if (size < 0 || beside < 0 || (size_t)beside >= sizeof w->beside)
        return error_system(error, "create", path, ENAMETOOLONG);
    w->packer = ZSTD_createCCtx();
    if (w->packer == NULL || ZSTD_isError(ZSTD_CCtx_setParameter(w->packer, ZSTD_c_checksumFlag, 1)))
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    w->file = file_open_beside(w->system, w->beside, 0666);
    if (w->file < 0) return error_system(error, "create", w->beside, errno);
    buffer_put_string(&w->plain, first_line);
    buffer_put_string(&w->plain, "register ");
    buffer_put(&w->plain, register_name);
    buffer_put_byte(&w->plain, '\n');
    return buffer_finish(&w->plain, error);
}

enum status pouch_create(struct pouch_writer **out, const struct system *system, const char *path,
                         struct slice register_name, struct error *error)
{
    struct pouch_writer *w = calloc(1, sizeof *w);
    if (w == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    w->system = system;
    w->file = -1;
    enum status status = create(w, path, register_name, error);
    if (status == STATUS_DONE)
        *out = w;
    else
        pouch_writer_close(&w);
    return status;
}

enum status pouch_put(struct pouch_writer *w, const struct pouch_section *section, struct error *error)
{
    if (section->bytes.size > kinds[section->kind].most)
        return error_set(error, STATUS_USAGE, "pouch-section", "A pouch takes no \"{0}\" of {1} bytes.",
                         kinds[section->kind].name, error_number((int64_t)section->bytes.size).text, NULL);
    buffer_print(&w->plain, "%s %zu", kinds[section->kind].name, section->bytes.size);
    if (section->kind == POUCH_ENTRIES) buffer_print(&w->plain, " %" PRIu64, section->number);
    buffer_put_byte(&w->plain, '\n');
    buffer_put(&w->plain, section->bytes);
    buffer_put_byte(&w->plain, '\n');
    w->sections++;
    return w->plain.size < PIECE_BYTES ? buffer_finish(&w->plain, error) : flush(w, ZSTD_e_continue, error);
}

static enum status sync_and_name(struct pouch_writer *w, struct error *error)
{
    const struct system *s = w->system;
    if (s->sync(s->context, w->file) != 0) return error_system(error, "sync", w->beside, errno);
    s->close(s->context, w->file);
    w->file = -1;
    return file_take_place(s, w->beside, w->path, NULL, error);
}

enum status pouch_finish(struct pouch_writer *w, struct error *error)
{
    buffer_print(&w->plain, "end %" PRIu64 "\n", w->sections);
    TRY(flush(w, ZSTD_e_end, error));
    return sync_and_name(w, error);
}

/* ---- reading */

struct pouch_reader {
    const struct system *system;
    char path[PATH_SIZE], register_name[LINE_MOST];
    int file;
    off_t at;
    uint64_t sections;
    ZSTD_DCtx *unpacker;
    bool whole; /* the frame has ended */
    uint8_t packed[PIECE_BYTES];
    ZSTD_inBuffer in;
    struct buffer plain;
    size_t used;     /* of plain */
    uint64_t before; /* bytes of the unpacked text before plain */
    bool ended;
};

void pouch_reader_close(struct pouch_reader **reader)
{
    struct pouch_reader *r = *reader;
    if (r == NULL) return;
    if (r->file >= 0) r->system->close(r->system->context, r->file);
    ZSTD_freeDCtx(r->unpacker);
    buffer_clear(&r->plain);
    free(r);
    *reader = NULL;
}

static enum status bad(const struct pouch_reader *r, const char *sentence, struct error *error)
{
    (void)error_at(error, error_set(error, STATUS_REFUSED, "pouch-form", sentence, NULL), r->path);
    return error_at_offset(error, STATUS_REFUSED, (int64_t)(r->before + r->used));
}

/* Unpacks some more, if there is more; *any tells. */
static enum status unpack(struct pouch_reader *r, bool *any, struct error *error)
{
    *any = false;
    if (r->in.pos == r->in.size) {
        ssize_t size = file_read_at(r->system, r->file, r->packed, sizeof r->packed, r->at);
        if (size < 0) return error_system(error, "read", r->path, errno);
        r->at += size;
        r->in = (ZSTD_inBuffer){r->packed, (size_t)size, 0};
        if (size == 0) return STATUS_DONE;
    }
    if (r->whole) return bad(r, "Something follows the pouch in its file.", error);
    uint8_t *room = buffer_reserve(&r->plain, PIECE_BYTES);
    if (room == NULL) return buffer_finish(&r->plain, error);
    ZSTD_outBuffer out = {room, PIECE_BYTES, 0};
    size_t left = ZSTD_decompressStream(r->unpacker, &out, &r->in);
    if (ZSTD_isError(left)) return bad(r, "The file is no pouch, or was damaged on its way.", error);
    buffer_advance(&r->plain, out.pos);
    r->whole = left == 0;
    *any = true;
    return STATUS_DONE;
}

static struct slice unread(const struct pouch_reader *r)
{
    return slice_part(buffer_slice(&r->plain), r->used, SIZE_MAX);
}

/* At least `size` unread bytes, if the pouch has them. */
static enum status want(struct pouch_reader *r, size_t size, struct error *error)
{
    bool any = true;
    if (unread(r).size < size && r->used > 0) {
        memmove(r->plain.data, r->plain.data + r->used, r->plain.size - r->used);
        r->plain.size -= r->used;
        r->before += r->used;
        r->used = 0;
    }
    while (any && unread(r).size < size) TRY(unpack(r, &any, error));
    return STATUS_DONE;
}

/* A line without its newline; it lives until more is wanted. */
static enum status take_line(struct pouch_reader *r, struct slice *line, struct error *error)
{
    TRY(want(r, LINE_MOST, error));
    struct slice rest = slice_part(unread(r), 0, LINE_MOST);
    const uint8_t *end = rest.size == 0 ? NULL : memchr(rest.data, '\n', rest.size);
    if (end == NULL) return bad(r, "The pouch breaks off, or is not written as a pouch is.", error);
    *line = slice_part(rest, 0, (size_t)(end - rest.data));
    r->used += line->size + 1;
    return STATUS_DONE;
}

static bool take_number(struct slice *line, uint64_t *out)
{
    size_t size = 0;
    *out = 0;
    while (size < line->size && line->data[size] >= '0' && line->data[size] <= '9' && size < 18)
        *out = *out * 10 + (uint64_t)(line->data[size++] - '0');
    bool good = size > 0 && (size == 1 || line->data[0] != '0');
    *line = slice_part(*line, size, SIZE_MAX);
    return good;
}

static bool take_blank(struct slice *line)
{
    bool good = line->size > 0 && line->data[0] == ' ';
    *line = slice_part(*line, 1, SIZE_MAX);
    return good;
}

static enum status open_reader(struct pouch_reader *r, const char *path, struct error *error)
{
    struct slice line;
    snprintf(r->path, sizeof r->path, "%s", path);
    r->unpacker = ZSTD_createDCtx();
    if (r->unpacker == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(r->unpacker, ZSTD_d_windowLogMax, WINDOW_LOG_MOST)))
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    r->file = r->system->open(r->system->context, path, O_RDONLY, 0);
    if (r->file < 0) return error_system(error, "open", path, errno);
    TRY(take_line(r, &line, error));
    if (line.size + 1 != sizeof first_line - 1 || memcmp(line.data, first_line, line.size) != 0)
        return bad(r, "The file is no pouch, or one of another version.", error);
    TRY(take_line(r, &line, error));
    if (!slice_starts(line, "register ") || line.size == 9)
        return bad(r, "The pouch breaks off, or is not written as a pouch is.", error);
    snprintf(r->register_name, sizeof r->register_name, "%.*s", SLICE(slice_part(line, 9, SIZE_MAX)));
    return STATUS_DONE;
}

enum status pouch_open_file(struct pouch_reader **out, const struct system *system, const char *path,
                            struct error *error)
{
    struct pouch_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    r->system = system;
    r->file = -1;
    enum status status = open_reader(r, path, error);
    if (status == STATUS_DONE)
        *out = r;
    else
        pouch_reader_close(&r);
    return status;
}

struct slice pouch_register(const struct pouch_reader *reader)
{
    return slice_from(reader->register_name);
}

/* The whole pouch was read: it says so, and nothing follows. */
static enum status take_end(struct pouch_reader *r, struct slice line, struct error *error)
{
    uint64_t sections;
    if (!take_number(&line, &sections) || line.size > 0 || sections != r->sections)
        return bad(r, "The pouch breaks off, or is not written as a pouch is.", error);
    TRY(want(r, 1, error));
    if (unread(r).size > 0 || !r->whole) return bad(r, "Something follows the pouch in its file.", error);
    r->ended = true;
    return STATUS_DONE;
}

static enum status take_section(struct pouch_reader *r, struct slice line, struct pouch_section *out,
                                struct error *error)
{
    static const char broken[] = "The pouch breaks off, or is not written as a pouch is.";
    uint64_t size;
    int kind = 0;
    while (kind < POUCH_KINDS && !(slice_starts(line, kinds[kind].name) && line.size > strlen(kinds[kind].name) &&
                                   line.data[strlen(kinds[kind].name)] == ' '))
        kind++;
    if (kind == POUCH_KINDS) return bad(r, "The pouch holds something that this program does not know.", error);
    *out = (struct pouch_section){.kind = (enum pouch_kind)kind};
    line = slice_part(line, strlen(kinds[kind].name) + 1, SIZE_MAX);
    bool good = take_number(&line, &size);
    if (kind == POUCH_ENTRIES) good = good && take_blank(&line) && take_number(&line, &out->number);
    if (!good || line.size > 0) return bad(r, broken, error);
    if (size > kinds[kind].most) return bad(r, "Something in the pouch is larger than it may be.", error);
    TRY(want(r, size + 1, error));
    struct slice rest = unread(r);
    if (rest.size < size + 1 || rest.data[size] != '\n') return bad(r, broken, error);
    out->bytes = slice_part(rest, 0, size);
    r->used += size + 1;
    r->sections++;
    return STATUS_DONE;
}

enum status pouch_next(struct pouch_reader *r, struct pouch_section *out, bool *more, struct error *error)
{
    struct slice line;
    *more = !r->ended;
    if (r->ended) return STATUS_DONE;
    TRY(take_line(r, &line, error));
    if (slice_starts(line, "end ")) {
        *more = false;
        return take_end(r, slice_part(line, 4, SIZE_MAX), error);
    }
    return take_section(r, line, out, error);
}
