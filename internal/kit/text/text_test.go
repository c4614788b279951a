package text_test

import (
	"testing"

	"bothways/internal/kit/text"
)

func TestLineCannotInject(t *testing.T) {
	for in, want := range map[string]string{
		"Hello\r\nBcc: x@y.test": "Hello Bcc: x@y.test",
		"  a\u2028b\x00c  ":      "a b c",
		"\u202Egpj.exe":          "gpj.exe",
		"tab\tand  two":          "tab and two",
		"\xff broken":            "\uFFFD broken",
	} {
		if got := text.Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldMakesOneKey(t *testing.T) {
	for _, pair := range [][2]string{{"Problème", "PROBLEME"}, {"Häusler", "hausler"}, {"Straße", "STRASSE"}} {
		if text.Fold(pair[0]) != text.Fold(pair[1]) {
			t.Errorf("%q and %q: %q, %q", pair[0], pair[1], text.Fold(pair[0]), text.Fold(pair[1]))
		}
	}
}

func TestCutAndBody(t *testing.T) {
	if got := text.Cut("Häuser am See", 7); got != "Häuser…" {
		t.Errorf("%q", got)
	}
	if got := text.Body("a\r\nb\rc\x00\x07d\te"); got != "a\nb\ncd\te" {
		t.Errorf("%q", got)
	}
}

func TestAttack12_NoCellIsAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+44 113 496 0001": "'+44 113 496 0001", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", "\r=1": "'\r=1", "": "", "Helen": "Helen", "'quoted'": "'quoted'", "a=b": "a=b",
	} {
		if got := text.Cell(in); got != want {
			t.Errorf("Cell(%q) = %q, want %q", in, got, want)
		}
		if back := text.Uncell(text.Cell(in)); back != in {
			t.Errorf("Uncell(Cell(%q)) = %q", in, back)
		}
	}
}
