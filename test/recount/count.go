package recount

// What happens to a case.
const (
	Opens      = "opens"
	Responds   = "responds" // IT says something, or takes the case up
	Asks       = "asks"     // IT asks the customer, whose turn it is then
	Answers    = "answers"  // the customer says something, and it is IT's turn
	ToSupplier = "to supplier"
	FromThem   = "from supplier"
	Waits      = "waits" // both agreed to
	WaitOver   = "wait over"
	Solves     = "solves" // and the customer is to confirm
	Rejects    = "rejects"
	EndsSilent = "ends in silence" // after a solution
	EndsOpen   = "ends unanswered"
	Reopens    = "reopens"
	Ranks      = "ranks" // a priority is set
)

// Act is one of those, at an instant.
type Act struct {
	At   int64
	What string
	Rank string // critical, high, medium or low
}

// Promise is one promise of one case and what became of it.
type Promise struct {
	Metric                       string
	Started, Ended, Target, Used int64
	Due                          int64  // of a broken one: when its time was used up
	State                        string // met, breached, void, running or paused
	closing                      bool   // it ended because the case did
	owed, broken, met            bool
}

// Count is what one case comes to.
type Count struct {
	Case     string
	Lifetime int64
	Seconds  map[string]int64 // by side: provider, customer, supplier, nobody
	Promises []*Promise
}

// Terms are targets in seconds by metric and priority ("" is any other), and the hours of both sides.
type Terms struct {
	Targets           map[string]map[string]int64
	Service, Customer *Hours
}

func (t Terms) target(metric, rank string) int64 {
	if s, ok := t.Targets[metric][rank]; ok {
		return s
	}
	return t.Targets[metric][""]
}

var ofCustomer = map[string]bool{"answer": true, "confirm": true}

// counter walks the acts of a case.
type counter struct {
	terms                         Terms
	c                             *Count
	side, under                   string // whose turn it is; whose it is when a wait is over
	rank                          string
	at, begun, ended              int64
	responded, solved, over, wait bool
	latest                        map[string]*Promise
}

// Of counts a case from its acts, the first of which opens it, up to an instant.
func Of(name string, acts []Act, terms Terms, now int64) *Count {
	k := counter{terms: terms, c: &Count{Case: name, Seconds: map[string]int64{}}, rank: "medium", latest: map[string]*Promise{}}
	for _, a := range acts {
		k.pass(a.At)
		k.act(a)
	}
	k.pass(now)
	end := now
	if k.over {
		end = k.ended
	}
	k.c.Lifetime = end - k.begun
	for _, p := range k.c.Promises {
		k.judge(p)
	}
	return k.c
}

// pass lets time go by.
func (k *counter) pass(to int64) {
	from := k.at
	k.at = to
	if k.side == "" {
		return
	}
	if k.over { // nobody's, and only part of the life if it is reopened
		return
	}
	k.c.Seconds[k.side] += to - from
	for _, p := range k.c.Promises {
		if !p.owed {
			continue
		}
		hours := k.terms.Service
		if k.side == "customer" {
			hours = k.terms.Customer
		}
		counts := k.side == "provider" || k.side == "supplier"
		if ofCustomer[p.Metric] {
			counts = k.side == "customer"
		}
		if !counts {
			continue
		}
		worked := hours.Between(from, to)
		if p.Due == 0 && worked > 0 && p.Used+worked >= p.Target {
			p.Due = hours.After(from, p.Target-p.Used)
		}
		p.Used += worked
		p.broken = p.broken || worked > 0 && p.Used > p.Target
	}
}

func (k *counter) begin(metric string) {
	p := &Promise{Metric: metric, Started: k.at, Target: k.terms.target(metric, k.rank), owed: true}
	k.c.Promises = append(k.c.Promises, p)
	k.latest[metric] = p
}

// owes says whether a promise of that kind is owed.
func (k *counter) owes(metric string) bool { return k.latest[metric] != nil && k.latest[metric].owed }

func (k *counter) stop(p *Promise, met bool) {
	p.owed, p.met, p.Ended = false, met, k.at
	p.broken = p.broken || p.Used > p.Target
}

func (k *counter) meet(metrics ...string) {
	for _, m := range metrics {
		if k.owes(m) {
			k.stop(k.latest[m], true)
		}
	}
}

// again: the same promise is owed once more.
func (k *counter) again(p *Promise) {
	if p == nil || p.owed {
		return
	}
	p.owed, p.met, p.closing, p.Ended = true, false, false, 0
	k.aim(p)
}

func (k *counter) aim(p *Promise) {
	now := k.terms.target(p.Metric, k.rank)
	if p.broken || now == p.Target {
		return
	}
	p.Target, p.Due = now, 0
	if p.Used >= now {
		p.Due = k.at
	}
}

func (k *counter) to(side string) {
	if k.wait {
		k.under = side
		return
	}
	k.side = side
}

func (k *counter) act(a Act) {
	switch a.What {
	case Opens:
		k.begun, k.side = k.at, "provider"
		k.begin("first_response")
		k.begin("resolution")
	case Ranks:
		k.rank = a.Rank
		for _, p := range k.c.Promises {
			if p.owed {
				k.aim(p)
			}
		}
	case Responds:
		k.responds()
	case Asks:
		k.responds()
		k.wait = false
		k.to("customer")
		k.begin("answer")
	case Answers, Rejects:
		k.hear()
	case ToSupplier:
		k.to("supplier")
	case FromThem:
		k.to("provider")
	case Waits:
		k.under, k.side, k.wait = k.side, "nobody", true
	case WaitOver:
		k.side, k.wait = k.under, false
	case Solves:
		k.responds()
		k.drop("answer", "confirm")
		k.meet("resolution")
		k.wait, k.solved = false, true
		k.to("customer")
		k.begin("confirm")
	default:
		k.endings(a)
	}
}

func (k *counter) endings(a Act) {
	switch a.What {
	case EndsSilent, EndsOpen:
		if a.What == EndsSilent && k.owes("confirm") {
			k.stop(k.latest["confirm"], false)
			k.latest["confirm"].broken = false
		}
		for _, p := range k.c.Promises {
			if p.owed {
				k.stop(p, false)
				p.closing = true
			}
		}
		k.over, k.solved, k.wait, k.ended, k.side = true, false, false, k.at, "nobody"
	case Reopens:
		k.c.Seconds["nobody"] += k.at - k.ended
		k.over, k.side = false, "provider"
		k.again(k.latest["resolution"])
		for _, m := range []string{"first_response", "next_response"} {
			if p := k.latest[m]; p != nil && p.closing {
				k.again(p)
			}
		}
	}
}

func (k *counter) responds() {
	k.responded = true
	k.meet("first_response", "next_response")
}

func (k *counter) drop(metrics ...string) {
	for _, p := range k.c.Promises {
		for _, m := range metrics {
			if p.Metric == m && p.owed {
				k.stop(p, false)
			}
		}
	}
}

// hear: the customer said something, so whatever they owed is done and IT is to answer.
func (k *counter) hear() {
	asked := false
	for _, p := range k.c.Promises {
		if p.owed && ofCustomer[p.Metric] {
			asked = true
			k.stop(p, true)
		}
	}
	if k.solved {
		k.solved = false
		k.again(k.latest["resolution"])
	}
	k.wait = false
	k.to("provider")
	if (k.responded || asked) && !k.owes("next_response") {
		k.begin("next_response")
	}
}

func (k *counter) judge(p *Promise) {
	switch {
	case p.broken || p.owed && p.Used > p.Target:
		p.State = "breached"
	case p.met:
		p.State = "met"
	case !p.owed:
		p.State = "void"
	case ofCustomer[p.Metric] == (k.side == "customer") && k.side != "nobody":
		p.State = "running"
	default:
		p.State = "paused"
	}
}
