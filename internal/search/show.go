package search

import (
	"context"

	"bothways/internal/auth"
	"bothways/internal/fulltext"
)

// width is how many characters of a passage are shown.
const width = 200

// shown makes a page of what was found: rows, and the passages that were found in them.
func (s *Service) shown(ctx context.Context, by auth.Actor, q fulltext.Query, page []*candidate) ([]Hit, error) {
	numbers := make([]int64, len(page))
	var ids []int64
	for i, c := range page {
		numbers[i] = c.number
		if c.passage != 0 {
			ids = append(ids, c.passage)
		}
	}
	rows, err := s.desk.Numbered(ctx, by, numbers...)
	if err != nil {
		return nil, err
	}
	items, err := fulltext.Items(ctx, s.db.Read(), ids...)
	if err != nil {
		return nil, err
	}
	byKind := map[fulltext.Kind][]string{}
	for id, item := range items {
		byKind[fulltext.KindOf(id)] = append(byKind[fulltext.KindOf(id)], item)
	}
	texts, err := s.desk.Texts(ctx, byKind)
	if err != nil {
		return nil, err
	}
	out := make([]Hit, 0, len(page))
	for _, c := range page {
		row, ok := rows[c.number]
		if !ok {
			continue // nobody's to see any more since it was found
		}
		h := Hit{Row: row, Subject: q.Mark(row.Subject), Kind: fulltext.Title}
		if said, ok := texts[items[c.passage]]; ok {
			h.Kind, h.Author, h.At, h.File = fulltext.KindOf(c.passage), said.Author, said.At, said.File
			text := said.Text
			if h.File != "" {
				text = h.File + ": " + text
			}
			h.Passage, _ = q.Passage(text, width)
		}
		out = append(out, h)
	}
	return out, nil
}

// places name where something is found.
var places = map[fulltext.Kind]string{
	fulltext.Title: "subject", fulltext.Lead: "description", fulltext.Text: "message", fulltext.InternalText: "note", fulltext.File: "file", fulltext.InternalFile: "file",
}

// Place says what the passage is from: subject, description, message, note or file.
func (h Hit) Place() string { return places[h.Kind] }
