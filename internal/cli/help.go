package cli

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"bothways/internal/config"
)

// helpFor makes a command that is only its help: of the program, of a family, or of one command.
func helpFor(all []*command, words []string) *command {
	if len(words) > 0 {
		words = words[1:]
	}
	for n := len(words); n > 0; n-- {
		name := strings.Join(words[:n], " ")
		if i := slices.IndexFunc(all, func(c *command) bool { return c.name == name }); i >= 0 {
			return all[i]
		}
	}
	if len(words) > 0 {
		if family := within(all, words[0]); len(family) > 0 {
			return &command{name: words[0], more: overview("bothways "+words[0]+" …", []group{{"", family}}), params: "…", setup: nil}
		}
	}
	return &command{more: overview("", groups()) + settingsHint}
}

const settingsHint = `
Each says more with --help: bothways person add --help
Every setting is a flag (--data), a variable (BOTHWAYS_DATA) and a key of the file that --config names: bothways config show
`

// overview lists commands with one line each.
func overview(title string, gs []group) string {
	var b strings.Builder
	if title == "" {
		b.WriteString("bothways is the service desk whose agreements bind both sides.\n\nUsage: bothways COMMAND [flags]\n")
	} else {
		b.WriteString("Usage: " + title + "\n")
	}
	for _, g := range gs {
		b.WriteString("\n")
		if g.title != "" {
			b.WriteString(g.title + "\n")
		}
		for _, c := range g.commands {
			fmt.Fprintf(&b, "  %-24s %s\n", c.name, c.about)
		}
	}
	return b.String()
}

// help is what a command says of itself.
func (c *command) help() string {
	if c.setup == nil {
		return c.more
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nUsage: bothways %s\n", c.about, c.usage())
	if c.more != "" {
		b.WriteString("\n" + strings.TrimSpace(c.more) + "\n")
	}
	if len(c.examples) > 0 {
		b.WriteString("\nExamples\n")
		for _, e := range c.examples {
			b.WriteString("  " + e + "\n")
		}
	}
	own, settings := c.flagHelp()
	if own != "" {
		b.WriteString("\nFlags\n" + own)
	}
	if c.needs != nothing {
		b.WriteString("\nSettings\n" + settings)
	}
	return b.String()
}

// flagHelp describes the command's own flags, and the settings.
func (c *command) flagHelp() (own, settings string) {
	isSetting := map[string]bool{"config": true}
	for _, s := range config.Settings() {
		isSetting[s.Name] = s.Name != zoneName || c.zone == ""
	}
	c.flagSet().VisitAll(func(f *flag.Flag) {
		what, help := flag.UnquoteUsage(f)
		if what == "string" {
			what = "VALUE"
		}
		name := "--" + f.Name
		if what != "" {
			name += " " + what
		}
		line := fmt.Sprintf("  %-24s %s", name, help)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			line += " (default " + f.DefValue + ")"
		}
		if isSetting[f.Name] {
			settings += line + "\n"
		} else {
			own += line + "\n"
		}
	})
	return own, settings
}
