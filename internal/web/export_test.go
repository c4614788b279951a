package web

// Route is a route as the tests of the pages see it.
type Route struct {
	Method, Path string
	Staff        bool // behind the staff's door
	Public       bool // for anybody
}

// Routes lists them all.
func Routes() []Route {
	var out []Route
	for _, r := range (&site{}).allRoutes() {
		out = append(out, Route{r.method, r.path, r.door == forStaff, r.door == forAnyone || r.door == forDemo})
	}
	return out
}
