#include "http/url.h"

#include <gtest/gtest.h>

namespace hookreel::http {
namespace {

TEST(ParseUrl, TakesUrlsApart) {
    const auto url = parse_url("HTTPS://Hook.Example.COM:8443/a/B%20c?d=E&f#fragment");
    ASSERT_TRUE(url) << url.error().detail;
    EXPECT_EQ(Url::Scheme::https, url->scheme);
    EXPECT_EQ("hook.example.com", url->host);
    EXPECT_EQ(8443, url->port);
    EXPECT_EQ("/a/B%20c?d=E&f", url->target);
    EXPECT_EQ("hook.example.com:8443", url->authority());
}

TEST(ParseUrl, FillsInWhatMayBeLeftOut) {
    struct Case {
        const char* text;
        const char* authority;
        std::uint16_t port;
        const char* target;
    };
    for (const auto& [text, authority, port, target] : {
             Case{"http://a", "a", 80, "/"},
             Case{"https://a", "a", 443, "/"},
             Case{"http://a:", "a", 80, "/"},
             Case{"http://a:443", "a:443", 443, "/"},
             Case{"https://a:443/", "a", 443, "/"},
             Case{"http://a?b=/c", "a", 80, "/?b=/c"},
             Case{"http://a#b", "a", 80, "/"},
             Case{"http://a.example./x", "a.example", 80, "/x"},
             Case{"http://[::1]:81/", "[::1]:81", 81, "/"},
             Case{"http://[2001:DB8:0:0::7]", "[2001:db8::7]", 80, "/"},
             Case{"http://127.0.0.1/", "127.0.0.1", 80, "/"},
             Case{"http://1a.2b/\xc3\xbc", "1a.2b", 80, "/\xc3\xbc"},
             Case{"http://a_b-c/", "a_b-c", 80, "/"},
         }) {
        const auto url = parse_url(text);
        ASSERT_TRUE(url) << text << ": " << url.error().detail;
        EXPECT_EQ(authority, url->authority()) << text;
        EXPECT_EQ(port, url->port) << text;
        EXPECT_EQ(target, url->target) << text;
    }
}

TEST(ParseUrl, RefusesWhatIsNoUrlOrReadsInTwoWays) {
    for (const char* text : {
             "",
             "http",
             "http:",
             "http:/",
             "http://",
             "http:///a",
             "http://:80/",
             "//a/",
             "/a",
             "ftp://a/",
             "file:///etc/passwd",
             "gopher://a/",
             "javascript://a/",
             "http ://a/",
             "http://u@a/",
             "http://u:p@a/",
             "http://a@127.0.0.1/",
             "http://@a/",
             "http://a:0/",
             "http://a:65536/",
             "http://a:99999999999/",
             "http://a:8 0/",
             "http://a:-1/",
             "http://a:+80/",
             "http://a:0x50/",
             "http://a:80:80/",
             "http://a b/",
             "http://a/b c",
             "http://a/\tb",
             "http://a/\r\nX: y",
             "http://a/\x7f",
             "http://a..b/",
             "http://.a/",
             "http://./",
             "http://a\\b/",
             "http://a%2eb/",
             "http://a*/",
             "http://b\xc3\xbc"
             "cher.example/",
             "http://[::1/",
             "http://[]/",
             "http://[127.0.0.1]/",
             "http://[fe80::1%25eth0]/",
             "http://[fe80::1%eth0]/",
             "http://[::1]80/",
             "http://[::g]/",
             "http://::1/",
         })
        EXPECT_FALSE(parse_url(text)) << text;
    const std::string_view with_nul("http://a/\0b", 11);
    EXPECT_FALSE(parse_url(with_nul));
}

TEST(ParseUrl, RefusesOtherSpellingsOfHosts) {
    for (const char* text : {
             // Percent-encoded, full-width, with other dots, with names
             // that other readers would take for the host.
             "http://%31%32%37.0.0.1/",
             "http://127%2e0%2e0%2e1/",
             "http://localhost%00.example.com/",
             "http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/",
             "http://127\xe3\x80\x82"
             "0\xe3\x80\x82"
             "0\xe3\x80\x82"
             "1/",
             "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1/",
             "http://good.example@127.0.0.1/",
             "http://good.example:80@127.0.0.1/",
             "http://127.0.0.1@good.example/",
             "http://127.0.0.1\\@good.example/",
             "http://good.example\\.127.0.0.1/",
             "http://127.0.0.1:80\\@good.example/",
             "http://[::ffff:127.0.0.1%25lo]/",
             "http://[::ffff:0177.0.0.1]/",
             "http://[::ffff:127.1]/",
             "http://[0:0:0:0:0:0:0:0:1]/",
             "http://[v1.fe80]/",
             "http:127.0.0.1/",
             "http:\\\\127.0.0.1/",
             "http://;127.0.0.1/",
             "http://good.example&@127.0.0.1/",
         })
        EXPECT_FALSE(parse_url(text)) << text;
}

// A resolver may read these as addresses, as 127.0.0.1 mostly.
TEST(ParseUrl, RefusesNumbersThatAreNoPlainAddress) {
    for (const char* host : {"2130706433",
                             "017700000001",
                             "0x7f000001",
                             "0x7f.1",
                             "127.1",
                             "127.0.1",
                             "0177.0.0.1",
                             "127.0.0.01",
                             "127.0.0.0x1",
                             "0x7f.0.0.1",
                             "127.0.0.1.1",
                             "256.0.0.1",
                             "1.2.3.4.5",
                             "0",
                             "a.1",
                             "a.0x1",
                             "0x",
                             "1.2.3.256",
                             "127.0.0.1..",
                             "00000127.0.0.1",
                             "a.0x",
                             "0X7F.1",
                             "0x7F000001",
                             "1.2.3",
                             "1.65535",
                             "0.0.0.0x0",
                             "00.0.0.0",
                             "08.8.8.8",
                             "4294967296",
                             "169.254.43518",
                             "0251.0376.0251.0376",
                             "0xa9.0xfe.0xa9.0xfe",
                             "a9fe.0xa9fe"})
        EXPECT_FALSE(parse_url(std::string("http://") + host + "/")) << host;
    EXPECT_EQ("127.0.0.1", parse_url("http://127.0.0.1./")->host);
}

// What is behind the host does not move it.
TEST(ParseUrl, TakesTheHostThatEverybodyElseTakes) {
    EXPECT_EQ("127.0.0.1", parse_url("http://127.0.0.1#@good.example/")->host);
    EXPECT_EQ("127.0.0.1", parse_url("http://127.0.0.1?@good.example/")->host);
    EXPECT_EQ("127.0.0.1", parse_url("http://127.0.0.1/@good.example/")->host);
    EXPECT_EQ("good.example", parse_url("http://good.example/@127.0.0.1/")->host);
    EXPECT_EQ("xn--bcher-kva.example", parse_url("http://xn--bcher-kva.example/")->host);
    EXPECT_EQ("::ffff:127.0.0.1", parse_url("http://[::ffff:7f00:1]/")->host);
    EXPECT_EQ("localhost", parse_url("http://LOCALHOST./")->host);
}

TEST(ParseUrl, LimitsLengths) {
    const std::string longest_label(63, 'a');
    EXPECT_TRUE(parse_url("http://" + longest_label + ".example/"));
    EXPECT_FALSE(parse_url("http://" + longest_label + "a.example/"));
    std::string host = longest_label + "." + longest_label + "." + longest_label + ".";
    EXPECT_TRUE(parse_url("http://" + host + std::string(61, 'a') + "/"));
    EXPECT_FALSE(parse_url("http://" + host + std::string(62, 'a') + "/"));
    EXPECT_TRUE(parse_url("http://a/" + std::string(8 * 1024 - 9, 'a')));
    EXPECT_FALSE(parse_url("http://a/" + std::string(8 * 1024 - 8, 'a')));
}

TEST(Url, ResolvesReferences) {
    const Url base = *parse_url("https://host:8443/a/b/list.m3u8?x=1");
    const auto at = [&base](std::string_view reference) {
        const auto url = resolve(base, reference);
        return url ? url->authority() + url->target : url.error().detail;
    };
    EXPECT_EQ(at("seg.ts"), "host:8443/a/b/seg.ts");
    EXPECT_EQ(at("c/seg.ts?y=2#z"), "host:8443/a/b/c/seg.ts?y=2");
    EXPECT_EQ(at("/seg.ts"), "host:8443/seg.ts");
    EXPECT_EQ(at("../seg.ts"), "host:8443/a/seg.ts");
    EXPECT_EQ(at("../../../../seg.ts"), "host:8443/seg.ts");
    EXPECT_EQ(at("./"), "host:8443/a/b/");
    EXPECT_EQ(at(".."), "host:8443/a/");
    EXPECT_EQ(at("?y=2"), "host:8443/a/b/list.m3u8?y=2");
    EXPECT_EQ(at(""), "host:8443/a/b/list.m3u8?x=1");
    EXPECT_EQ(at("//other/x"), "other/x");
    EXPECT_EQ(at("http://other/x"), "other/x");
    EXPECT_EQ(resolve(base, "http://other/x")->scheme, Url::Scheme::http);
    EXPECT_EQ(at("a//b"), "host:8443/a/b/a//b");
    for (const auto* bad : {"file:///etc/passwd", "javascript:x", "http://user@host/", "a b", "//",
                            "http://[::1%25eth0]/"})
        EXPECT_FALSE(resolve(base, bad)) << bad;
}

}  // namespace
}  // namespace hookreel::http
