package search

import (
	"context"

	"bothways/internal/db"
	"bothways/internal/desk/read"
	"bothways/internal/fulltext"
	"bothways/internal/people"
)

// Care is what became of looking through the index.
type Care struct {
	Documents int      // of tickets and people
	Differ    []string // items whose index is not what they say
	Broken    []string // indexes that hold more or fewer documents than they should
}

// Check compares the index with everything that can be found. It is for who runs the installation and asks for no right.
func (s *Service) Check(ctx context.Context) (c Care, err error) {
	if c.Broken, err = fulltext.Broken(ctx, s.db.Read()); err != nil {
		return c, err
	}
	err = s.desk.EachDocuments(ctx, func(t read.Indexed) error {
		differ, err := fulltext.Differences(ctx, s.db.Read(), t.After, t.Number, t.Documents)
		c.Documents, c.Differ = c.Documents+len(t.Documents), append(c.Differ, differ...)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, s.eachPerson(ctx, func(personID string) error {
		d, err := people.Document(ctx, s.db.Read(), personID)
		if err != nil {
			return err
		}
		differs, err := fulltext.PersonDiffers(ctx, s.db.Read(), d)
		if c.Documents++; differs {
			c.Differ = append(c.Differ, personID)
		}
		return err
	})
}

// Rebuild writes the index anew, ticket by ticket, while everything goes on; told is called now and then with how many documents
// are done. What is read and written is one transaction a ticket, so nothing that changes meanwhile is lost.
func (s *Service) Rebuild(ctx context.Context, told func(done int)) (done int, err error) {
	tell := func(n int) {
		if (done+n)/1000 > done/1000 {
			told(done + n)
		}
		done += n
	}
	err = s.desk.EachNumber(ctx, func(after, number int64, ticketID string) error {
		n := 0
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = read.Reindex(ctx, tx, after, ticketID)
			return err
		})
		tell(n)
		return err
	})
	if err != nil {
		return done, err
	}
	err = s.eachPerson(ctx, func(personID string) error {
		tell(1)
		return s.db.Write(ctx, func(tx *db.Tx) error {
			d, err := people.Document(ctx, tx, personID)
			if err != nil {
				return err
			}
			return fulltext.Renew(ctx, tx, d)
		})
	})
	if err != nil {
		return done, err
	}
	if err := fulltext.Mend(ctx, s.db); err != nil {
		return done, err
	}
	return done, fulltext.Tidy(ctx, s.db, true)
}

func (s *Service) eachPerson(ctx context.Context, fn func(personID string) error) error {
	for after := ""; ; {
		ids, err := people.PersonIDs(ctx, s.db.Read(), after)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := fn(id); err != nil {
				return err
			}
			after = id
		}
	}
}
