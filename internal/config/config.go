// Package config is the settings of an installation: one typed struct whose zero values work. Flags win over the environment
// (BOTHWAYS_…), which wins over the config file (key = value lines).
package config

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/internal/kit/errs"
)

// Config is every setting. Each field is a flag, a variable and a key; see Settings.
type Config struct {
	Data      string // folder of the database
	Database  string // sqlite:PATH or postgres://…; "" is sqlite:DATA/bothways.db
	Listen    string // web and API
	LMTP      string // inbound mail from a mail server; "" is off
	SMTP      string // inbound mail by SMTP; "" is off
	Relay     string // outbound mail; "" mails nobody
	MailFrom  string // the desk's address
	Levels    string // the second door's address; "" when it has none
	DeskName  string // as mails call the desk
	BaseURL   string // of the pages, as people open them
	AuthServ  string // authserv-id whose Authentication-Results are believed
	Zone      string // of IT's service hours when the default calendars are made
	MaxUpload int64  // bytes of one attachment or mail
	UndoSend  int64  // seconds in which an answer written on the pages can be taken back; 0 sends at once
}

// Setting is one setting as it is documented.
type Setting struct {
	Name, Default, Help string
	set                 func(c *Config, v string) error
	get                 func(c *Config) string
}

// Env is the setting's environment variable.
func (s Setting) Env() string {
	return "BOTHWAYS_" + strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

func text(name, def, help string, at func(c *Config) *string) Setting {
	return Setting{name, def, help, func(c *Config, v string) error { *at(c) = v; return nil }, func(c *Config) string { return *at(c) }}
}

// Settings lists every setting once.
func Settings() []Setting {
	return []Setting{
		text("data", "bothways-data", "folder that holds the database", func(c *Config) *string { return &c.Data }),
		text("database", "", "sqlite:PATH or postgres://user@host/name (default sqlite:DATA/bothways.db)", func(c *Config) *string { return &c.Database }),
		text("listen", "127.0.0.1:8080", "address of the web pages and the API", func(c *Config) *string { return &c.Listen }),
		text("lmtp", "", "address on which mail is taken by LMTP (RFC 2033); empty is off", func(c *Config) *string { return &c.LMTP }),
		text("smtp", "", "address on which mail is taken by SMTP; empty is off", func(c *Config) *string { return &c.SMTP }),
		text("smtp-relay", "", "HOST:PORT or smtp://user:password@host:port through which mail leaves; empty mails nobody", func(c *Config) *string { return &c.Relay }),
		text("mail-from", "desk@localhost", "the desk's mail address", func(c *Config) *string { return &c.MailFrom }),
		text("mail-levels", "", "mail address of the second door, for levels and price; empty when it has none of its own", func(c *Config) *string { return &c.Levels }),
		text("desk-name", "Service desk", "what mails call the desk", func(c *Config) *string { return &c.DeskName }),
		text("base-url", "", "address under which people open the pages (default http://LISTEN)", func(c *Config) *string { return &c.BaseURL }),
		text("authserv-id", "", "name of the mail server whose Authentication-Results are believed; empty believes none", func(c *Config) *string { return &c.AuthServ }),
		text("zone", "UTC", "time zone of IT's service hours, when the first calendars are made", func(c *Config) *string { return &c.Zone }),
		{"max-upload", "26214400", "bytes of one attachment or mail", func(c *Config, v string) error {
			_, err := fmt.Sscanf(v, "%d", &c.MaxUpload)
			if err != nil || c.MaxUpload < 1<<16 {
				return errors.New("it is no number of bytes above 65536")
			}
			return nil
		}, func(c *Config) string { return fmt.Sprint(c.MaxUpload) }},
		{"undo-send", "10", "seconds in which an answer written on the pages can be taken back; 0 sends at once", func(c *Config, v string) error {
			_, err := fmt.Sscanf(v, "%d", &c.UndoSend)
			if err != nil || c.UndoSend < 0 || c.UndoSend > 600 {
				return errors.New("it is no number of seconds from 0 to 600")
			}
			return nil
		}, func(c *Config) string { return fmt.Sprint(c.UndoSend) }},
	}
}

// Sources are where settings come from beside flags.
type Sources struct {
	Env  func(string) string // os.Getenv
	Args []string
	Out  io.Writer // for the help of a wrong flag
}

// Load reads flags into a config, over the environment, over the file named by --config. extra adds a command's own flags.
// The rest of the arguments is returned. Errors: Invalid, naming the setting and the way out; flag.ErrHelp after help.
func Load(name string, src Sources, extra func(*flag.FlagSet)) (Config, []string, error) {
	c := Config{}
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	file := fs.String("config", src.Env("BOTHWAYS_CONFIG"), "file of key = value lines")
	given := map[string]string{}
	for _, s := range Settings() {
		fs.Func(s.Name, s.Help+defaultNote(s), func(v string) error { given[s.Name] = v; return nil })
	}
	if extra != nil {
		extra(fs)
	}
	if err := fs.Parse(src.Args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fs.SetOutput(src.Out)
			_, _ = fmt.Fprintf(src.Out, "Usage: bothways %s [flags]\n\n", name)
			fs.PrintDefaults()
			return c, nil, flag.ErrHelp
		}
		return c, nil, errs.New(errs.Invalid, "config", "%v. Look at the flags with: bothways %s --help", err, name)
	}
	keys, err := readFile(*file)
	if err != nil {
		return c, nil, err
	}
	for _, s := range Settings() {
		v, from := s.Default, "the default"
		if k, ok := keys[s.Name]; ok {
			v, from = k, *file
		}
		if e := src.Env(s.Env()); e != "" {
			v, from = e, s.Env()
		}
		if g, ok := given[s.Name]; ok {
			v, from = g, "--"+s.Name
		}
		if err := s.set(&c, v); err != nil {
			return c, nil, errs.New(errs.Invalid, "config", "%s from %s: %v.", s.Name, from, err)
		}
	}
	return c, fs.Args(), c.check()
}

func defaultNote(s Setting) string {
	if s.Default == "" {
		return ""
	}
	return " (default " + s.Default + ")"
}

func readFile(path string) (map[string]string, error) {
	keys := map[string]string{}
	if path == "" {
		return keys, nil
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, errs.Wrap(errs.NotFound, "config", err, "The config file %s can't be read. Check the path.", path)
	}
	defer func() { _ = f.Close() }()
	known := map[string]bool{}
	for _, s := range Settings() {
		known[s.Name] = true
	}
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		k = strings.ReplaceAll(strings.TrimSpace(k), "_", "-")
		if !ok || !known[k] {
			return nil, errs.New(errs.Invalid, "config", "%s line %d: %q is no setting. Write key = value; the keys are the flags of serve without dashes.", path, n, line)
		}
		keys[k] = strings.Trim(strings.TrimSpace(v), `"`)
	}
	return keys, sc.Err()
}

// check finds what is wrong with the values themselves, and fills in what follows from others.
func (c *Config) check() error {
	bad := func(name, why string) error {
		return errs.New(errs.Invalid, "config", "--%s: %s.", name, why)
	}
	for name, addr := range map[string]string{"listen": c.Listen, "lmtp": c.LMTP, "smtp": c.SMTP} {
		if _, _, err := net.SplitHostPort(addr); addr != "" && err != nil {
			return bad(name, fmt.Sprintf("%q is no address. Write HOST:PORT, for example 127.0.0.1:8080", addr))
		}
	}
	if a, err := mail.ParseAddress(c.MailFrom); err != nil || a.Address != c.MailFrom {
		return bad("mail-from", fmt.Sprintf("%q is no mail address. Write one such as desk@example.org", c.MailFrom))
	}
	if a, err := mail.ParseAddress(c.Levels); c.Levels != "" && (err != nil || a.Address != c.Levels || strings.EqualFold(c.Levels, c.MailFrom)) {
		return bad("mail-levels", fmt.Sprintf("%q is no mail address beside the desk's. Write one such as levels@example.org", c.Levels))
	}
	if c.Database == "" {
		c.Database = "sqlite:" + filepath.Join(c.Data, "bothways.db")
	}
	if c.BaseURL == "" && c.Listen != "" {
		c.BaseURL = "http://" + c.Listen
	}
	u, err := url.Parse(c.BaseURL)
	if c.BaseURL != "" && (err != nil || u.Host == "" || !slices.Contains([]string{"http", "https"}, u.Scheme)) {
		return bad("base-url", fmt.Sprintf("%q is no web address. Write one such as https://desk.example.org", c.BaseURL))
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return nil
}

// Values lists the settings as they are, without passwords.
func (c *Config) Values() [][2]string {
	var out [][2]string
	for _, s := range Settings() {
		v := s.get(c)
		if u, err := url.Parse(v); err == nil && u.User != nil {
			v = u.Redacted()
		}
		out = append(out, [2]string{s.Name, v})
	}
	return out
}
