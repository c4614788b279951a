package web

import (
	"net/http"
	"slices"

	"bothways/internal/web/gallery"
	"bothways/internal/web/serve"
	"bothways/internal/web/sign"
	"bothways/internal/web/ui"
)

// public is the frame of a page that anybody may see.
func (v *visit) public(title string) ui.PortalFrame {
	return ui.PortalFrame{Doc: v.doc(title), Reader: v.reader, Home: "/", Help: v.help(), Toast: v.toast(), Nav: []ui.Link{{Label: "Desk", Href: "/", Icon: ui.IconHome}, {Label: "Mail", Href: "/inbox", Icon: ui.IconMail}}}
}

// casts are the people whom one click makes you, by their part.
func (s *site) casts() []sign.Cast {
	var out []sign.Cast
	for _, l := range s.Logins {
		if len(out) == 0 || out[len(out)-1].Title != l.Part {
			out = append(out, sign.Cast{Title: l.Part})
		}
		side := ui.Customer
		if l.Staff {
			side = ui.Provider
		}
		c := &out[len(out)-1]
		c.People = append(c.People, sign.Role{Name: l.Name, What: l.What, Address: l.Address, Side: side})
	}
	return out
}

// signInAs signs in as one of them, the way the form does with an address and a password.
func (s *site) signInAs(v *visit) error {
	f, err := serve.ReadWords(v.w, v.r)
	if err != nil {
		return err
	}
	as := f.Value("as")
	if !slices.ContainsFunc(s.Logins, func(l Login) bool { return l.Address == as }) {
		return s.nothing(v)
	}
	delete(f.Values, "as")
	f.Values["email"], f.Values["password"] = as, s.Password
	return s.letIn(v, f)
}

// showGallery is every part of the pages in every state.
func (s *site) showGallery(v *visit) error {
	name := v.r.PathValue("name")
	if name == "" {
		name = "parts"
	}
	for _, p := range gallery.Pages(v.doc("").Theme) {
		if p.Name == name {
			s.render(v, http.StatusOK, p.View)
			return nil
		}
	}
	return s.nothing(v)
}
