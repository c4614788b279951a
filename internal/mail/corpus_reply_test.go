package mail

import (
	"os"
	"path/filepath"
	"testing"

	"bothways/internal/mail/prose"
)

// trimWrong are expectations we hold to be wrong; they are left out of the figures.
var trimWrong = map[string]string{
	"spam_1.txt": "nothing but quotations: as in quote_only.txt, the text is given rather than nothing",
}

// TestCorpusReplyTrim measures how far what we take for the person's own words agrees with what others took.
func TestCorpusReplyTrim(t *testing.T) {
	dir := material(t, "reply-trim-discourse")
	files, _ := filepath.Glob(filepath.Join(dir, "emails", "*"))
	both, ours, theirs, same := 0, 0, 0, 0
	for _, f := range files {
		name := filepath.Base(f)
		if trimWrong[name] != "" {
			continue
		}
		want := ""
		if b, err := os.ReadFile(filepath.Join(dir, "trimmed", name)); err == nil {
			want = string(b)
		}
		got := prose.Reply(string(readFile(t, f)))
		n, w := common(want, got)
		g := len(wordsOf(got))
		both, ours, theirs = both+n, ours+g, theirs+w
		if n == w && n == g {
			same++
		} else {
			t.Logf("%s: %d of %d words, we have %d", name, n, w, g)
		}
	}
	t.Logf("%d of %d the same; of their words we have %.1f %%, of ours they have %.1f %%", same, len(files), percent(both, theirs), percent(both, ours))
	if percent(both, theirs) < 97 || percent(both, ours) < 97 {
		t.Errorf("the replies agree in %.1f %% and %.1f %% of their words", percent(both, theirs), percent(both, ours))
	}
}
