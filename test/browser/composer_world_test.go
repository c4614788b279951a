package browser

import (
	"github.com/go-rod/rod/lib/proto"

	"bothways/internal/auth"
	"bothways/internal/desk"
	"bothways/test/browser/chromium"
)

func (w *world) run() {
	w.t.Helper()
	if err := w.app.Jobs.RunDue(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) note(address, ref, body string) {
	w.t.Helper()
	if _, err := w.app.Desk.AddNote(ctx, w.staff(address), desk.NoteInput{Number: w.ticket(ref).Number, Body: body}); err != nil {
		w.t.Fatal(err)
	}
}

// restart ends the program and starts it anew on the same data, under the same address.
func (w *world) restart() {
	w.t.Helper()
	w.down.Store(true)
	w.server.CloseClientConnections()
	if err := w.app.Stop(); err != nil {
		w.t.Fatal(err)
	}
	w.start()
	w.down.Store(false)
}

// merge has Kofi merge a ticket into another.
func (w *world) merge(ref, into string) {
	w.t.Helper()
	if _, err := w.app.Desk.Merge(ctx, w.staff(kofi), desk.Act{Number: w.ticket(ref).Number}, desk.MergeInput{Into: w.ticket(into).Number, Shared: true}); err != nil {
		w.t.Fatal(err)
	}
}

// endSessions signs somebody out everywhere.
func (w *world) endSessions(address string) {
	w.t.Helper()
	if err := w.app.Auth.EndAll(ctx, auth.SystemActor(), w.staff(address).PersonID); err != nil {
		w.t.Fatal(err)
	}
}

// offline takes the network from a tab, or gives it back.
func offline(x *chromium.Tab, on bool) {
	if err := (proto.NetworkEmulateNetworkConditions{Offline: on, DownloadThroughput: -1, UploadThroughput: -1}).Call(x); err != nil {
		panic(err)
	}
}
