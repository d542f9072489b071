// SPDX-License-Identifier: GPL-3.0-or-later
#include "packaging/demo/agents.h"

namespace demo {

namespace {

// clang-format off
#define CHROME_HINTS R"("Google Chrome";v="137", "Chromium";v="137", "Not/A)Brand";v="24")"
#define EDGE_HINTS R"("Microsoft Edge";v="137", "Chromium";v="137", "Not/A)Brand";v="24")"

constexpr Browser people[] = {
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", 26, true},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1", 8, true},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0.7151.51 Mobile/15E148 Safari/604.1", 4, true},
    {"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36", 34, true, "", CHROME_HINTS, "\"Android\""},
    {"Mozilla/5.0 (Linux; Android 14; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", 8, true},
    {"Mozilla/5.0 (Android 15; Mobile; rv:139.0) Gecko/139.0 Firefox/139.0", 2, true},
    {"Mozilla/5.0 (Linux; U; Android 13; en-us; 2201117TY Build/TKQ1.221114.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.12.0-gn", 2, true},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76 Instagram 384.0.0.25.88 (iPhone15,4; iOS 18_5; en_GB; en; scale=3.00; 1179x2556; 744180022; IABMV/1)", 9, true, "instagram"},
    {"Mozilla/5.0 (Linux; Android 14; SM-G991B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/136.0.7103.125 Mobile Safari/537.36 Instagram 383.1.0.48.78 Android (34/14; 480dpi; 1080x2176; samsung; SM-G991B; o1s; exynos2100; de_DE; 740133456)", 9, true, "instagram"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76 [FBAN/FBIOS;FBAV/515.0.0.54.90;FBBV/738812034;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBCR/;FBID/phone;FBLC/fr_FR;FBOP/80]", 5, true, "facebook"},
    {"Mozilla/5.0 (Linux; Android 13; SM-A145R Build/TP1A.220624.014; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/136.0.7103.125 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/514.1.0.47.73;IABMV/1;]", 5, true, "facebook"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_39.7.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US BytedanceWebview/d8a21c6", 6, true, "tiktok"},
    {"Mozilla/5.0 (Linux; Android 13; M2101K6G Build/TKQ1.221013.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/136.0.7103.60 Mobile Safari/537.36 trill_390703 JsSdk/1.0 NetType/MOBILE Channel/googleplay AppName/musical_ly app_version/39.7.3 ByteLocale/pt-BR BytedanceWebview/d8a21c6", 6, true, "tiktok"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.31.1128", 2, true, "linkedin"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/15.7.1", 2, true, "line"},
    {"Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", 3, false},
    {"Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36", 2, false},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36", 18, false, "", CHROME_HINTS, "\"Windows\""},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0", 8, false, "", EDGE_HINTS, "\"Windows\""},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0", 5, false},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", 6, false},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36", 6, false, "", CHROME_HINTS, "\"macOS\""},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0", 2, false},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36", 1, false, "", CHROME_HINTS, "\"Chrome OS\""},
};

constexpr Robot sharePreviews[] = {
    {"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
    {"WhatsApp/2.25.16.81 A"}, {"WhatsApp/2.25.15.74 i"},
    {"TelegramBot (like TwitterBot)"}, {"Twitterbot/1.0"},
    {"Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
    {"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
    {"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
    {"Pinterestbot/1.0 (+https://www.pinterest.com/bot.html)"},
    {"Mastodon/4.3.8 (http.rb/5.2.0; +https://mastodon.social/)"},
};

constexpr Robot mailScanners[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Proofpoint URL Defense"},
    {"Mimecast-URL-Protect/1.0", true},
    {"Barracuda Sentinel (EE)", true},
    {"Mozilla/5.0 (compatible; Zscaler-URLScan/2.1)"},
    {"Mozilla/4.0 (compatible; ms-office; MSOffice 16)", true},
};

constexpr Robot anyTime[] = {
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)"},
    {"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)"},
    {"Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"}, {"Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)"},
    {"Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", true}, {"Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", true},
    {"curl/8.14.1"}, {"python-requests/2.32.3"}, {"Go-http-client/2.0"}, {"okhttp/4.12.0"}, {""},
    {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/136.0.0.0 Safari/537.36"},
    {"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 212 subscribers)"}, {"Mozilla/5.0 (compatible; Nuclei - Open-source project)"},
};
// clang-format on

} // namespace

std::span<const Browser> browsers()
{
    return people;
}

std::span<const Robot> previews()
{
    return sharePreviews;
}

std::span<const Robot> scanners()
{
    return mailScanners;
}

std::span<const Robot> background()
{
    return anyTime;
}

} // namespace demo
