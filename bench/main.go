package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// settings are what a run was asked for.
type settings struct {
	engine  string // sqlite or postgres
	clients int
	n       int // requests of a round
	tickets int // open tickets in the full world
	rounds  int
	only    []string
	keep    bool
	seed    uint64
	pace    float64 // what each writing agent writes a second
}

// part is a group of measures that share a world.
type part struct {
	name string
	run  func(*bench) error
}

func parts() []part {
	return []part{
		{"library", measureLibrary},
		{"binary", measureBinary},
		{"create", measureCreate},
		{"mail", measureMail},
		{"pages", measurePages},
		{"million", measureMillion},
		{"past", measurePast},
		{"timers", measureTimers},
	}
}

func main() {
	s := settings{}
	flag.StringVar(&s.engine, "url", "sqlite", "sqlite or postgres (at BOTHWAYS_TEST_POSTGRES, or on loopback)")
	flag.IntVar(&s.clients, "clients", 8, "clients at once")
	flag.IntVar(&s.n, "n", 2000, "requests of a round")
	flag.IntVar(&s.tickets, "tickets", 10000, "open tickets in the full world; a tenth of it is measured too")
	flag.IntVar(&s.rounds, "rounds", 3, "rounds; the median is printed")
	only := flag.String("only", "", "parts to run, by commas: library,binary,create,mail,pages,million,past,timers (the last three only when named)")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of the generated world of the part million")
	flag.Float64Var(&s.pace, "pace", 0.2, "what each of twenty agents writes a second in the part million")
	flag.BoolVar(&s.keep, "keep", false, "keep the worlds that were made")
	flag.Parse()
	if *only != "" {
		s.only = strings.Split(*only, ",")
	}
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	if s.engine != "sqlite" && s.engine != "postgres" {
		return fmt.Errorf("-url is %q: write sqlite or postgres", s.engine)
	}
	b, err := newBench(s)
	if err != nil {
		return err
	}
	defer b.close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		b.close()
		os.Exit(130)
	}()
	for _, p := range parts() {
		if len(s.only) > 0 && !slices.Contains(s.only, p.name) || len(s.only) == 0 && slices.Contains([]string{"million", "past", "timers"}, p.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "bench: %s …\n", p.name)
		if err := p.run(b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	b.table.print(os.Stdout)
	return nil
}
