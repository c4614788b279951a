package archtest

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// help is what the program says about itself, and whether it ended well. The go command keeps the built program, so a
// second run costs next to nothing.
func help(t *testing.T, root string, args ...string) (string, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./cmd/bothways"}, args...)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// TestReadmeCommands asks the program itself whether it knows the commands and flags that the pages show.
func TestReadmeCommands(t *testing.T) {
	tr := mustRepo(t)
	if !tr.hasPackage("cmd/bothways") || !tr.hasPackage("internal/cli") {
		t.Skip("cmd/bothways or internal/cli is not there yet")
	}
	if testing.Short() {
		t.Skip("-short: the program is not built")
	}
	known, ok := help(t, tr.root, "help")
	if !ok {
		t.Fatalf("cmd/bothways/main.go:1: commands: bothways help does not run. Mend what it says:\n%s", known)
	}
	pages := map[string]string{}
	for _, doc := range liveDocs(tr) {
		for _, l := range shellLines(doc, tr.texts[doc]) {
			args, ours := ourCommand(l.text)
			if !ours || len(args) == 0 {
				continue
			}
			sub := args[0]
			if !namesCommand(known, sub) {
				t.Error(finding{doc, l.line, fmt.Sprintf("commands: bothways help does not know %q. Correct the page, or the help.", sub)})
				continue
			}
			if _, ok := pages[sub]; !ok {
				own, _ := help(t, tr.root, sub, "--help") // some print their flags and end with 64
				pages[sub] = own + known
			}
			for _, f := range flagsOf(args[1:]) {
				if !namesFlag(pages[sub], f) {
					t.Error(finding{doc, l.line, fmt.Sprintf("commands: bothways %s --help does not know --%s. Correct the page, or the help.", sub, f)})
				}
			}
		}
	}
}

// hasPackage says whether a folder holds Go files.
func (tr *tree) hasPackage(dir string) bool {
	return slices.ContainsFunc(tr.files, func(f *goFile) bool { return f.dir == dir })
}

// namesCommand says whether a help text lists a command at the beginning of a line.
func namesCommand(text, sub string) bool {
	return regexp.MustCompile(`(?m)^\s*(?:bothways\s+)?` + regexp.QuoteMeta(sub) + `(?:[\s,|]|$)`).MatchString(text)
}

// namesFlag says whether a help text lists a flag, written with one dash or two.
func namesFlag(text, name string) bool {
	return regexp.MustCompile(`(?m)(?:^|[\s\[|(])--?` + regexp.QuoteMeta(name) + `(?:[\s=\],|)]|$)`).MatchString(text)
}

// flagsOf are the names of the flags among a command's words.
func flagsOf(args []string) []string {
	var out []string
	for _, a := range args {
		if strings.HasPrefix(a, "-") && strings.Trim(a, "-") != "" {
			name, _, _ := strings.Cut(strings.TrimLeft(a, "-"), "=")
			out = append(out, name)
		}
	}
	return out
}

// TestCommandReading shows how a page's lines are read.
func TestCommandReading(t *testing.T) {
	page := "text\n```sh\n# comment\nBOTHWAYS_X=1 sudo -u bothways bothways serve --data D \\\n  --listen=127.0.0.1:1\ngo run ./cmd/bothways demo\n```\n```\nbothways not\n```\n"
	lines := shellLines("p", []byte(page))
	if len(lines) != 2 || lines[0].line != 4 || lines[1].text != "go run ./cmd/bothways demo" {
		t.Fatalf("lines: %+v", lines)
	}
	args, ours := ourCommand(lines[0].text)
	if !ours || args[0] != "serve" || strings.Join(flagsOf(args), " ") != "data listen" {
		t.Errorf("args: %v %v", args, ours)
	}
	text := "Commands:\n  serve     run it\n  token create   a token\nFlags:\n  -data DIR\n  [--listen ADDR]\n"
	if !namesCommand(text, "serve") || !namesCommand(text, "token") || namesCommand(text, "create") || namesCommand(text, "ser") {
		t.Error("commands are read wrongly")
	}
	if !namesFlag(text, "data") || !namesFlag(text, "listen") || namesFlag(text, "dat") {
		t.Error("flags are read wrongly")
	}
}
