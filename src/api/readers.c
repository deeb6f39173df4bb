#include "api/readers.h"

#include "tell/words.h"

void readers_open(struct readers *readers, struct truce_register *writer)
{
    *readers = (struct readers){.writer = writer};
    pthread_mutex_init(&readers->mutex, NULL);
    pthread_cond_init(&readers->given, NULL);
}

void readers_close(struct readers *readers)
{
    while (readers->idle_count > 0) (void)truce_close(&readers->idle[--readers->idle_count], NULL);
    pthread_cond_destroy(&readers->given);
    pthread_mutex_destroy(&readers->mutex);
}

static enum truce_status busy(struct truce_error *error)
{
    struct error why;
    (void)!error_set(&why, STATUS_FAILED, "serve-busy", "Too many ask at once; try again in a moment.", NULL);
    words_error(error, &why);
    return TRUCE_FAILED;
}

enum truce_status readers_take(struct readers *readers, struct truce_register **out, struct truce_error *error)
{
    struct truce_register *reader = NULL;
    pthread_mutex_lock(&readers->mutex);
    if (readers->waiting == READERS_WAITING) {
        pthread_mutex_unlock(&readers->mutex);
        return busy(error);
    }
    readers->waiting++;
    while (readers->idle_count == 0 && readers->open == READERS_MOST)
        pthread_cond_wait(&readers->given, &readers->mutex);
    readers->waiting--;
    if (readers->idle_count > 0)
        reader = readers->idle[--readers->idle_count];
    else
        readers->open++;
    pthread_mutex_unlock(&readers->mutex);
    enum truce_status status = reader != NULL ? TRUCE_DONE : truce_beside(&reader, readers->writer, error);
    if (status == TRUCE_DONE)
        *out = reader;
    else
        readers_give(readers, NULL);
    return status;
}

void readers_give(struct readers *readers, struct truce_register *reader)
{
    pthread_mutex_lock(&readers->mutex);
    if (reader != NULL)
        readers->idle[readers->idle_count++] = reader;
    else
        readers->open--; /* it could not be opened */
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->mutex);
}
