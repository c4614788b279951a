package recount

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"time"
)

// Log is the acts of every case, and of how many rows no act could be made.
type Log struct {
	Cases map[string][]Act
}

// table reads a packed file into rows by column.
func table(path string) ([]map[string]string, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	out := make([]map[string]string, 0, len(all))
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, h := range all[0] {
			row[h] = cells[i]
		}
		out = append(out, row)
	}
	return out, nil
}

// entry is a row in time.
type entry struct {
	at   int64
	tie  int
	cell map[string]string
}

func group(rows []map[string]string, key, stamp, layout string, tie func(map[string]string) int) (map[string][]entry, error) {
	out := map[string][]entry{}
	for _, r := range rows {
		t, err := time.Parse(layout, r[stamp])
		if err != nil {
			return nil, err
		}
		out[r[key]] = append(out[r[key]], entry{t.Unix(), tie(r), r})
	}
	for _, all := range out {
		sort.SliceStable(all, func(i, j int) bool { return all[i].at < all[j].at || all[i].at == all[j].at && all[i].tie < all[j].tie })
	}
	return out, nil
}

// writer writes acts and knows where the case is.
type writer struct {
	acts []Act
	is   string // new, it, customer, supplier, wait, solved, over
	rank string
}

func (w *writer) did(at int64, what string) { w.acts = append(w.acts, Act{At: at, What: what}) }

// ranked notes a priority; before the case is opened it is the one it is opened with.
func (w *writer) ranked(at int64, rank string) {
	if rank == "" || rank == w.rank || w.is == "over" {
		return
	}
	w.rank = rank
	w.acts = append(w.acts, Act{At: at, What: Ranks, Rank: rank})
}

// back brings a case to IT from wherever it is.
func (w *writer) back(at int64) {
	switch w.is {
	case "customer":
		w.did(at, Answers)
	case "supplier":
		w.did(at, FromThem)
	case "wait":
		w.did(at, WaitOver)
	case "solved":
		w.did(at, Rejects)
	case "new":
		w.did(at, Responds)
	}
	w.is = "it"
}

// close ends a case: what IT closes by itself it solved there and then, unless it had asked.
func (w *writer) close(at int64) {
	switch w.is {
	case "solved":
		w.did(at, EndsSilent)
	case "customer":
		w.did(at, EndsOpen)
	default:
		w.did(at, Solves)
		w.did(at, EndsSilent)
	}
	w.is = "over"
}

// UCI reads the log of the University of California.
func UCI(path string) (Log, error) {
	rows, err := table(path)
	if err != nil {
		return Log{}, err
	}
	byCase, err := group(rows, "number", "sys_updated_at", "2006-01-02T15:04", func(r map[string]string) int { n, _ := strconv.Atoi(r["sys_mod_count"]); return n })
	if err != nil {
		return Log{}, err
	}
	ranks := map[string]string{"1 - Critical": "critical", "2 - High": "high", "3 - Moderate": "medium", "4 - Low": "low"}
	log := Log{Cases: map[string][]Act{}}
	for name, all := range byCase {
		opened, err := time.Parse("2006-01-02T15:04", all[0].cell["opened_at"])
		if err != nil {
			return log, err
		}
		w := writer{is: "new", rank: "medium"}
		for _, e := range all {
			if e.at < opened.Unix() {
				continue
			}
			if len(w.acts) == 0 {
				w.ranked(opened.Unix(), ranks[e.cell["priority"]])
				w.did(opened.Unix(), Opens)
			}
			w.ranked(e.at, ranks[e.cell["priority"]])
			w.uci(e.at, e.cell["incident_state"])
		}
		log.Cases[name] = w.acts
	}
	return log, nil
}

func (w *writer) uci(at int64, state string) {
	if w.is == "over" && state != "Closed" && state != "-100" {
		w.did(at, Reopens)
		w.is = "it"
	}
	switch state {
	case "New":
		if w.is != "new" {
			w.back(at)
		}
	case "Active", "Awaiting Problem", "Awaiting Evidence":
		w.back(at)
	case "Awaiting User Info":
		if w.is == "solved" {
			w.did(at, Rejects)
		}
		if w.is != "customer" {
			w.did(at, Asks)
			w.is = "customer"
		}
	case "Awaiting Vendor":
		if w.is != "supplier" {
			w.back(at)
			w.did(at, ToSupplier)
			w.is = "supplier"
		}
	case "Resolved":
		if w.is != "solved" {
			w.did(at, Solves)
			w.is = "solved"
		}
	case "Closed":
		if w.is != "over" {
			w.close(at)
		}
	}
}

// Italian reads the log of the Italian help desk.
func Italian(path string) (Log, error) {
	rows, err := table(path)
	if err != nil {
		return Log{}, err
	}
	byCase, err := group(rows, "case", "timestamp", time.RFC3339, func(map[string]string) int { return 0 })
	if err != nil {
		return Log{}, err
	}
	ranks := map[string]string{"Value 1": "high", "Value 2": "medium", "Value 3": "medium", "Value 4": "low"}
	log := Log{Cases: map[string][]Act{}}
	for name, all := range byCase {
		w := writer{is: "new", rank: "medium"}
		w.ranked(all[0].at, ranks[all[0].cell["service_level"]])
		w.did(all[0].at, Opens)
		for i, e := range all {
			w.ranked(e.at, ranks[e.cell["service_level"]])
			w.italian(e.at, e.cell["activity"], i+1 < len(all))
		}
		log.Cases[name] = w.acts
	}
	return log, nil
}

func (w *writer) italian(at int64, activity string, more bool) {
	if w.is == "over" {
		return
	}
	switch activity {
	case "Take in charge ticket":
		w.back(at)
	case "Wait":
		if w.is == "solved" {
			w.did(at, Rejects)
		}
		if w.is == "wait" {
			w.did(at, WaitOver)
		}
		w.did(at, Asks)
		w.is = "customer"
	case "Require upgrade", "Create SW anomaly":
		if w.is != "supplier" {
			w.back(at)
			w.did(at, ToSupplier)
			w.is = "supplier"
		}
	case "Resolve SW anomaly":
		if w.is == "supplier" {
			w.back(at)
		}
	case "Schedule intervention":
		if w.is != "wait" && more {
			w.back(at)
			w.did(at, Waits)
			w.is = "wait"
		}
	case "Resolve ticket":
		if w.is == "wait" {
			w.did(at, WaitOver)
		}
		if w.is != "solved" {
			w.did(at, Solves)
			w.is = "solved"
		}
	case "Closed":
		if w.is == "wait" {
			w.did(at, WaitOver)
		}
		w.close(at)
	}
}

// Rabobank reads the activities and the incidents of the Business Process Intelligence Challenge 2014.
func Rabobank(activities, incidents string) (Log, error) {
	rows, err := table(activities)
	if err != nil {
		return Log{}, err
	}
	known, err := table(incidents)
	if err != nil {
		return Log{}, err
	}
	rank := map[string]string{}
	for _, r := range known {
		rank[r["incident_id"]] = map[string]string{"1": "critical", "2": "high", "3": "medium", "4": "low", "5": "low"}[r["priority"]]
	}
	// numbers of activities are of one length, so they are in order as they are written
	order := map[string]int{}
	var numbers []string
	for _, r := range rows {
		numbers = append(numbers, r["incident_activity_number"])
	}
	sort.Strings(numbers)
	for i, n := range numbers {
		order[n] = i
	}
	byCase, err := group(rows, "incident_id", "data_stamp", "2006-01-02 15:04:05", func(r map[string]string) int { return order[r["incident_activity_number"]] })
	if err != nil {
		return Log{}, err
	}
	log := Log{Cases: map[string][]Act{}}
	for name, all := range byCase {
		w := writer{is: "new", rank: "medium"}
		w.ranked(all[0].at, rank[name])
		w.did(all[0].at, Opens)
		for _, e := range all {
			w.rabobank(e.at, e.cell["incident_activity_type"])
		}
		log.Cases[name] = w.acts
	}
	return log, nil
}

func (w *writer) rabobank(at int64, activity string) {
	if w.is == "over" {
		if activity == "Reopen" {
			w.did(at, Reopens)
			w.is = "it"
		}
		return
	}
	switch activity {
	case "Assignment", "Reassignment", "Operator Update":
		w.back(at)
	case "Reopen":
		if w.is != "new" {
			w.back(at)
		}
	case "Communication with customer", "Mail to Customer":
		w.did(at, Responds)
		if w.is == "new" {
			w.is = "it"
		}
	case "Update from customer", "Callback Request":
		switch w.is {
		case "supplier":
			w.did(at, FromThem)
		case "solved":
			w.did(at, Rejects)
		}
		w.did(at, Answers)
		w.is = "it"
	case "External Vendor Assignment", "External Vendor Reassignment", "Pending vendor":
		if w.is != "supplier" {
			w.back(at)
			w.did(at, ToSupplier)
			w.is = "supplier"
		}
	case "External update":
		if w.is == "supplier" {
			w.back(at)
		}
	case "Resolved":
		if w.is != "solved" {
			w.did(at, Solves)
			w.is = "solved"
		}
	case "Closed":
		w.close(at)
	}
}
