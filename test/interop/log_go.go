// log_go reads the files of a log with programs that are not ours: golang.org/x/mod/sumdb/note and sumdb/tlog.
//
//	log_go DIRECTORY VERIFIER-KEY
//
// It checks the checkpoint's signature, recomputes the root from every leaf in tile/entries, reads every hash through
// the hash tiles as sumdb does, and checks record and tree proofs, its own and those in DIRECTORY/../proofs.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fail(format string, args ...interface{}) { must(fmt.Errorf(format, args...)) }

// numbered is "x001/x234/067" of 1234067.
func numbered(n int64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

// tiles serves tlog's tiles (height 8) from C2SP's paths.
type tiles struct {
	dir   string
	reads int
}

func (t *tiles) Height() int                           { return 8 }
func (t *tiles) SaveTiles(tl []tlog.Tile, d [][]byte) {}
func (t *tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range list {
		path := filepath.Join(t.dir, "tile", strconv.Itoa(tile.L), numbered(tile.N))
		data, err := os.ReadFile(path)
		if err != nil && tile.W < 256 {
			data, err = os.ReadFile(path + ".p/" + strconv.Itoa(tile.W))
		}
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes for width %d", path, len(data), tile.W)
		}
		t.reads++
		out = append(out, data[:tile.W*tlog.HashSize])
	}
	return out, nil
}

// checkpoint opens a signed checkpoint of this key.
func checkpoint(data []byte, verifier note.Verifier) tlog.Tree {
	n, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("the checkpoint is not origin, size and root: %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	var tree tlog.Tree
	tree.N = size
	copy(tree.Hash[:], root)
	return tree
}

// leaves reads every entry from the bundles.
func leaves(dir string, size int64) []tlog.Hash {
	var out []tlog.Hash
	for n := int64(0); n*256 < size; n++ {
		path := filepath.Join(dir, "tile", "entries", numbered(n))
		width := size - n*256
		if width < 256 {
			path += ".p/" + strconv.FormatInt(width, 10)
		} else {
			width = 256
		}
		data, err := os.ReadFile(path)
		must(err)
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				fail("%s ends within entry %d", path, i)
			}
			length := int(binary.BigEndian.Uint16(data))
			out = append(out, tlog.RecordHash(data[2:2+length]))
			data = data[2+length:]
		}
		if len(data) != 0 {
			fail("%s has %d bytes too many", path, len(data))
		}
	}
	return out
}

// stored keeps the hashes that tlog computes from the leaves alone.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, s[i])
	}
	return out, nil
}

// ourProofs checks the tlog-proof files that truce wrote.
func ourProofs(dir string, verifier note.Verifier, leaf []tlog.Hash) int {
	paths, err := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	must(err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		must(err)
		cut := bytes.Index(data, []byte("\n\n"))
		lines := strings.Split(string(data[:cut]), "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
			fail("%s is not a tlog-proof", path)
		}
		index, err := strconv.ParseInt(lines[1][len("index "):], 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			raw, err := base64.StdEncoding.DecodeString(line)
			must(err)
			var hash tlog.Hash
			copy(hash[:], raw)
			proof = append(proof, hash)
		}
		tree := checkpoint(data[cut+2:], verifier)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[index]))
	}
	return len(paths)
}

func main() {
	dir := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	tree := checkpoint(data, verifier)
	leaf := leaves(dir, tree.N)

	var own stored
	for i, hash := range leaf {
		hashes, err := tlog.StoredHashesForRecordHash(int64(i), hash, own)
		must(err)
		own = append(own, hashes...)
	}
	root, err := tlog.TreeHash(tree.N, own)
	must(err)
	if tree.N > 0 && root != tree.Hash { // sumdb has no hash for the empty tree
		fail("the root of %d entries is %v, the checkpoint says %v", tree.N, root, tree.Hash)
	}
	if tree.N == 0 && tree.Hash.String() != "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" {
		fail("the empty tree's root is %v", tree.Hash)
	}

	t := &tiles{dir: dir}
	step := 1 + tree.N/50
	for i := int64(0); i < tree.N; i += step {
		reader := tlog.TileHashReader(tree, t)
		proof, err := tlog.ProveRecord(tree.N, i, reader)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, i, leaf[i]))
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		must(err)
		if hashes[0] != leaf[i] {
			fail("the tiles' hash of entry %d is not the bundle's", i)
		}
		old, err := tlog.TreeHash(i+1, own)
		must(err)
		growth, err := tlog.ProveTree(tree.N, i+1, reader)
		must(err)
		must(tlog.CheckTree(growth, tree.N, tree.Hash, i+1, old))
	}
	proofs := ourProofs(filepath.Join(filepath.Dir(dir), "proofs"), verifier, leaf)
	fmt.Printf("%d entries, %d tiles read, %d of our proofs hold\n", tree.N, t.reads, proofs)
}
