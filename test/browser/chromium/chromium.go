package chromium

import (
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
)

// names are what the program is called, by distribution.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// one is the browser of this test program: starting it takes longer than most tests.
var one struct {
	sync.Once
	browser  *rod.Browser
	launcher *launcher.Launcher
	err      error
}

// Main runs the tests of a package and ends their browser. TestMain calls it.
func Main(m *testing.M) int {
	defer func() {
		if one.browser != nil {
			_ = one.browser.Close()
		}
		if one.launcher != nil {
			one.launcher.Kill()
			one.launcher.Cleanup()
		}
	}()
	return m.Run()
}

// Browser is the browser of this test program, started by the first test that asks. Without BOTHWAYS_BROWSER the test is
// skipped; where no browser is installed it is skipped too, but fails with CI=true. The package's TestMain has to call Main.
func Browser(t testing.TB) *rod.Browser {
	t.Helper()
	if os.Getenv("BOTHWAYS_BROWSER") == "" {
		t.Skip("set BOTHWAYS_BROWSER=1 to try the pages in a browser")
	}
	bin := find()
	if bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("a browser is needed with CI=true: install chromium")
		}
		t.Skip("no chromium on this machine: install it to try the pages in a browser")
	}
	one.Do(func() { one.err = start(bin) })
	if one.err != nil {
		t.Fatalf("start %s: %v", bin, one.err)
	}
	return one.browser
}

func find() string {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

// start launches the browser. The pages' network is all it may use: no look-ups, no updates. Scroll bars and motion would
// make pictures differ.
func start(bin string) error {
	l := launcher.New().Bin(bin).NoSandbox(true).Leakless(false).Set("disable-background-networking").Set("hide-scrollbars").Set("force-prefers-reduced-motion")
	one.launcher = l
	u, err := l.Launch()
	if err != nil {
		return err
	}
	b := rod.New().ControlURL(u)
	if err := b.Connect(); err != nil {
		return err
	}
	one.browser = b
	return nil
}
