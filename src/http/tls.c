/* Certificates: read from two PEM files, given to each handshake, and read again when the files change. A handshake
 * keeps what it was given to its end, which the time limit on heads sets; so what was replaced stays for long enough.
 */
#include "http/server.h"

#include "system/clock.h"
#include "system/system.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PEM_BYTES = 1024 * 1024, CHAIN_MOST = 16, KEEP_S = 600 };

static const char priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:+AES-256-GCM:"
    "+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

struct credentials {
    gnutls_x509_crt_t certificate[CHAIN_MOST]; /* the server's own first */
    gnutls_pcert_st chain[CHAIN_MOST];
    unsigned certificates, chained;
    gnutls_privkey_t key;
    int64_t replaced_ns;
    struct credentials *older;
};

/* By which a file is known to be the one that was read. */
struct stamp {
    struct timespec changed;
    off_t size;
    ino_t inode;
};

struct tls {
    char *certificate, *key; /* paths */
    struct stamp seen[2];
    pthread_mutex_t lock;
    struct credentials *now; /* and those replaced lately behind it */
};

static _Thread_local struct tls *of_thread;

void tls_enter(struct tls *tls)
{
    of_thread = tls;
}

/* ---- reading */

static void credentials_free(struct credentials *credentials)
{
    if (credentials == NULL) return;
    for (unsigned i = 0; i < credentials->chained; i++) gnutls_pcert_deinit(&credentials->chain[i]);
    for (unsigned i = 0; i < credentials->certificates; i++) gnutls_x509_crt_deinit(credentials->certificate[i]);
    if (credentials->key != NULL) gnutls_privkey_deinit(credentials->key);
    free(credentials);
}

static bool read_chain(struct credentials *out, struct slice pem)
{
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)pem.data, (unsigned)pem.size};
    unsigned count = CHAIN_MOST;
    if (gnutls_x509_crt_list_import(out->certificate, &count, &data, GNUTLS_X509_FMT_PEM,
                                    GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED) < 1)
        return false;
    out->certificates = count;
    for (unsigned i = 0; i < count; i++, out->chained++)
        if (gnutls_pcert_import_x509(&out->chain[i], out->certificate[i], 0) < 0) return false;
    return true;
}

static bool read_key(struct credentials *out, struct slice pem)
{
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)pem.data, (unsigned)pem.size};
    return gnutls_privkey_init(&out->key) >= 0 &&
           gnutls_privkey_import_x509_raw(out->key, &data, GNUTLS_X509_FMT_PEM, NULL, 0) >= 0;
}

/* Is the key that of the certificate? */
static bool belong_together(const struct credentials *credentials)
{
    uint8_t of_certificate[64], of_key[64];
    size_t size = sizeof of_certificate, key_size = sizeof of_key;
    gnutls_pubkey_t public_key;
    if (gnutls_pubkey_init(&public_key) < 0) return false;
    bool same =
        gnutls_pubkey_import_privkey(public_key, credentials->key, 0, 0) >= 0 &&
        gnutls_pubkey_get_key_id(public_key, GNUTLS_KEYID_USE_SHA256, of_key, &key_size) >= 0 &&
        gnutls_x509_crt_get_key_id(credentials->certificate[0], GNUTLS_KEYID_USE_SHA256, of_certificate, &size) >= 0 &&
        size == key_size && memcmp(of_certificate, of_key, size) == 0;
    gnutls_pubkey_deinit(public_key);
    return same;
}

static void wipe(struct buffer *secret)
{
    if (secret->data != NULL) explicit_bzero(secret->data, secret->capacity);
    buffer_clear(secret);
}

static enum status credentials_read(struct credentials **out, const struct tls *tls, struct error *error)
{
    OWN(buffer_clear) struct buffer certificate = {0};
    OWN(wipe) struct buffer key = {0};
    TRY(file_read_all(&system_real, tls->certificate, PEM_BYTES, &certificate, error));
    TRY(file_read_all(&system_real, tls->key, PEM_BYTES, &key, error));
    struct credentials *credentials = calloc(1, sizeof *credentials);
    if (credentials == NULL) return error_system(error, "start", "GnuTLS", ENOMEM);
    if (read_chain(credentials, buffer_slice(&certificate)) && read_key(credentials, buffer_slice(&key)) &&
        belong_together(credentials)) {
        *out = credentials;
        return STATUS_DONE;
    }
    credentials_free(credentials);
    return error_set(error, STATUS_FAILED, "http-certificate",
                     "The certificate and its key are not usable: both are PEM files, and they belong together.", NULL);
}

static void look_at(const struct tls *tls, struct stamp out[2])
{
    const char *const paths[] = {tls->certificate, tls->key};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct stat about;
        memset(&out[i], 0, sizeof out[i]); /* all of it: stamps are compared as bytes */
        if (stat(paths[i], &about) != 0) continue;
        out[i].changed = about.st_mtim;
        out[i].size = about.st_size;
        out[i].inode = about.st_ino;
    }
}

/* ---- in force */

static void put_in_force(struct tls *tls, struct credentials *credentials)
{
    int64_t now_ns = clock_steady_ns();
    pthread_mutex_lock(&tls->lock);
    if (tls->now != NULL) tls->now->replaced_ns = now_ns;
    credentials->older = tls->now;
    tls->now = credentials;
    pthread_mutex_unlock(&tls->lock);
}

/* What no handshake can have any more. */
static void drop_old(struct tls *tls)
{
    int64_t now_ns = clock_steady_ns();
    struct credentials *gone = NULL;
    pthread_mutex_lock(&tls->lock);
    for (struct credentials **at = &tls->now->older; *at != NULL; at = &(*at)->older)
        if (now_ns - (*at)->replaced_ns > KEEP_S * INT64_C(1000000000)) {
            gone = *at; /* and with it all that are older still */
            *at = NULL;
            break;
        }
    pthread_mutex_unlock(&tls->lock);
    while (gone != NULL) {
        struct credentials *older = gone->older;
        credentials_free(gone);
        gone = older;
    }
}

static enum status renew(struct tls *tls, bool anyhow, struct error *error)
{
    struct stamp stamps[2];
    struct credentials *credentials;
    drop_old(tls);
    look_at(tls, stamps);
    if (!anyhow && memcmp(stamps, tls->seen, sizeof stamps) == 0) return STATUS_DONE;
    memcpy(tls->seen, stamps, sizeof stamps); /* a fault is told once for each change */
    TRY(credentials_read(&credentials, tls, error));
    put_in_force(tls, credentials);
    return STATUS_DONE;
}

enum status http_renew(struct http_server *server, bool anyhow, struct error *error)
{
    return server->tls == NULL ? STATUS_DONE : renew(server->tls, anyhow, error);
}

bool http_certifies(const struct http_server *server, const char *name)
{
    struct tls *tls = server->tls;
    if (tls == NULL) return false;
    pthread_mutex_lock(&tls->lock);
    bool proves = gnutls_x509_crt_check_hostname(tls->now->certificate[0], name) != 0;
    pthread_mutex_unlock(&tls->lock);
    return proves;
}

/* In a loop's thread, once for each handshake. */
static int give(gnutls_session_t session, const gnutls_datum_t *authorities, int authority_count,
                const gnutls_pk_algorithm_t *algorithms, int algorithm_count, gnutls_pcert_st **chain, unsigned *count,
                gnutls_privkey_t *key)
{
    struct tls *tls = of_thread;
    (void)session;
    (void)authorities;
    (void)authority_count;
    (void)algorithms;
    (void)algorithm_count;
    if (tls == NULL) return -1;
    pthread_mutex_lock(&tls->lock);
    *chain = tls->now->chain;
    *count = tls->now->chained;
    *key = tls->now->key;
    pthread_mutex_unlock(&tls->lock);
    return 0;
}

void tls_options(struct MHD_OptionItem out[3])
{
    out[0] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)give};
    out[1] = (struct MHD_OptionItem){MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)priorities};
    out[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

/* ---- from the start to the end */

enum status tls_open(struct tls **out, const char *certificate, const char *key, struct error *error)
{
    struct tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) return error_system(error, "start", "GnuTLS", ENOMEM);
    pthread_mutex_init(&tls->lock, NULL);
    tls->certificate = strdup(certificate);
    tls->key = strdup(key);
    struct credentials *first;
    enum status status =
        tls->certificate == NULL || tls->key == NULL ? error_system(error, "start", "GnuTLS", ENOMEM) : STATUS_DONE;
    if (status == STATUS_DONE) {
        look_at(tls, tls->seen);
        status = credentials_read(&first, tls, error);
    }
    if (status == STATUS_DONE) {
        put_in_force(tls, first);
        *out = tls;
    } else {
        tls_close(&tls);
    }
    return status;
}

void tls_close(struct tls **out)
{
    struct tls *tls = *out;
    *out = NULL;
    if (tls == NULL) return;
    for (struct credentials *one = tls->now, *older; one != NULL; one = older) {
        older = one->older;
        credentials_free(one);
    }
    pthread_mutex_destroy(&tls->lock);
    free(tls->certificate);
    free(tls->key);
    free(tls);
}
