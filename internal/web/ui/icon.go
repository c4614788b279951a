package ui

import "bothways/internal/web/asset"

// Icon names a symbol of the icon sprite.
type Icon string

// The icons in use. Every constant has a symbol of the same name in icons.svg;
// a test compares them.
const (
	IconAlert    Icon = "alert"
	IconAt       Icon = "at"
	IconBell     Icon = "bell"
	IconBook     Icon = "book"
	IconCalendar Icon = "cal"
	IconChart    Icon = "chart"
	IconCheck    Icon = "okc"
	IconChevron  Icon = "chev"
	IconClip     Icon = "clip"
	IconClock    Icon = "clock"
	IconDoor     Icon = "door"
	IconEye      Icon = "eye"
	IconFile     Icon = "file"
	IconFilter   Icon = "filter"
	IconFlag     Icon = "flag"
	IconGrid     Icon = "grid"
	IconHand     Icon = "hand"
	IconHelp     Icon = "help"
	IconHome     Icon = "home"
	IconImage    Icon = "img"
	IconInbox    Icon = "inbox"
	IconInfo     Icon = "info"
	IconKey      Icon = "key"
	IconKeys     Icon = "keys"
	IconLeft     Icon = "left"
	IconLock     Icon = "lock"
	IconMail     Icon = "mail"
	IconMoon     Icon = "moon"
	IconMore     Icon = "more"
	IconNote     Icon = "note"
	IconOut      Icon = "out"
	IconPause    Icon = "pause"
	IconPlus     Icon = "plus"
	IconReply    Icon = "reply"
	IconRight    Icon = "right"
	IconScale    Icon = "scale"
	IconSearch   Icon = "search"
	IconSend     Icon = "send"
	IconShield   Icon = "shield"
	IconStar     Icon = "star"
	IconSwap     Icon = "swap"
	IconUndo     Icon = "undo"
	IconUser     Icon = "user"
	IconUsers    Icon = "users"
	IconX        Icon = "x"
)

// iconBase is the sprite's address; the fragment selects the symbol.
var iconBase = asset.URL(asset.Icons) + "#"

func (i Icon) href() string { return iconBase + string(i) }

func (f File) icon() Icon {
	if len(f.Type) > 6 && f.Type[:6] == "image/" {
		return IconImage
	}
	return IconFile
}
