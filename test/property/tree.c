/* Hashes and proofs against RFC 6962 written down as it stands, recursively: every leaf and size up to 300, consistency
 * between sizes up to 300, the known vectors, and changed proofs, which must not hold. */
#include "check.h"
#include "crash/disk.h"
#include "log/tree.h"

enum { MOST = 300 };
static struct hash leaves[MOST];
static uint64_t seed = 6962;

static uint64_t draw(uint64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

static uint64_t power_below(uint64_t n)
{
    uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

/* MTH(D[from:from+n]) */
static struct hash naive_root(uint64_t from, uint64_t n)
{
    if (n == 0) return hash_of((struct slice){NULL, 0});
    if (n == 1) return leaves[from];
    uint64_t k = power_below(n);
    struct hash left = naive_root(from, k), right = naive_root(from + k, n - k);
    uint8_t prefix = 1;
    struct slice parts[] = {slice_of(&prefix, 1), slice_of(left.bytes, HASH_BYTES), slice_of(right.bytes, HASH_BYTES)};
    return hash_of_parts(parts, COUNT_OF(parts));
}

/* PATH(m, D[from:from+n]) */
static void naive_path(uint64_t m, uint64_t from, uint64_t n, struct log_proof *out)
{
    if (n == 1) return;
    uint64_t k = power_below(n);
    if (m < k)
        naive_path(m, from, k, out);
    else
        naive_path(m - k, from + k, n - k, out);
    out->hash[out->count++] = m < k ? naive_root(from + k, n - k) : naive_root(from, k);
}

/* SUBPROOF(m, D[from:from+n], whole) */
static void naive_subproof(uint64_t m, uint64_t from, uint64_t n, bool whole, struct log_proof *out)
{
    if (m == n) {
        if (!whole) out->hash[out->count++] = naive_root(from, n);
        return;
    }
    uint64_t k = power_below(n);
    if (m <= k)
        naive_subproof(m, from, k, whole, out);
    else
        naive_subproof(m - k, from + k, n - k, false, out);
    out->hash[out->count++] = m <= k ? naive_root(from + k, n - k) : naive_root(from, k);
}

static bool proofs_equal(const struct log_proof *a, const struct log_proof *b)
{
    return a->count == b->count && memcmp(a->hash, b->hash, a->count * sizeof a->hash[0]) == 0;
}

static void hex_equal(const struct hash *hash, const char *wanted)
{
    char text[HASH_HEX_SIZE];
    hash_format(hash, text);
    CHECK_STRING(text, wanted);
}

static void known_vectors(void)
{
    /* the seven leaves of Certificate Transparency's reference tests, and the roots of the first n */
    static const char *const data[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct tree_edge edge = {.size = 0};
    struct hash root = tree_edge_root(&edge);
    hex_equal(&root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (size_t i = 0; i < COUNT_OF(data); i++) {
        uint8_t bytes[16];
        size_t size = strlen(data[i]) / 2;
        CHECK(hex_parse(bytes, size, slice_from(data[i])));
        struct hash leaf = tree_leaf(slice_of(bytes, size));
        tree_edge_add(&edge, &leaf);
        root = tree_edge_root(&edge);
        hex_equal(&root, roots[i]);
    }
}

static void every_leaf_and_size(void)
{
    struct disk *disk = disk_open(1);
    struct system system = disk_system(disk);
    struct signer key;
    struct log *log;
    struct error error;
    static const uint8_t bytes[SEED_BYTES] = {3};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), bytes, &error) == STATUS_DONE);
    CHECK(log_create(&system, "/log", &error) == STATUS_DONE);
    CHECK(log_open(&log, &system, "/log", LOG_WRITE, &key, &error) == STATUS_DONE);
    for (uint64_t n = 1; n <= MOST; n++) {
        uint64_t first;
        struct slice entry = slice_of(&n, sizeof n);
        leaves[n - 1] = tree_leaf(entry);
        CHECK(log_append(log, &entry, 1, &first, &error) == STATUS_DONE);
        if (n % 70 == 0) CHECK(log_publish(log, &error) == STATUS_DONE); /* tiles and memory answer alike */
        struct hash root, wanted = naive_root(0, n);
        CHECK(log_root(log, n, &root, &error) == STATUS_DONE && hash_equal(&root, &wanted));
        for (uint64_t i = 0; i < n; i++) {
            struct log_proof proof, naive = {.count = 0};
            bool good = log_prove_inclusion(log, i, n, &proof, &error) == STATUS_DONE;
            if (i == n - 1 || draw(8) == 0) {
                naive_path(i, 0, n, &naive);
                CHECK(good && proofs_equal(&proof, &naive));
            }
            CHECK(good && tree_verify_inclusion(&leaves[i], i, n, &proof, &root));
        }
    }
    for (uint64_t to = 1; to <= MOST; to++) {
        struct hash to_root, from_root;
        CHECK(log_root(log, to, &to_root, &error) == STATUS_DONE);
        for (uint64_t from = 0; from <= to; from += 1 + draw(5)) {
            struct log_proof proof, naive = {.count = 0};
            CHECK(log_root(log, from, &from_root, &error) == STATUS_DONE);
            CHECK(log_prove_consistency(log, from, to, &proof, &error) == STATUS_DONE);
            if (from > 0) naive_subproof(from, 0, to, true, &naive);
            CHECK(proofs_equal(&proof, &naive));
            CHECK(tree_verify_consistency(from, &from_root, to, &to_root, &proof));
        }
    }
    log_close(&log);
    disk_close(&disk);
}

/* A proof changed anywhere, or for another place, does not hold. */
static void changed_proofs_do_not_hold(void)
{
    for (int round = 0; round < 3000; round++) {
        uint64_t n = 2 + draw(MOST - 1), i = draw(n), from = 1 + draw(n - 1);
        struct hash root = naive_root(0, n), old = naive_root(0, from);
        struct log_proof path = {.count = 0}, growth = {.count = 0};
        naive_path(i, 0, n, &path);
        naive_subproof(from, 0, n, true, &growth);
        CHECK(tree_verify_inclusion(&leaves[i], i, n, &path, &root));
        CHECK(tree_verify_consistency(from, &old, n, &root, &growth));
        CHECK(!tree_verify_inclusion(&leaves[(i + 1) % n], i, n, &path, &root));
        CHECK(!tree_verify_inclusion(&leaves[i], n, n, &path, &root));
        CHECK(!tree_verify_consistency(n + 1, &old, n, &root, &growth));
        path.hash[draw(path.count)].bytes[draw(HASH_BYTES)] ^= (uint8_t)(1U << draw(8));
        growth.hash[draw(growth.count)].bytes[draw(HASH_BYTES)] ^= (uint8_t)(1U << draw(8));
        CHECK(!tree_verify_inclusion(&leaves[i], i, n, &path, &root));
        CHECK(!tree_verify_consistency(from, &old, n, &root, &growth));
        path.count--;
        growth.count--;
        CHECK(!tree_verify_inclusion(&leaves[i], i, n, &path, &root));
        CHECK(!tree_verify_consistency(from, &old, n, &root, &growth));
    }
    struct log_proof none = {.count = 0};
    struct hash empty = tree_empty();
    CHECK(tree_verify_consistency(0, &empty, 5, &leaves[0], &none));
    CHECK(!tree_verify_consistency(0, &leaves[0], 5, &leaves[0], &none));
    CHECK(!tree_verify_consistency(3, &leaves[0], 3, &leaves[1], &none));
    printf("seed 6962\n");
}

TESTS(known_vectors, every_leaf_and_size, changed_proofs_do_not_hold)
