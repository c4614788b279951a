package serve

import (
	"net/http"
	"strings"
)

// Browser is what a browser says it is, in words its owner knows: "Firefox on Windows". It is a claim, shown to its owner alone.
func Browser(r *http.Request) string {
	agent := r.UserAgent()
	first := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	program := first([2]string{"Edg/", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"Firefox/", "Firefox"}, [2]string{"Chrome/", "Chrome"}, [2]string{"Safari/", "Safari"}, [2]string{"curl/", "curl"})
	system := first([2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"}, [2]string{"Android", "Android"}, [2]string{"Windows", "Windows"}, [2]string{"Mac OS X", "Mac"}, [2]string{"CrOS", "ChromeOS"}, [2]string{"Linux", "Linux"})
	switch {
	case program == "" && system == "":
		return ""
	case program == "":
		return "A browser on " + system
	case system == "":
		return program
	}
	return program + " on " + system
}
