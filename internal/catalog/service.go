package catalog

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"bothways/internal/audit"
	"bothways/internal/auth"
	"bothways/internal/db"
	"bothways/internal/kit/clock"
	"bothways/internal/kit/errs"
	"bothways/internal/kit/id"
	"bothways/internal/kit/page"
	"bothways/internal/kit/text"
)

// Parties answers for who there is.
type Parties interface {
	// Owns says whether a person can be the owner of a service: they exist and are enabled.
	Owns(ctx context.Context, q db.Querier, personID string) (bool, error)
	// Buys says whether an organisation can be a customer.
	Buys(ctx context.Context, q db.Querier, orgID string) (bool, error)
}

// Catalog keeps the services. It is safe for concurrent use.
type Catalog struct {
	db      *db.DB
	clk     clock.Clock
	parties Parties
}

// New makes the catalog.
func New(d *db.DB, clk clock.Clock, p Parties) *Catalog { return &Catalog{db: d, clk: clk, parties: p} }

// Get reads a service. Errors: as auth.Can; NotFound.
func (c *Catalog) Get(ctx context.Context, by auth.Actor, serviceID string) (Service, error) {
	if err := auth.Somewhere(by, auth.ServiceRead); err != nil {
		return Service{}, err
	}
	return c.load(ctx, c.db.Read(), serviceID)
}

func (c *Catalog) load(ctx context.Context, q db.Querier, serviceID string) (Service, error) {
	w := db.NewWhere().And("s.id = ?", serviceID)
	s, err := scanService(q.QueryRow(ctx, sqlServices+w.SQL(), w.Args()...))
	if err != nil {
		return s, err
	}
	return s, c.fill(ctx, q, []*Service{&s})
}

// fill reads customers and dependencies of services.
func (c *Catalog) fill(ctx context.Context, q db.Querier, all []*Service) error {
	ids := make([]string, len(all))
	byID := map[string]*Service{}
	for i, s := range all {
		ids[i], byID[s.ID] = s.ID, s
	}
	w := db.NewWhere().In("service_id", ids...)
	rows, err := q.Query(ctx, sqlCustomers+w.SQL()+" ORDER BY org_id", w.Args()...)
	orgs, err := db.Collect(rows, err, scanPair)
	if err != nil {
		return err
	}
	for _, p := range orgs {
		byID[p[0]].Orgs = append(byID[p[0]].Orgs, p[1])
	}
	w = db.NewWhere().In("service_id", ids...)
	rows, err = q.Query(ctx, sqlNeeds+w.SQL()+" ORDER BY needs_id", w.Args()...)
	needs, err := db.Collect(rows, err, scanPair)
	for _, p := range needs {
		byID[p[0]].Needs = append(byID[p[0]].Needs, p[1])
	}
	return err
}

// NameOf is the name of a service, for whoever reads what names it by id. Errors: NotFound.
func NameOf(ctx context.Context, q db.Querier, serviceID string) (string, error) {
	w := db.NewWhere().And("s.id = ?", serviceID)
	s, err := scanService(q.QueryRow(ctx, sqlServices+w.SQL(), w.Args()...))
	return s.Name, err
}

// List lists services by name; ended ones too with ended. Errors: as auth.Can; Invalid for a cursor that is none.
func (c *Catalog) List(ctx context.Context, by auth.Actor, ended bool, cursor string, limit int) (page.List[Service], error) {
	if err := auth.Somewhere(by, auth.ServiceRead); err != nil {
		return page.List[Service]{}, err
	}
	at, err := page.Parse(cursor)
	if err != nil {
		return page.List[Service]{}, err
	}
	limit = page.Limit(limit)
	w := db.NewWhere()
	if !ended {
		w.And("s.ended_at = 0")
	}
	if cursor != "" {
		w.And("s.name_key > ?", at.Tie)
	}
	q := c.db.Read()
	rows, err := q.Query(ctx, sqlServices+w.SQL()+" ORDER BY s.name_key LIMIT "+w.Arg(limit+1), w.Args()...)
	all, err := db.Collect(rows, err, scanService)
	if err != nil {
		return page.List[Service]{}, err
	}
	l := page.Of(all, limit, func(s Service) page.Cursor { return page.Cursor{Key: 1, Tie: text.Fold(s.Name)} })
	refs := make([]*Service, len(l.Items))
	for i := range l.Items {
		refs[i] = &l.Items[i]
	}
	return l, c.fill(ctx, q, refs)
}

// Graph reads which service depends on which. Errors: as auth.Can.
func (c *Catalog) Graph(ctx context.Context, by auth.Actor) (Graph, error) {
	if err := auth.Somewhere(by, auth.ServiceRead); err != nil {
		return nil, err
	}
	return c.graph(ctx, c.db.Read())
}

func (c *Catalog) graph(ctx context.Context, q db.Querier) (Graph, error) {
	rows, err := q.Query(ctx, sqlNeeds)
	all, err := db.Collect(rows, err, scanPair)
	g := Graph{}
	for _, p := range all {
		g[p[0]] = append(g[p[0]], p[1])
	}
	return g, err
}

// Input is what Put writes: a new service, or another state of one that exists.
type Input struct {
	ID      string // "" makes a new one
	Version int64  // as read; 0 takes whatever it is
	Name    string
	About   string
	OwnerID string
	Orgs    []string
	Needs   []string
	Ended   bool
}

// Put makes or changes a service. Errors: as auth.Can; NotFound; Invalid, naming every field that is wrong, a circle among them; Stale
// when somebody changed it meanwhile; Conflict for a name in use.
func (c *Catalog) Put(ctx context.Context, by auth.Actor, in Input) (Service, error) {
	const op = "catalog.Put"
	if err := auth.Can(by, auth.ServiceManage, auth.Object{Kind: "service", ID: in.ID}); err != nil {
		return Service{}, err
	}
	var s Service
	err := c.db.Write(ctx, func(tx *db.Tx) error {
		old := Service{MadeAt: c.clk.Now()}
		if in.ID != "" {
			var err error
			if old, err = c.load(ctx, tx, in.ID); err != nil {
				return err
			}
		}
		if in.Version != 0 && in.Version != old.Version {
			return stale(op)
		}
		s = old
		s.Name, s.About, s.OwnerID = text.Line(in.Name), strings.TrimSpace(text.Body(in.About)), in.OwnerID
		s.Orgs, s.Needs = once(in.Orgs), once(in.Needs)
		switch {
		case !in.Ended:
			s.EndedAt = Service{}.EndedAt
		case !old.Ended():
			s.EndedAt = c.clk.Now()
		}
		if s.ID == "" {
			s.ID = id.New()
		}
		if err := c.check(ctx, tx, op, s); err != nil {
			return err
		}
		return c.write(ctx, tx, by, old, &s)
	})
	if err != nil {
		return Service{}, err
	}
	return s, nil
}

func once(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(s string) bool { return s == "" })
}

func stale(op string) error {
	return errs.New(errs.Stale, op, "Somebody changed this service since you read it. Read it again and repeat your change.")
}

func (c *Catalog) check(ctx context.Context, tx *db.Tx, op string, s Service) error {
	var fields []errs.Field
	bad := func(path, msg string) { fields = append(fields, errs.Field{Path: path, Msg: msg}) }
	if n := utf8.RuneCountInString(s.Name); n == 0 || n > 200 {
		bad("name", "Give it a name of 1 to 200 characters.")
	}
	if utf8.RuneCountInString(s.About) > 4000 {
		bad("about", "It has more than 4,000 characters. Shorten it.")
	}
	if ok, err := c.parties.Owns(ctx, tx, s.OwnerID); err != nil {
		return err
	} else if !ok {
		bad("owner", "A service has an owner. Write the mail address of somebody who can be.")
	}
	for _, o := range s.Orgs {
		if ok, err := c.parties.Buys(ctx, tx, o); err != nil {
			return err
		} else if !ok {
			bad("customers", "One of the customers is no organisation. Choose those of the list.")
			break
		}
	}
	if err := c.checkNeeds(ctx, tx, s, bad); err != nil {
		return err
	}
	if len(fields) > 0 {
		return &errs.E{Kind: errs.Invalid, Op: op, Msg: "Something in what you sent needs changing.", Fields: fields}
	}
	return nil
}

func (c *Catalog) checkNeeds(ctx context.Context, tx *db.Tx, s Service, bad func(path, msg string)) error {
	g, err := c.graph(ctx, tx)
	if err != nil {
		return err
	}
	for _, need := range s.Needs {
		if _, err := tx.Exec(ctx, sqlNeedLock, need); err != nil {
			return err
		}
		other, err := c.load(ctx, tx, need)
		if errs.Is(err, errs.NotFound) {
			bad("needs", "One of the services it depends on does not exist. Choose those of the list.")
			return nil
		}
		if err != nil {
			return err
		}
		if way := g.Way(need, s.ID); way != nil {
			bad("needs", "It can’t depend on "+other.Name+": that depends on this service already. Take one of the two away.")
		}
	}
	return nil
}

func (c *Catalog) write(ctx context.Context, tx *db.Tx, by auth.Actor, old Service, s *Service) error {
	const op = "catalog.Put"
	var n int64
	if err := tx.QueryRow(ctx, sqlServiceTaken, text.Fold(s.Name), s.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return errs.New(errs.Conflict, op, "There is a service called %q already. Give another name.", s.Name).Reason("name-taken")
	}
	verb := "service.update"
	if old.ID == "" {
		verb = "service.create"
		if _, err := tx.Exec(ctx, sqlServiceInsert, s.ID, s.Name, text.Fold(s.Name), s.About, s.OwnerID, clock.Micros(s.MadeAt), clock.Micros(s.EndedAt)); err != nil {
			return err
		}
	} else if rows, err := tx.Exec(ctx, sqlServiceUpdate, s.Name, text.Fold(s.Name), s.About, s.OwnerID, clock.Micros(s.EndedAt), s.ID, old.Version); err != nil {
		return err
	} else if rows == 0 {
		return stale(op)
	}
	s.Version = old.Version + 1
	if _, err := tx.Exec(ctx, sqlCustomerClear, s.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlNeedClear, s.ID); err != nil {
		return err
	}
	for _, o := range s.Orgs {
		if _, err := tx.Exec(ctx, sqlCustomerInsert, s.ID, o); err != nil {
			return err
		}
	}
	for _, o := range s.Needs {
		if _, err := tx.Exec(ctx, sqlNeedInsert, s.ID, o); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, audit.Entry{At: c.clk.Now(), Actor: by.ID(), Verb: verb, Object: "service", ObjectID: s.ID, Change: map[string]any{
		"owner": [2]string{old.OwnerID, s.OwnerID}, "customers": [2][]string{old.Orgs, s.Orgs}, "needs": [2][]string{old.Needs, s.Needs},
		"ended": [2]bool{old.Ended(), s.Ended()}, "renamed": old.ID != "" && old.Name != s.Name, "about": old.About != s.About,
	}})
}
