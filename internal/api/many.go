package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"bothways/internal/api/host"
	"bothways/internal/api/many"
	"bothways/internal/auth"
	"bothways/internal/bulk"
	"bothways/internal/desk/view"
	"bothways/internal/kit/clock"
)

// ByID names a view or a change of many.
type ByID struct {
	ID string `path:"id"`
}

type runOut struct{ Body many.BulkRun }

// ViewAt names a view, and the version of it that the caller has read.
type ViewAt struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The ETag of the answer you read: refused with 412 when somebody changed the view since."`
}

type viewOut struct {
	ETag string `header:"ETag" doc:"The version, for If-Match."`
	Body many.SavedView
}

// manyTickets registers what is done with many tickets at once; package many holds the shapes.
func (h *Handler) manyTickets() {
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "tickets.csv", Verb: auth.TicketRead, Summary: "Take tickets out as CSV, as far as you may read them", Binary: true}, h.exportTickets)
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "views", Verb: auth.TicketRead, Summary: "List your views and those shared with you"}, func(ctx context.Context, by auth.Actor, _ *struct{}) (*host.ListOut[many.SavedView], error) {
		all, err := h.Many.Views.List(ctx, by)
		if err != nil {
			return nil, err
		}
		out, err := h.Many.Show(ctx, by, all...)
		return host.ListOf(out, ""), err
	})
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "views", Verb: auth.ViewKeep, Summary: "Keep a filter as a view", Status: http.StatusCreated}, func(ctx context.Context, by auth.Actor, in *struct{ Body many.SavedViewInput }) (*viewOut, error) {
		v, err := h.Many.Create(ctx, by, in.Body)
		return h.viewOut(ctx, by, v, err)
	})
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "views/{id}", Verb: auth.TicketRead, Summary: "Read a view"}, func(ctx context.Context, by auth.Actor, in *ByID) (*viewOut, error) {
		v, err := h.Many.Views.Get(ctx, by, in.ID)
		return h.viewOut(ctx, by, v, err)
	})
	host.Handle(h.host, host.Route{Method: http.MethodPut, Path: "views/{id}", Verb: auth.ViewKeep, Summary: "Change a view"}, func(ctx context.Context, by auth.Actor, in *struct {
		ViewAt
		Body many.SavedViewInput
	}) (*viewOut, error) {
		version, err := host.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		v, err := h.Many.Update(ctx, by, in.ID, version, in.Body)
		return h.viewOut(ctx, by, v, err)
	})
	host.Handle(h.host, host.Route{Method: http.MethodDelete, Path: "views/{id}", Verb: auth.ViewKeep, Summary: "Delete a view", Status: http.StatusNoContent}, func(ctx context.Context, by auth.Actor, in *ViewAt) (*struct{}, error) {
		version, err := host.Version(in.IfMatch)
		if err != nil {
			return nil, err
		}
		return nil, h.Many.Views.Delete(ctx, by, in.ID, version)
	})
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "bulk/preview", Verb: auth.TicketWork, Summary: "Say what a change of many would do; nothing is written"}, func(ctx context.Context, by auth.Actor, in *struct{ Body many.BulkInput }) (*host.ListOut[many.BulkItem], error) {
		out, err := h.Many.Preview(ctx, by, in.Body)
		return host.ListOf(out, ""), err
	})
	run := func(r bulk.Run, err error) (*runOut, error) { return &runOut{many.Outcome(r)}, err }
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "bulk", Verb: auth.TicketWork, Summary: "Change many tickets; each answers for itself", Status: http.StatusCreated}, func(ctx context.Context, by auth.Actor, in *struct{ Body many.BulkInput }) (*runOut, error) {
		r, err := h.Many.Do(ctx, by, in.Body)
		callOf(ctx).acted = err == nil
		return run(r, err)
	})
	host.Handle(h.host, host.Route{Method: http.MethodGet, Path: "bulk/{id}", Verb: auth.TicketWork, Summary: "Read what became of a change of many"}, func(ctx context.Context, by auth.Actor, in *ByID) (*runOut, error) {
		return run(h.Many.Bulk.Get(ctx, by, in.ID))
	})
	host.Handle(h.host, host.Route{Method: http.MethodPost, Path: "bulk/{id}/undo", Verb: auth.TicketWork, Summary: "Take a change of many back, within 15 minutes"}, func(ctx context.Context, by auth.Actor, in *ByID) (*runOut, error) {
		return run(h.Many.Bulk.Undo(ctx, by, in.ID))
	})
}

func (h *Handler) viewOut(ctx context.Context, by auth.Actor, v view.View, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	all, err := h.Many.Show(ctx, by, v)
	if err != nil {
		return nil, err
	}
	return &viewOut{ETag: host.Tag(v.Version), Body: all[0]}, nil
}

func (h *Handler) exportTickets(ctx context.Context, by auth.Actor, in *struct {
	Q    string `query:"q" doc:"The language of filters, as in the list of tickets."`
	Sort string `query:"sort" doc:"due, made, changed, priority or since; a minus before it turns it round."`
}) (*download, error) {
	write, err := h.Many.Export(ctx, by, in.Q, in.Sort)
	if err != nil {
		return nil, err
	}
	return &download{Type: "text/csv; charset=utf-8; header=present", Disposition: disposition("tickets.csv"), Policy: "sandbox; default-src 'none'", Body: func(c huma.Context) {
		w := c.BodyWriter()
		if err := write(c.Context(), w, func() {
			if f, ok := w.(http.Flusher); ok {
				f.Flush()
			}
		}); err != nil {
			h.log.Warn("a file broke off", "error", err)
			if rw, ok := w.(http.ResponseWriter); ok {
				_ = http.NewResponseController(rw).SetWriteDeadline(clock.FromMicros(1)) // whoever reads it is not to take it for whole
			}
		}
	}}, nil
}
