// tlog_check reads an export of a log with Go's own implementation of transparency logs,
// golang.org/x/mod/sumdb, and nothing of ours:
//
//	tlog_check DIR VKEY [OLDER-CHECKPOINT]
//
// The note is verified, every record hashed and compared with the tile that has its
// hash, records are proved to be in the tree, and the tree of the older checkpoint to be
// the beginning of this one.  Tiles are named tile/L/N here and tile/8/L/N by package
// tlog, and are otherwise the same.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

type tiles struct{ dir string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range wanted {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.dir, name))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func checkpoint(file string, vkey string) tlog.Tree {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	text, err := os.ReadFile(file)
	must(err)
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		log.Fatalf("%s: not three lines of %s", file, verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
}

// The records of bundle N.
func bundle(dir string, tree tlog.Tree, n int64) [][]byte {
	tile := tlog.Tile{H: 8, L: 0, N: n, W: width}
	if n == tree.N/width {
		tile.W = int(tree.N % width)
	}
	name := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(dir, name))
	must(err)
	var out [][]byte
	for len(data) > 0 {
		size := int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:2+size])
		data = data[2+size:]
	}
	if len(out) != tile.W {
		log.Fatalf("%s: %d records", name, len(out))
	}
	return out
}

func prove(tree tlog.Tree, reader tlog.HashReader, position int64, hash tlog.Hash) {
	proof, err := tlog.ProveRecord(tree.N, position, reader)
	must(err)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, position, hash))
	other := hash
	other[7] ^= 1
	if tlog.CheckRecord(proof, tree.N, tree.Hash, position, other) == nil {
		log.Fatal("another record is proved, too")
	}
}

func main() {
	log.SetFlags(0)
	dir, vkey := os.Args[1], os.Args[2]
	tree := checkpoint(filepath.Join(dir, "checkpoint"), vkey)
	reader := tlog.TileHashReader(tree, tiles{dir})
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	if root != tree.Hash {
		log.Fatal("the tiles are not those of the checkpoint")
	}
	proved := 0
	for n := int64(0); n*width < tree.N; n++ {
		var indexes []int64
		records := bundle(dir, tree, n)
		for i := range records {
			indexes = append(indexes, tlog.StoredHashIndex(0, n*width+int64(i)))
		}
		hashes, err := reader.ReadHashes(indexes)
		must(err)
		for i, record := range records {
			if tlog.RecordHash(record) != hashes[i] {
				log.Fatalf("record %d is not that of its hash", n*width+int64(i))
			}
			if position := n*width + int64(i); position%97 == 0 || position == tree.N-1 {
				prove(tree, reader, position, hashes[i])
				proved++
			}
		}
	}
	if len(os.Args) > 3 {
		older := checkpoint(os.Args[3], vkey)
		proof, err := tlog.ProveTree(tree.N, older.N, reader)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash))
		older.Hash[0] ^= 1
		if tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash) == nil {
			log.Fatal("another beginning is proved, too")
		}
	}
	fmt.Printf("tlog: %d records hashed, %d proved\n", tree.N, proved)
}
