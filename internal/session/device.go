package session

import "strings"

// Device returns a user agent as a person reads it, such as "Firefox on Linux".
func Device(agent string) string {
	find := func(names ...string) string {
		for i := 0; i+1 < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				return names[i+1]
			}
		}
		return ""
	}
	// The order matters: most browsers also name those that they resemble.
	app := find("Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox", "Firefox", "FxiOS", "Firefox",
		"CriOS", "Chrome", "Chromium", "Chromium", "Chrome", "Chrome", "Safari", "Safari", "okhttp", "An Android app",
		"CFNetwork", "An Apple app", "Apollo", "An app", "curl", "curl", "Go-http-client", "A Go program",
		"node", "A Node.js program", "python", "A Python program")
	system := find("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS X", "macOS",
		"Macintosh", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case app != "" && system != "":
		return app + " on " + system
	case app != "":
		return app
	case system != "":
		return "A program on " + system
	}
	return "An unknown device"
}
