#include "api/now.h"

#include "api/internal.h"
#include <stdio.h>

enum { ABOUT_ARENA_BYTES = 1024 * 1024 };

static enum truce_status ask(struct truce_register *reader, struct now *out, struct truce_error *error)
{
    struct truce_buffer answer = {0};
    struct arena arena;
    const struct json *about;
    struct error why;
    enum truce_status status = truce_about(reader, &answer, error);
    if (status != TRUCE_DONE) return status;
    arena_init(&arena, ABOUT_ARENA_BYTES);
    status = (enum truce_status)json_read(&about, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, &why);
    if (status == TRUCE_DONE) {
        *out = (struct now){.size = (uint64_t)json_find_integer(about, "size", 0),
                            .published = (uint64_t)json_find_integer(about, "published", 0),
                            .exercise = json_find_bool(about, "exercise")};
        snprintf(out->root, sizeof out->root, "%.*s", SLICE(json_find_string(about, "root")));
        snprintf(out->register_name, sizeof out->register_name, "%.*s", SLICE(json_find_string(about, "register")));
    } else {
        words_error(error, &why);
    }
    arena_clear(&arena);
    truce_free(&answer);
    return status;
}

enum truce_status api_now(struct api *api, struct truce_register *reader, struct now *out, struct truce_error *error)
{
    uint64_t size = atomic_load(&api->grown_to);
    pthread_mutex_lock(&api->now_lock);
    struct now now = api->now;
    pthread_mutex_unlock(&api->now_lock);
    if (now.root[0] == '\0' || now.size < size) {
        enum truce_status status = ask(reader, &now, error);
        if (status != TRUCE_DONE) return status;
        pthread_mutex_lock(&api->now_lock);
        if (now.size >= api->now.size) api->now = now;
        pthread_mutex_unlock(&api->now_lock);
    }
    *out = now;
    return TRUCE_DONE;
}
