package mail

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"
	"unicode"
)

// material is the folder of test mails made by others; absent, the test is skipped by name.
func material(t *testing.T, dir string) string {
	t.Helper()
	root := os.Getenv("BOTHWAYS_MATERIAL")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "material")
	}
	path := filepath.Join(root, "mail", dir)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("test material mail/%s is not there: set BOTHWAYS_MATERIAL", dir)
	}
	return path
}

// mails lists the mails under a folder, without the files that say what is expected.
func mails(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".json") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wordsOf cuts a text into its words: letters and digits.
func wordsOf(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out = append(out, strings.ToLower(w))
	}
	return out
}

// common counts the words of want that are in got as well, each as often as it occurs.
func common(want, got string) (n, of int) {
	have := map[string]int{}
	for _, w := range wordsOf(got) {
		have[w]++
	}
	list := wordsOf(want)
	for _, w := range list {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n, len(list)
}

func percent(n, of int) float64 {
	if of == 0 {
		return 100
	}
	return float64(n) * 100 / float64(of)
}

// TestCorpusNothingCrashes inspects every mail there is. What a mail allocates is counted, and what is said of it must be
// JSON.
func TestCorpusNothingCrashes(t *testing.T) {
	n := 0
	for _, path := range mails(t, material(t, ".")) {
		raw := readFile(t, path)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := Inspect(filepath.Base(path), raw)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 64<<20 {
			t.Errorf("%s: allocated %d MB", path, got>>20)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, p := range r.Problems {
			if strings.Contains(p, "took longer") {
				t.Errorf("%s: %s", path, p)
			}
		}
		n++
	}
	t.Logf("%d mails", n)
}
