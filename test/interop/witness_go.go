// witness_go stands on the other side of our witness, and of our log, with programs that are not ours:
// golang.org/x/mod/sumdb/note and sumdb/tlog, and Go's crypto/ed25519.
//
//	witness_go key FILE             makes a log's key into FILE and prints its verifier key
//	witness_go log FILE URL VKEY    makes that log, has the witness at URL cosign it, and checks by hand what it says
//	witness_go witness LOG-VKEY     is a witness of that log: prints "URL VKEY" and serves until its input ends
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

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

// ---- cosignature/v1, written out from its specification

const algorithm = 4

func keyID(name string, public ed25519.PublicKey) []byte {
	sum := sha256.Sum256(append([]byte(name+"\n"), append([]byte{algorithm}, public...)...))
	return sum[:4]
}

func message(at uint64, text string) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text))
}

type cosigner struct {
	name   string
	public ed25519.PublicKey
}

func readCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	c := cosigner{parts[0], ed25519.PublicKey(raw[1:])}
	if raw[0] != algorithm || parts[1] != hex.EncodeToString(keyID(c.name, c.public)) {
		fail("%s is no cosigner's key", vkey)
	}
	return c
}

// check gives the time of a line that holds.
func (c cosigner) check(line, text string) uint64 {
	prefix := "\u2014 " + c.name + " "
	if !strings.HasPrefix(line, prefix) {
		fail("not a line of %s: %q", c.name, line)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(line, prefix))
	must(err)
	if len(raw) != 4+8+64 || !bytes.Equal(raw[:4], keyID(c.name, c.public)) {
		fail("no cosignature: %q", line)
	}
	at := binary.BigEndian.Uint64(raw[4:12])
	if !ed25519.Verify(c.public, message(at, text), raw[12:]) {
		fail("the cosignature does not hold: %q", line)
	}
	if now := uint64(time.Now().Unix()); at > now+5 || at+60 < now {
		fail("the cosignature is of time %d, it is %d", at, now)
	}
	return at
}

// ---- a log

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, i := range indexes {
		out = append(out, s[i])
	}
	return out, nil
}

type madeLog struct {
	hashes stored
	size   int64
	signer note.Signer
	word   string
}

func (l *madeLog) grow(size int64) {
	for ; l.size < size; l.size++ {
		hashes, err := tlog.StoredHashes(l.size, []byte(fmt.Sprintf("%s %d", l.word, l.size)), l.hashes)
		must(err)
		l.hashes = append(l.hashes, hashes...)
	}
}

func (l *madeLog) text(size int64) string {
	root := tlog.Hash(sha256.Sum256(nil)) // sumdb has no hash for the empty tree
	if size > 0 {
		var err error
		root, err = tlog.TreeHash(size, l.hashes)
		must(err)
	}
	return fmt.Sprintf("%s\n%d\n%s\n", l.signer.Name(), size, root)
}

func (l *madeLog) body(old, size int64) string {
	signed, err := note.Sign(&note.Note{Text: l.text(size)}, l.signer)
	must(err)
	body := fmt.Sprintf("old %d\n", old)
	if old > 0 {
		proof, err := tlog.ProveTree(size, old, l.hashes)
		must(err)
		for _, hash := range proof {
			body += hash.String() + "\n"
		}
	}
	return body + "\n" + string(signed)
}

func post(url, body string) (int, string, string) {
	answer, err := http.Post(url+"add-checkpoint", "text/plain", strings.NewReader(body))
	must(err)
	data, err := io.ReadAll(answer.Body)
	must(err)
	answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Content-Type"), string(data)
}

func driveLog(file, url, vkey string) {
	secret, err := os.ReadFile(file)
	must(err)
	signer, err := note.NewSigner(strings.TrimSpace(string(secret)))
	must(err)
	witness := readCosigner(vkey)
	log := &madeLog{signer: signer, word: "entry"}
	other := &madeLog{signer: signer, word: "other"}
	log.grow(1200)
	other.grow(1200)
	lines := 0
	old := int64(0)
	for _, size := range []int64{0, 1, 2, 3, 7, 8, 8, 255, 256, 257, 700, 1023, 1024, 1100} {
		status, kind, answer := post(url, log.body(old, size))
		if status != 200 || kind != "text/plain; charset=utf-8" || strings.Count(answer, "\n") != 1 {
			fail("%d → %d: %d %s %q", old, size, status, kind, answer)
		}
		witness.check(strings.TrimSuffix(answer, "\n"), log.text(size))
		lines++
		if old != size && old > 0 {
			if status, kind, answer = post(url, log.body(old, size)); status != 409 || kind != "text/x.tlog.size" ||
				answer != fmt.Sprintf("%d\n", size) {
				fail("a stale request: %d %s %q", status, kind, answer)
			}
		}
		old = size
	}
	if status, _, _ := post(url, other.body(1100, 1200)); status != 422 {
		fail("another tree: %d", status)
	}
	if status, _, _ := post(url, other.body(1100, 1100)); status != 422 {
		fail("another root: %d", status)
	}
	origin := sha256.Sum256([]byte(signer.Name()))
	answer, err := http.Get(url + hex.EncodeToString(origin[:]) + "/checkpoint")
	must(err)
	data, err := io.ReadAll(answer.Body)
	must(err)
	verifier, err := note.NewVerifier(os.Getenv("LOG_VKEY"))
	must(err)
	n, err := note.Open(data, note.VerifierList(verifier))
	must(err)
	if n.Text != log.text(1100) || len(n.UnverifiedSigs) != 1 {
		fail("the newest checkpoint is %q", data)
	}
	witness.check("\u2014 "+n.UnverifiedSigs[0].Name+" "+n.UnverifiedSigs[0].Base64, n.Text)
	fmt.Printf("%d cosignatures of our witness hold\n", lines)
}

// ---- a witness

type server struct {
	sync.Mutex
	log    note.Verifier
	name   string
	key    ed25519.PrivateKey
	size   int64
	root   tlog.Hash
	signed int
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	parts := bytes.SplitN(data, []byte("\n\n"), 2)
	if err != nil || len(parts) != 2 {
		w.WriteHeader(400)
		return
	}
	n, err := note.Open(parts[1], note.VerifierList(s.log))
	if err != nil {
		w.WriteHeader(403)
		return
	}
	head := strings.Split(string(parts[0]), "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(head[0], "old "), 10, 64)
	must(err)
	lines := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	var proof tlog.TreeProof
	for _, line := range head[1:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	s.Lock()
	defer s.Unlock()
	switch {
	case lines[0] != s.log.Name() || len(lines) != 4:
		w.WriteHeader(404)
	case old > size:
		w.WriteHeader(400)
	case old != s.size:
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(409)
		fmt.Fprintf(w, "%d\n", s.size)
	case old == 0 && len(proof) != 0, old == size && old > 0 && root != s.root,
		old > 0 && tlog.CheckTree(proof, size, root, old, s.root) != nil:
		w.WriteHeader(422)
	default:
		s.size, s.root = size, root
		s.signed++
		at := uint64(time.Now().Unix())
		raw := keyID(s.name, s.key.Public().(ed25519.PublicKey))
		raw = binary.BigEndian.AppendUint64(raw, at)
		raw = append(raw, ed25519.Sign(s.key, message(at, n.Text))...)
		fmt.Fprintf(w, "\u2014 someone.example AAAAAAAA\n\u2014 %s %s\n", s.name, base64.StdEncoding.EncodeToString(raw))
	}
}

func beWitness(logKey string) {
	verifier, err := note.NewVerifier(logKey)
	must(err)
	public, key, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	s := &server{log: verifier, name: "go.example/witness", key: key}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(listener, s)
	fmt.Printf("http://%s/ %s+%x+%s\n", listener.Addr(), s.name, keyID(s.name, public),
		base64.StdEncoding.EncodeToString(append([]byte{algorithm}, public...)))
	io.Copy(io.Discard, os.Stdin)
	fmt.Fprintf(os.Stderr, "%d checkpoints cosigned by a witness in Go, the last of size %d\n", s.signed, s.size)
	if s.signed == 0 || s.size != 700 {
		os.Exit(1)
	}
}

func main() {
	switch os.Args[1] {
	case "key":
		secret, vkey, err := note.GenerateKey(rand.Reader, "go.example/log")
		must(err)
		must(os.WriteFile(os.Args[2], []byte(secret+"\n"), 0600))
		fmt.Println(vkey)
	case "log":
		driveLog(os.Args[2], os.Args[3], os.Args[4])
	case "witness":
		beWitness(os.Args[2])
	}
}
