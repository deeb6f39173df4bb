/* The client's side of a session: a session key with its letter in one secret file,
 *
 *     TRUCE+SESSION+KEY
 *     PRIVATE+KEY+…          as a key file has it, never under a passphrase: it is there to be used unattended
 *     ORIGIN/session-key/v1  the letter, a signed note
 *     …
 *
 * and the answer to a server's challenge. */
#include "register/register.h"
#include "register/session.h"

static enum status put_file(struct buffer *out, const struct signer *session, const struct signer *signing,
                            const struct truce_letter *asked, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct letter letter, read;
    letter = (struct letter){.register_name = slice_from(asked->register_name),
                             .party = slice_from(signing->verifier.name),
                             .key = session->verifier,
                             .from = asked->from,
                             .until = asked->until};
    letter_format(&text, &letter);
    TRY(buffer_finish(&text, error));
    TRY(letter_parse(&read, buffer_slice(&text), error)); /* what no server would take is not signed */
    buffer_put_string(out, SESSION_FILE_HEAD);
    TRY(signer_format(session, slice_from(""), out, error));
    return note_sign(out, buffer_slice(&text), signing, error);
}

static enum status session_new(const struct signer *signing, const struct truce_letter *letter, const char *path,
                               struct truce_buffer *verifier, struct error *error)
{
    OWN(signer_clear) struct signer session = {0};
    OWN(secret_wipe) struct buffer file = {0};
    OWN(buffer_clear) struct buffer told = {0};
    char text[VERIFIER_TEXT_SIZE];
    TRY(signer_random(&session, slice_from(signing->verifier.name), error));
    TRY(put_file(&file, &session, signing, letter, error));
    TRY(file_create(&system_real, path, buffer_slice(&file), 0600, error));
    verifier_format(&session.verifier, text);
    buffer_put_string(&told, text);
    return public_buffer(verifier, &told, error);
}

enum truce_status truce_session_new(const struct truce_key *signing, const struct truce_letter *letter,
                                    const char *path, struct truce_buffer *verifier, struct truce_error *error)
{
    struct error why;
    return public_status(session_new(&signing->signer, letter, path, verifier, &why), &why, error);
}

/* ---- answering */

struct session_file {
    struct buffer bytes;
    struct signer signer;
    struct slice letter_note;
    struct letter letter;
};

static void session_file_clear(struct session_file *file)
{
    secret_wipe(&file->bytes);
    signer_clear(&file->signer);
}

static enum status not_a_session(struct error *error, const char *path)
{
    return error_at(error,
                    error_set(error, STATUS_FAILED, "session-file",
                              "{0} holds no session key with its letter. Make one: truce session new.", path, NULL),
                    path);
}

static enum status session_file_read(struct session_file *out, const char *path, struct error *error)
{
    struct note note;
    TRY(crypto_start(error));
    TRY(secret_file_read(&system_real, path, &out->bytes, error));
    struct slice rest = buffer_slice(&out->bytes);
    if (!slice_starts(rest, SESSION_FILE_HEAD)) return not_a_session(error, path);
    rest = slice_part(rest, sizeof SESSION_FILE_HEAD - 1, rest.size);
    const uint8_t *end = rest.size == 0 ? NULL : memchr(rest.data, '\n', rest.size);
    size_t size = end == NULL ? rest.size : (size_t)(end - rest.data) + 1;
    if (signer_parse(&out->signer, slice_part(rest, 0, size), slice_from(""), NULL) != STATUS_DONE)
        return not_a_session(error, path);
    out->letter_note = slice_part(rest, size, rest.size);
    if (note_parse(&note, out->letter_note, NULL) != STATUS_DONE ||
        letter_parse(&out->letter, note.text, NULL) != STATUS_DONE || out->letter.key.id != out->signer.verifier.id)
        return not_a_session(error, path);
    return STATUS_DONE;
}

/* Whoever signs looks first at what: a challenge of another door would let its owner in there. */
static enum status check_asked(const struct session_file *file, const char *url, struct slice text, struct error *error)
{
    struct challenge challenge;
    char called[SESSION_HOST_SIZE];
    TRY(challenge_parse(&challenge, text, error));
    if (!slice_equal(challenge.register_name, file->letter.register_name))
        return error_set(error, STATUS_REFUSED, "session-register", "The letter is for another register than this.",
                         NULL);
    if (session_host(called, slice_from(url)) && slice_is(challenge.host, called)) return STATUS_DONE;
    return error_set(error, STATUS_REFUSED, "session-host",
                     "The challenge was given for {0}, and this server is called {1}: it was passed on.",
                     error_slice(challenge.host).text, url, NULL);
}

static enum status answer(const char *path, const char *url, struct slice challenge, struct truce_buffer *notes,
                          struct error *error)
{
    OWN(session_file_clear) struct session_file file = {.bytes = {0}};
    OWN(buffer_clear) struct buffer out = {0};
    TRY(session_file_read(&file, path, error));
    TRY(check_asked(&file, url, challenge, error));
    buffer_put(&out, file.letter_note);
    TRY(note_sign(&out, challenge, &file.signer, error));
    return public_buffer(notes, &out, error);
}

enum truce_status truce_session_answer(const char *path, const char *url, const char *challenge, size_t size,
                                       struct truce_buffer *notes, struct truce_error *error)
{
    struct error why = {.offset = -1};
    return public_status(answer(path, url, slice_of(challenge, size), notes, &why), &why, error);
}
