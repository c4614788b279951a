package web

import "bothways/internal/people"

// standIn says beside who has a ticket that they are away, and who acts meanwhile.
func (s *site) standIn(v *visit, t *shown, holder string) (string, error) {
	if t.Ticket.AssigneeID == "" || !t.Ticket.Open {
		return holder, nil
	}
	away, err := s.People.AwayNow(v.ctx(), s.DB.Read())
	if err != nil {
		return holder, err
	}
	acts, _ := away.Holder(t.Ticket.AssigneeID)
	switch acts {
	case t.Ticket.AssigneeID:
		return holder, nil
	case "":
		return holder + ", away: the team acts", nil
	}
	p, err := people.PersonByID(v.ctx(), s.DB.Read(), acts)
	return holder + ", away: " + p.Name + " acts", err
}
