/* replay CORPUS: a fuzz target without its fuzzer. Every file of the corpus goes in as it is, then a few thousand
 * changed ones: always the same, so that a failure is found again. The file at hand is named when the target aborts. */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES = 64 * 1024, FILES = 256, CHANGES = 4000 };

static struct {
    char *name;
    uint8_t *data;
    size_t size;
} seeds[FILES];
static char at_hand[512];

static void name_it(int signal_number)
{
    if (write(2, at_hand, strlen(at_hand)) < 0) _exit(2);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static uint64_t state = 0x9e3779b97f4a7c15;
static uint64_t draw(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

/* A fresh copy of exactly its size, so that a sanitizer sees every byte read beyond. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) abort();
    if (size > 0) memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void load(const char *folder, const char *name, size_t at)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    seeds[at].name = strdup(name);
    seeds[at].data = malloc(FILE_BYTES);
    if (file == NULL || seeds[at].name == NULL || seeds[at].data == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    seeds[at].size = fread(seeds[at].data, 1, FILE_BYTES, file);
    fclose(file);
}

static int keep(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t load_all(const char *folder)
{
    struct dirent **names;
    int count = scandir(folder, &names, keep, alphasort);
    for (int i = 0; i < count; i++) {
        if (i < FILES) load(folder, names[i]->d_name, (size_t)i);
        free(names[i]);
    }
    if (count >= 0) free(names);
    return count < 0 ? 0 : count < FILES ? (size_t)count : FILES;
}

/* Bytes that parsers and UTF-8 decoders care for. */
static const uint8_t telling[] =
    "\n\r\t \"\\/{}[]:,;+-=.0123456789abeEftunT~\x7F\x80\xBF\xC0\xC2\xCC\xD8\xE0\xE2\xED\xF0\xF4\xFF";

/* One to four small wounds: a byte changed or put in, a piece cut out, doubled, or taken from another file. */
static size_t change(uint8_t *out, size_t size, size_t files)
{
    for (uint64_t wounds = 1 + draw(4); wounds > 0; wounds--) {
        size_t at = (size_t)draw(size + 1), piece = (size_t)draw(1 + (size - at < 64 ? size - at : 64));
        size_t other = (size_t)draw(files);
        switch (draw(6)) {
        case 0:
            if (at < size) out[at] = (uint8_t)draw(256);
            break;
        case 1:
            if (at < size) out[at] ^= (uint8_t)(1U << draw(8));
            break;
        case 2:
            memmove(out + at, out + at + piece, size - at - piece);
            size -= piece;
            break;
        case 3:
            if (size == FILE_BYTES) break;
            memmove(out + at + 1, out + at, size - at);
            out[at] = telling[draw(sizeof telling - 1)];
            size++;
            break;
        case 4:
            if (size + piece > FILE_BYTES) break;
            memmove(out + at + piece, out + at, size - at);
            size += piece;
            break;
        default:
            if (piece > seeds[other].size || size + piece > FILE_BYTES) break;
            memmove(out + at + piece, out + at, size - at);
            memcpy(out + at, seeds[other].data + draw(seeds[other].size - piece + 1), piece);
            size += piece;
        }
    }
    return size;
}

int main(int count, char **arguments)
{
    static uint8_t changed[FILE_BYTES];
    size_t files = count == 2 ? load_all(arguments[1]) : 0;
    if (files == 0) {
        fprintf(stderr, "replay CORPUS: no file to replay\n");
        return 1;
    }
    signal(SIGABRT, name_it);
    signal(SIGSEGV, name_it);
    for (size_t i = 0; i < files; i++) {
        snprintf(at_hand, sizeof at_hand, "while replaying %s\n", seeds[i].name);
        run(seeds[i].data, seeds[i].size);
    }
    for (size_t i = 0; i < CHANGES; i++) {
        snprintf(at_hand, sizeof at_hand, "while replaying change %zu of %s\n", i, seeds[i % files].name);
        memcpy(changed, seeds[i % files].data, seeds[i % files].size);
        run(changed, change(changed, seeds[i % files].size, files));
    }
    for (size_t i = 0; i < files; i++) {
        free(seeds[i].name);
        free(seeds[i].data);
    }
    printf("%zu files and %d changes replayed\n", files, CHANGES);
    return 0;
}
