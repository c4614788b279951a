package api_test

import (
	"time"

	"bothways/internal/auth"
	"bothways/internal/calendar"
	"bothways/internal/catalog"
	"bothways/internal/kit/id"
	"bothways/internal/people"
)

// fresh makes somebody of Acme at Harbour whom nobody has changed yet.
func fresh(w *world, _ string) string {
	p, err := w.people.CreatePerson(ctx, sys, people.PersonInput{Name: "Somebody", OrgID: w.acme.ID, SiteID: w.harbour.ID})
	w.must(err)
	return p.ID
}

func granted(w *world, _ string) string {
	g, err := w.people.Grant(ctx, sys, people.GrantInput{PersonID: fresh(w, ""), Role: auth.SiteContact, Scope: auth.Site, ScopeID: w.harbour.ID})
	w.must(err)
	return g.ID
}

func absent(w *world, _ string) string {
	a, err := w.people.AddAbsence(ctx, sys, people.AbsenceInput{PersonID: fresh(w, "")})
	w.must(err)
	return a.ID
}

func tokenOfAnna(w *world, _ string) string {
	_, t, err := w.auth.CreateToken(ctx, sys, w.persons[anna].ID, "x", nil, time.Time{})
	w.must(err)
	return t.ID
}

func listOfAdmin(w *world, _ string) string {
	a, err := w.people.ActorOf(ctx, w.persons[admin].ID)
	w.must(err)
	r, err := w.lists.Upload(ctx, a, "x.csv", w.acme.ID, []byte("name,email\nX,x@acme.example\n"))
	w.must(err)
	return r.ID
}

func aService(w *world, _ string) string {
	s, err := w.catalog.Put(ctx, sys, catalog.Input{Name: id.New(), OwnerID: w.persons[agent].ID})
	w.must(err)
	return s.ID
}

func aCalendar(w *world, _ string) string {
	d, err := w.cals.Create(ctx, sys, id.New(), calendar.Spec{TZ: "UTC", Week: map[string][][2]string{}})
	w.must(err)
	return d.ID
}

func siteOfAnna(w *world, _ string) string { return w.harbour.ID }
func acmeItself(w *world, _ string) string { return w.acme.ID }
func theNetwork(w *world, _ string) string { return w.network.ID }
func nothingAt(*world, string) string      { return id.New() }

// adminTries are the rows of administration.
func init() {
	for k, v := range map[string]try{
		"GET people/{id}": {ready: fresh}, "POST people": {body: obj{"name": "New", "site_id": "none"}}, // no such site: 422 for who may
		"PATCH people/{id}": {ready: fresh, body: obj{"name": "Other"}}, "POST people/{id}/disable": {ready: fresh}, "POST people/{id}/enable": {ready: fresh}, "POST people/{id}/password-link": {ready: fresh},
		"POST people/{id}/addresses": {ready: fresh, body: obj{"address": "no address"}}, "POST addresses/remove": {body: obj{"address": "nobody@nowhere.example"}},
		"GET people/{id}/grants": {ready: fresh}, "POST people/{id}/grants": {ready: fresh, body: obj{"role": "agent", "scope": "everywhere"}}, "POST grants/{id}/revoke": {ready: granted, body: obj{}},
		"POST imports": {body: obj{"file_name": "x.csv", "content": "bmFtZSxlbWFpbApYLHhAYWNtZS5leGFtcGxlCg=="}}, "GET imports/{id}": {ready: listOfAdmin}, "GET imports/{id}/rows": {ready: listOfAdmin},
		"POST imports/{id}/start": {ready: listOfAdmin}, "POST imports/{id}/stop": {ready: listOfAdmin},
		"GET organisations": {}, "POST organisations": {body: obj{"name": ""}}, "PATCH organisations/{id}": {ready: acmeItself, body: obj{"name": ""}},
		"POST sites": {body: obj{"organisation_id": "none", "name": "", "zone": "UTC"}}, "PATCH sites/{id}": {ready: siteOfAnna, body: obj{"headcount": 12}},
		"GET sites/{id}/rooms": {ready: siteOfAnna}, "POST sites/{id}/rooms": {ready: siteOfAnna, body: obj{"name": ""}},
		"GET services": {}, "POST services": {body: obj{"name": "", "owner_id": ""}}, "POST services/{id}": {ready: aService, body: obj{"name": "", "owner_id": ""}},
		"POST teams": {body: obj{"name": "", "kind": "desk"}}, "PATCH teams/{id}": {ready: theNetwork, body: obj{"name": ""}},
		"POST teams/{id}/members/add": {ready: theNetwork, body: obj{"person_id": "00000000-0000-7000-8000-000000000009"}}, "POST teams/{id}/members/remove": {ready: theNetwork, body: obj{"person_id": "00000000-0000-7000-8000-000000000009"}},
		"GET teams/{id}/roster": {ready: theNetwork}, "POST teams/{id}/roster": {ready: theNetwork, body: obj{"zone": "nowhere"}},
		"GET absences": {}, "POST absences": {body: obj{"person_id": "00000000-0000-7000-8000-000000000009"}}, "POST absences/{id}/end": {ready: absent},
		"GET calendars": {}, "POST calendars": {body: obj{"name": "", "spec": obj{"tz": "UTC", "week": obj{}}}}, "PATCH calendars/{id}": {ready: aCalendar, body: obj{"name": ""}},
		"GET health": {}, "POST mail/outbound/{id}/retry": {ready: nothingAt}, "POST mail/outbound/{id}/give-up": {ready: nothingAt}, "POST jobs/{id}/retry": {ready: nothingAt}, "GET audit": {},
		"GET tokens": {}, "POST tokens": {body: obj{"name": ""}}, "POST tokens/{id}/revoke": {ready: tokenOfAnna},
	} {
		tries[k] = v
	}
}
