package cli

import (
	"flag"
	"io"
	"slices"
	"strings"

	"bothways/internal/config"
	"bothways/internal/kit/errs"
)

// need is what has to be there before a command runs.
type need int

const (
	nothing  need = iota // flags and files
	database             // an app, open but not started
	itself               // opens or starts an installation by itself
	either               // opens one by itself, or runs on one that is open
)

// zoneName is a setting (of IT's service hours) and also what sites and persons are given.
const zoneName = "zone"

// runner is a command whose flags have been read.
type runner func(c *call) error

// command is one thing that can be typed after the program's name.
type command struct {
	name     string // one or more words: "person add"
	params   string // how it goes on: "--email E [--name N]"
	about    string // one line
	more     string // what else there is to know, for its help
	examples []string
	needs    need
	least    int    // arguments beside flags
	most     int    // -1: any number
	zone     string // help of --zone where it is the command's own and not the setting of that name
	setup    func(fs *flag.FlagSet) runner
}

// plain makes a setup of a command without flags of its own.
func plain(fn runner) func(*flag.FlagSet) runner {
	return func(*flag.FlagSet) runner { return fn }
}

func (c *command) usage() string { return strings.TrimSpace(c.name + " " + c.params) }

// flagSet is every flag the command takes, to look at; it reads nothing into settings.
func (c *command) flagSet() *flag.FlagSet {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range config.Settings() {
		if s.Name == zoneName && c.zone != "" {
			fs.String(s.Name, "", c.zone)
			continue
		}
		fs.String(s.Name, s.Default, s.Help)
	}
	fs.String("config", "", "file of key = value lines")
	c.setup(fs)
	return fs
}

// group is a family of commands in the order of help.
type group struct {
	title    string
	commands []*command
}

// groups lists every command once.
func groups() []group {
	return []group{
		{"Run", serveCommands()},
		{"Who there is", slices.Concat(organisationCommands(), siteCommands(), personCommands(), teamCommands(), tokenCommands())},
		{"When and what was agreed", slices.Concat(calendarCommands(), agreementCommands())},
		{"Mail and tickets", slices.Concat(mailCommands(), ticketCommands())},
		{"Care", careCommands()},
	}
}

func commands() []*command {
	var all []*command
	for _, g := range groups() {
		all = append(all, g.commands...)
	}
	return all
}

// find takes the words of a command out of the arguments; settings may stand before and between them.
func find(args []string) (*command, []string, error) {
	words, rest := leading(args)
	all := commands()
	if len(words) == 0 && len(rest) > 0 && !wantsHelp(rest) {
		return nil, nil, errs.New(errs.Invalid, "cli", "There is no command before %q. See them all with: bothways help", rest[0])
	}
	if len(words) == 0 || words[0] == "help" {
		return helpFor(all, words), []string{"--help"}, nil
	}
	for n := min(3, len(words)); n > 0; n-- {
		name := strings.Join(words[:n], " ")
		if i := slices.IndexFunc(all, func(c *command) bool { return c.name == name }); i >= 0 {
			return all[i], append(words[n:len(words):len(words)], rest...), nil
		}
	}
	family := within(all, words[0])
	if len(family) == 0 {
		return nil, nil, errs.New(errs.Invalid, "cli", "There is no command %q. See them all with: bothways help", words[0])
	}
	if len(words) == 1 && (len(rest) == 0 || wantsHelp(rest)) || len(words) > 1 && words[len(words)-1] == "help" {
		return helpFor(all, append([]string{"help"}, words...)), []string{"--help"}, nil
	}
	said := words[0]
	if len(words) > 1 {
		said += " " + words[1]
	}
	return nil, nil, errs.New(errs.Invalid, "cli", "There is no command %q. See what there is with: bothways %s help", said, words[0])
}

// within are the commands whose name begins with a word.
func within(all []*command, word string) []*command {
	return slices.DeleteFunc(slices.Clone(all), func(c *command) bool { return c.name != word && !strings.HasPrefix(c.name, word+" ") })
}

// leading splits arguments into the words that stand before the first flag of a command, with settings between them put to
// the rest.
func leading(args []string) (words, rest []string) {
	known := map[string]bool{"config": true}
	for _, s := range config.Settings() {
		known[s.Name] = true
	}
	for i := 0; i < len(args); i++ {
		a := args[i]
		if len(a) < 2 || a[0] != '-' {
			words = append(words, a)
			continue
		}
		name, _, joined := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if !known[name] {
			return words, append(rest, args[i:]...)
		}
		rest = append(rest, a)
		if !joined && i+1 < len(args) {
			i++
			rest = append(rest, args[i])
		}
	}
	return words, rest
}

// arrange puts flags before arguments, so that they may be typed in any order.
func arrange(fs *flag.FlagSet, args []string) []string {
	var flags, rest []string
	for i := 0; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			rest = append(rest, args[i+1:]...)
			break
		}
		if len(a) < 2 || a[0] != '-' {
			rest = append(rest, a)
			continue
		}
		flags = append(flags, a)
		name, _, joined := strings.Cut(strings.TrimLeft(a, "-"), "=")
		f := fs.Lookup(name)
		if f == nil || joined {
			continue
		}
		if b, ok := f.Value.(interface{ IsBoolFlag() bool }); ok && b.IsBoolFlag() {
			continue
		}
		if i+1 < len(args) {
			i++
			flags = append(flags, args[i])
		}
	}
	return append(append(flags, "--"), rest...)
}

func wantsHelp(args []string) bool {
	for _, a := range args {
		switch a {
		case "--":
			return false
		case "-h", "-help", "--help":
			return true
		}
	}
	return false
}

// many is a flag that may be given more than once, or with commas.
type many []string

// String implements flag.Value.
func (m *many) String() string { return strings.Join(*m, ",") }

// Set implements flag.Value.
func (m *many) Set(v string) error {
	for _, s := range strings.Split(v, ",") {
		if s = strings.TrimSpace(s); s != "" {
			*m = append(*m, s)
		}
	}
	return nil
}

// list makes a flag that may be given more than once.
func list(fs *flag.FlagSet, name, help string) *many {
	m := &many{}
	fs.Var(m, name, help)
	return m
}
