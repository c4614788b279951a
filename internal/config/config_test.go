package config_test

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/internal/config"
	"bothways/internal/kit/errs"
)

func load(env map[string]string, args ...string) (config.Config, error) {
	c, _, err := config.Load("serve", config.Sources{Env: func(k string) string { return env[k] }, Args: args, Out: io.Discard}, nil)
	return c, err
}

func TestFlagsWinOverTheEnvironmentOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bothways.conf")
	if err := os.WriteFile(file, []byte("# ours\nlisten = 127.0.0.1:1\ndesk_name = \"IT help\"\nmail-from = a@b.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(map[string]string{"BOTHWAYS_LISTEN": "127.0.0.1:2", "BOTHWAYS_CONFIG": file, "BOTHWAYS_MAIL_FROM": "c@d.example"}, "--listen", "127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:3" || c.MailFrom != "c@d.example" || c.DeskName != "IT help" || c.BaseURL != "http://127.0.0.1:3" {
		t.Fatalf("%+v", c)
	}
}

func TestZeroConfigWorks(t *testing.T) {
	c, err := load(nil)
	if err != nil || c.Database != "sqlite:"+filepath.Join("bothways-data", "bothways.db") || c.Listen != "127.0.0.1:8080" || c.MaxUpload != 26214400 {
		t.Fatalf("%+v %v", c, err)
	}
}

func TestWrongSettingsSayWhichAndWhatToDo(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.conf")
	if err := os.WriteFile(bad, []byte("listen = 127.0.0.1:1\ncolour = red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--listen":              {"--listen", "8080"},
		"--mail-from":           {"--mail-from", "the desk"},
		"--base-url":            {"--base-url", "desk.example.org"},
		"max-upload":            {"--max-upload", "many"},
		"not defined: -colour":  {"--colour", "red"},
		"line 2":                {"--config", bad},
		"can't be read":         {"--config", bad + ".absent"},
		"bothways serve --help": {"--nonsense"},
	} {
		_, err := load(nil, args...)
		if err == nil || errs.KindOf(err) == errs.Internal || !strings.Contains(errs.Sentence(err), want) {
			t.Errorf("%v: %v lacks %q", args, err, want)
		}
	}
	if _, err := load(nil, "--help"); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("--help: %v", err)
	}
}

func TestPasswordsAreNotShown(t *testing.T) {
	c, err := load(nil, "--database", "postgres://u:hunter2@h/db", "--smtp-relay", "smtp://u:hunter2@h:25")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range c.Values() {
		if strings.Contains(v[1], "hunter2") {
			t.Errorf("%s shows %s", v[0], v[1])
		}
	}
}
