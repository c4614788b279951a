package palette

import "bothways/internal/web/ui/staff"

// Shortcuts are what the keyboard does in the workspace; asset keys.js knows them by their ids. What a page has not is not shown there.
var Shortcuts = []staff.KeyGroup{
	{Title: "Move", Keys: []staff.Shortcut{
		{ID: "next", Keys: []string{"J"}, Text: "Next ticket"},
		{ID: "previous", Keys: []string{"K"}, Text: "Previous ticket"},
		{ID: "open", Keys: []string{"Enter"}, Text: "Open", Fixed: true},
		{ID: "back", Keys: []string{"U"}, Text: "Back to the list"},
		{ID: "select", Keys: []string{"X"}, Text: "Select for a change of many"},
		{ID: "extend", Keys: []string{"Shift J"}, Or: []string{"Shift K"}, Text: "Select the next, the previous too", Fixed: true},
		{ID: "go-ours", Keys: []string{"G", "I"}, Text: "Our turn", Fixed: true},
		{ID: "go-theirs", Keys: []string{"G", "T"}, Text: "Their turn", Fixed: true},
		{ID: "go-changes", Keys: []string{"G", "C"}, Text: "Changes", Fixed: true},
		{ID: "go-scorecards", Keys: []string{"G", "S"}, Text: "Scorecards", Fixed: true},
		{ID: "go-behind", Keys: []string{"G", "B"}, Text: "Behind the scenes", Fixed: true},
	}},
	{Title: "Act", Keys: []staff.Shortcut{
		{ID: "reply", Keys: []string{"R"}, Text: "Reply"},
		{ID: "note", Keys: []string{"N"}, Text: "Note for IT"},
		{ID: "turn", Keys: []string{"T"}, Text: "Pass the turn"},
		{ID: "assign", Keys: []string{"A"}, Text: "Assign"},
		{ID: "take", Keys: []string{"I"}, Text: "Take it"},
		{ID: "resolve", Keys: []string{"E"}, Text: "Resolve and ask to confirm"},
		{ID: "wait", Keys: []string{"S"}, Text: "Wait until a date"},
		{ID: "undo", Keys: []string{"Z"}, Text: "Undo"},
		{ID: "copy", Keys: []string{"."}, Text: "Copy the number; twice with the title, three times the link"},
	}},
	{Title: "Find", Keys: []staff.Shortcut{
		{ID: "palette", Keys: []string{"Ctrl K"}, Or: []string{"⌘ K"}, Text: "Command menu, also while writing", Fixed: true},
		{ID: "search", Keys: []string{"/"}, Text: "Search"},
		{ID: "filter", Keys: []string{"F"}, Text: "Filter the list"},
		{ID: "help", Keys: []string{"?"}, Text: "This help"},
	}},
	{Title: "Write", Keys: []staff.Shortcut{
		{Keys: []string{"Ctrl Enter"}, Or: []string{"⌘ Enter"}, Text: "Send", Fixed: true},
		{Keys: []string{"Esc"}, Text: "Leave the text; it is kept", Fixed: true},
	}},
}
