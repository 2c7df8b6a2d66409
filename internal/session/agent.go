package session

import (
	"strings"

	"tenantry/internal/access"
)

// mark is what betrays a program or a system in a user agent, and its name.
type mark struct{ in, name string }

// The order matters: most browsers also name those that they resemble, and most
// apps the system's own way of asking.
var (
	programs = []mark{
		{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"Edge/", "Edge"},
		{"OPR/", "Opera"}, {"OPT/", "Opera"}, {"OPiOS/", "Opera"}, {"Opera", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"}, {"YaBrowser/", "Yandex Browser"}, {"Vivaldi/", "Vivaldi"}, {"UCBrowser/", "UC Browser"},
		{"DuckDuckGo/", "DuckDuckGo"}, {"Ddg/", "DuckDuckGo"}, {"Silk/", "Silk"}, {"FBAN/", "Facebook"}, {"FBAV/", "Facebook"},
		{"Instagram ", "Instagram"}, {"GSA/", "The Google app"}, {"Focus/", "Firefox Focus"}, {"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"},
		{"CriOS/", "Chrome"}, {"HeadlessChrome/", "Headless Chrome"}, {"Chromium/", "Chromium"}, {"Electron/", "A desktop app"}, {"; wv)", "An Android app"},
		{"Chrome/", "Chrome"}, {"Trident/", "Internet Explorer"}, {"MSIE ", "Internet Explorer"}, {"Safari/", "Safari"}, {"AppleWebKit/", "An app"},
		{"okhttp/", "An Android app"}, {"Dalvik/", "An Android app"}, {"CFNetwork/", "An Apple app"}, {"apollo-ios", "An Apple app"}, {"Dart/", "A Flutter app"},
		{"curl/", "curl"}, {"Wget/", "Wget"}, {"HTTPie/", "HTTPie"}, {"PostmanRuntime/", "Postman"}, {"insomnia/", "Insomnia"},
		{"Go-http-client/", "A Go program"}, {"python", "A Python program"}, {"Python", "A Python program"}, {"aiohttp/", "A Python program"},
		{"axios/", "A Node.js program"}, {"node-fetch", "A Node.js program"}, {"undici", "A Node.js program"}, {"Java/", "A Java program"}, {"Apache-HttpClient/", "A Java program"},
	}
	systems = []mark{
		{"Windows Phone", "Windows Phone"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"iPod", "iPod"}, {"Android", "Android"}, {"CrOS", "ChromeOS"},
		{"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Macintosh", "macOS"}, {"macOS", "macOS"}, {"iOS", "iOS"}, {"FreeBSD", "FreeBSD"}, {"Linux", "Linux"},
	}
)

// agentLength is how much of a user agent is looked at, in bytes.
const agentLength = 300

// Device returns a user agent as a person reads it, such as "Firefox on Linux". Its
// words are its own: nothing that a stranger wrote is in them.
func Device(agent string) string {
	agent = agent[:min(len(agent), agentLength)]
	program, system := find(programs, agent), find(systems, agent)
	switch {
	case program == "An Android app", program == "An Apple app" && system == "":
		return program // which says as much as there is to say
	case program != "" && system != "":
		return program + " on " + system
	case program != "":
		return program
	case agent == "node":
		return "A Node.js program"
	case system != "":
		return "A program on " + system
	}
	return "An unknown device"
}

// from is what events of a person's own history keep of the client.
func from(by *access.Actor) map[string]any { return map[string]any{"device": Device(by.Agent)} }

func find(marks []mark, agent string) string {
	for _, m := range marks {
		if strings.Contains(agent, m.in) {
			return m.name
		}
	}
	return ""
}
