package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bothways/internal/kit/errs"
)

// Spec is a calendar as written down: in JSON by an administrator, in the request of `calendar eval`, in the store.
// The meaning of each part is in the package's documentation. Compile checks it.
type Spec struct {
	TZ             string                 `json:"tz"`                        // IANA zone: Europe/Berlin
	Week           map[string][][2]string `json:"week"`                      // "mon" to "sun" → [["09:00","17:00"], …]
	Holidays       []string               `json:"holidays,omitempty"`        // local dates: 2026-12-25
	YearlyHolidays []string               `json:"yearly_holidays,omitempty"` // MM-DD
	Breaks         map[string][][2]string `json:"breaks,omitempty"`          // date → frames taken away
	Shifts         map[string][][2]string `json:"shifts,omitempty"`          // date → frames instead of the weekday's
	HolidayNames   map[string]string      `json:"holiday_names,omitempty"`   // date or MM-DD → name for explanations
}

// specJSON is Spec with frames of any length, since encoding/json fills a [2]string from a list of one or three
// without a word.
type specJSON struct {
	TZ             string                `json:"tz"`
	Week           map[string][][]string `json:"week"`
	Holidays       []string              `json:"holidays"`
	YearlyHolidays []string              `json:"yearly_holidays"`
	Breaks         map[string][][]string `json:"breaks"`
	Shifts         map[string][][]string `json:"shifts"`
	HolidayNames   map[string]string     `json:"holiday_names"`
}

// UnmarshalJSON reads a calendar strictly: an unknown field, a wrong type or a frame that is not a pair is an
// errs.Invalid that names it.
func (s *Spec) UnmarshalJSON(data []byte) error {
	var raw specJSON
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&raw); err != nil {
		return specDecodeError(err)
	}
	out := Spec{TZ: raw.TZ, Holidays: raw.Holidays, YearlyHolidays: raw.YearlyHolidays, HolidayNames: raw.HolidayNames}
	for _, part := range []struct {
		name string
		from map[string][][]string
		to   *map[string][][2]string
	}{{"week", raw.Week, &out.Week}, {"breaks", raw.Breaks, &out.Breaks}, {"shifts", raw.Shifts, &out.Shifts}} {
		frames, err := pairs(part.name, part.from)
		if err != nil {
			return err
		}
		*part.to = frames
	}
	*s = out
	return nil
}

func pairs(name string, in map[string][][]string) (map[string][][2]string, error) {
	if in == nil {
		return nil, nil
	}
	out := make(map[string][][2]string, len(in))
	for _, key := range slices.Sorted(maps.Keys(in)) {
		list := make([][2]string, len(in[key]))
		for i, f := range in[key] {
			if len(f) != 2 {
				return nil, errs.In("calendar.decode", fmt.Sprintf("%s.%s[%d]", name, key, i),
					`A frame is a pair of times such as ["09:00","17:00"]; this one has %d.`, len(f))
			}
			list[i] = [2]string{f[0], f[1]}
		}
		out[key] = list
	}
	return out, nil
}

func specDecodeError(err error) error {
	const op = "calendar.decode"
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			field = "calendar"
		}
		return errs.In(op, field, `This is a JSON %s; wanted is what the example shows: {"tz":"Europe/Berlin","week":{"mon":[["09:00","17:00"]]},"holidays":["2026-12-25"]}.`, wrong.Value)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return errs.In(op, strings.Trim(name, `"`),
			"A calendar has no such field; it has tz, week, holidays, yearly_holidays, breaks, shifts and holiday_names.")
	}
	return errs.In(op, "calendar", "This is not readable JSON (%v).", err)
}

// clone copies everything, so that neither the caller's maps nor ours can be changed through the other.
func (s Spec) clone() Spec {
	s.Week, s.Breaks, s.Shifts = cloneFrames(s.Week), cloneFrames(s.Breaks), cloneFrames(s.Shifts)
	s.Holidays, s.YearlyHolidays = slices.Clone(s.Holidays), slices.Clone(s.YearlyHolidays)
	s.HolidayNames = maps.Clone(s.HolidayNames)
	return s
}

func cloneFrames(in map[string][][2]string) map[string][][2]string {
	if in == nil {
		return nil
	}
	out := make(map[string][][2]string, len(in))
	for k, v := range in {
		out[k] = slices.Clone(v)
	}
	return out
}
