package web

import (
	"sync"
	"time"

	"bothways/internal/auth"
	"bothways/internal/web/admin"
	"bothways/internal/web/ui"
)

// alarms are kept for a moment: every page of the staff's asks.
type alarms struct {
	sync.Mutex
	at  time.Time
	all []string
}

const alarmsFor = 10 * time.Second

// alarm is what a page says at its top when something that runs by itself is not well: to who can read what it is.
func (v *visit) alarm() ui.Link {
	runs := auth.Can(v.by, auth.SystemRun, auth.Object{Kind: "system"}) == nil
	if v.Upkeep == nil || !runs && auth.Can(v.by, auth.MailRead, auth.Object{Kind: "mail"}) != nil {
		return ui.Link{}
	}
	k, now := &v.site.alarms, v.Clock.Now()
	k.Lock()
	defer k.Unlock()
	if age := now.Sub(k.at); k.at.IsZero() || age < 0 || age >= alarmsFor {
		all, err := v.Upkeep.Alarms(v.ctx(), auth.SystemActor())
		if err != nil {
			v.Log.Error("alarms can't be read", "error", err)
			return ui.Link{}
		}
		k.at, k.all = now, all
	}
	if len(k.all) == 0 {
		return ui.Link{}
	}
	l := ui.Link{Label: k.all[0], Href: admin.Base + "/mail/out"}
	if runs {
		l.Href = admin.Base + "/health"
	}
	if n := len(k.all); n > 1 {
		l.Label += " And " + ui.Count(n-1) + " more."
	}
	return l
}
