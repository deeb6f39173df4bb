#include "log/lines.h"

struct slice lines_take(struct lines *lines)
{
    struct slice rest = slice_part(lines->text, lines->at, SIZE_MAX);
    const uint8_t *end = rest.size == 0 ? NULL : memchr(rest.data, '\n', rest.size);
    if (lines->failed || end == NULL) {
        if (!lines->failed) lines->last = lines->at;
        lines->failed = true;
        return (struct slice){NULL, 0};
    }
    size_t size = (size_t)(end - rest.data);
    lines->last = lines->at;
    lines->at += size + 1;
    return slice_part(rest, 0, size);
}

struct slice lines_field(struct lines *lines, const char *name)
{
    struct slice line = lines_take(lines);
    size_t size = strlen(name);
    if (lines->failed || line.size < size + 1 || !slice_starts(line, name) || line.data[size] != ' ') {
        lines->failed = true;
        return (struct slice){NULL, 0};
    }
    return slice_part(line, size + 1, SIZE_MAX);
}

uint64_t lines_number(struct lines *lines, struct slice digits)
{
    uint64_t number = 0;
    bool good = digits.size > 0 && (digits.size == 1 || digits.data[0] != '0');
    for (size_t i = 0; good && i < digits.size; i++) {
        good = digits.data[i] >= '0' && digits.data[i] <= '9' && number <= (uint64_t)INT64_MAX / 10;
        if (good) number = number * 10 + (uint64_t)(digits.data[i] - '0');
        good = good && number <= INT64_MAX;
    }
    if (good) return number;
    lines->failed = true;
    return 0;
}

struct hash lines_hash(struct lines *lines, struct slice base64)
{
    struct hash hash;
    size_t size;
    if (base64_parse(hash.bytes, HASH_BYTES, &size, base64) && size == HASH_BYTES) return hash;
    lines->failed = true;
    return (struct hash){{0}};
}

enum status lines_end(struct lines *lines, const char *code, const char *sentence, struct error *error)
{
    if (!lines->failed && lines->at == lines->text.size) return STATUS_DONE;
    size_t where = lines->failed ? lines->last : lines->at;
    return error_at_offset(error, error_set(error, STATUS_REFUSED, code, sentence, NULL), (int64_t)where);
}
