package firefox

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// prefs close every connection that Firefox opens by itself, and keep it from asking
// or showing anything. What is left of them ends at the proxy that does not exist.
var prefs = map[string]any{
	// Everything but this machine goes through a proxy where nothing listens.
	"network.proxy.type":                                         1,
	"network.proxy.http":                                         "127.0.0.1",
	"network.proxy.http_port":                                    9,
	"network.proxy.ssl":                                          "127.0.0.1",
	"network.proxy.ssl_port":                                     9,
	"network.proxy.no_proxies_on":                                "localhost, 127.0.0.1",
	"network.proxy.allow_hijacking_localhost":                    false,
	"network.trr.mode":                                           5, // no DNS over HTTPS
	"network.dns.disablePrefetch":                                true,
	"network.prefetch-next":                                      false,
	"network.http.speculative-parallel-limit":                    0,
	"network.captive-portal-service.enabled":                     false,
	"network.connectivity-service.enabled":                       false,
	"app.update.enabled":                                         false,
	"app.update.disabledForTesting":                              true,
	"app.normandy.enabled":                                       false,
	"app.normandy.api_url":                                       "",
	"nimbus.rollouts.enabled":                                    false,
	"messaging-system.rsexperimentloader.enabled":                false,
	"messaging-system.rsexperimentloader.collection_id":          "",
	"services.settings.server":                                   "data:,#remote-settings-dummy/v1",
	"services.settings.poll_interval":                            31536000, // seconds
	"security.remote_settings.crlite_filters.enabled":            false,
	"security.remote_settings.intermediates.enabled":             false,
	"security.OCSP.enabled":                                      0,
	"browser.safebrowsing.malware.enabled":                       false,
	"browser.safebrowsing.phishing.enabled":                      false,
	"browser.safebrowsing.downloads.enabled":                     false,
	"browser.safebrowsing.update.enabled":                        false,
	"browser.safebrowsing.provider.google4.updateURL":            "",
	"browser.safebrowsing.provider.mozilla.updateURL":            "",
	"browser.region.network.url":                                 "",
	"browser.region.update.enabled":                              false,
	"browser.search.update":                                      false,
	"browser.newtabpage.enabled":                                 false,
	"browser.newtabpage.activity-stream.feeds.system.topstories": false,
	"browser.newtabpage.activity-stream.telemetry":               false,
	"browser.startup.homepage":                                   "about:blank",
	"browser.startup.page":                                       0,
	"browser.topsites.contile.enabled":                           false,
	"browser.aboutwelcome.enabled":                               false,
	"browser.shell.checkDefaultBrowser":                          false,
	"browser.tabs.firefox-view":                                  false,
	"browser.translations.enable":                                false,
	"browser.ml.enable":                                          false,
	"datareporting.healthreport.uploadEnabled":                   false,
	"datareporting.policy.dataSubmissionEnabled":                 false,
	"datareporting.usage.uploadEnabled":                          false,
	"toolkit.telemetry.enabled":                                  false,
	"toolkit.telemetry.unified":                                  false,
	"toolkit.telemetry.server":                                   "",
	"telemetry.fog.test.localhost_port":                          -1, // nothing is sent
	"dom.push.enabled":                                           false,
	"dom.push.connection.enabled":                                false,
	"dom.push.serverURL":                                         "",
	"extensions.update.enabled":                                  false,
	"extensions.systemAddon.update.enabled":                      false,
	"extensions.getAddons.cache.enabled":                         false,
	"extensions.blocklist.enabled":                               false,
	"geo.provider.network.url":                                   "",
	"media.gmp-manager.updateEnabled":                            false,
	"media.gmp-manager.url":                                      "",
	"media.gmp-provider.enabled":                                 false,
	"identity.fxaccounts.enabled":                                false,
	"signon.autofillForms":                                       false,
}

// userPrefs writes prefs as a profile's user.js.
func userPrefs() string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(prefs)) {
		fmt.Fprintf(&text, "user_pref(%q, %#v);\n", name, prefs[name])
	}
	return text.String()
}
