#include "app/config.h"

#include <gtest/gtest.h>

namespace hookreel::app {
namespace {

Environment environment(std::map<std::string, std::string> variables) {
    return
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
}

TEST(Config, HasTheDocumentedDefaults) {
    const Result<Config> config = read_config({}, environment({}), std::nullopt);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->data_dir, "./data");
    EXPECT_EQ(config->host, "127.0.0.1");
    EXPECT_EQ(config->port, 8080);
}

TEST(Config, PrefersFlagToEnvironmentToFile) {
    const ConfigFile file{"f", "data_dir = \"file\"\nlisten = \"127.0.0.3:3\"\njobs = 3\n"};
    const auto variables =
        environment({{"HOOKREEL_DATA_DIR", "variable"}, {"HOOKREEL_LISTEN", "127.0.0.2:2"}});
    const Flags flags = {{"data-dir", {"flag"}}};
    const Result<Config> config = read_config(flags, variables, file);
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->data_dir, "flag");
    EXPECT_EQ(config->host, "127.0.0.2");
    EXPECT_EQ(config->jobs, 3);
}

TEST(Config, TakesYesAndNo) {
    const auto strict = [](std::string text) {
        const Result<Config> config =
            read_config({{"vod-strict", {std::move(text)}}}, environment({}), std::nullopt);
        return config ? std::optional(config->vod_strict) : std::nullopt;
    };
    EXPECT_EQ(strict("yes"), true);
    EXPECT_EQ(strict("No"), false);
    EXPECT_EQ(strict("1"), std::nullopt);
    EXPECT_FALSE(read_config({}, environment({}), std::nullopt)->vod_strict);
}

TEST(Config, KnowsLinksThatNobodyCanOpen) {
    const auto unusable = [](const Flags& flags) {
        return has_unusable_links(*read_config(flags, environment({}), std::nullopt));
    };
    EXPECT_FALSE(unusable({}));
    EXPECT_TRUE(unusable({{"listen", {"0.0.0.0:8080"}}}));
    EXPECT_TRUE(unusable({{"listen", {"[::]:8080"}}}));
    EXPECT_FALSE(unusable({{"listen", {"0.0.0.0:8080"}}, {"public-url", {"http://h"}}}));
}

TEST(Config, FetchesAsManyFilesAtOnceAsIsSaid) {
    const auto pulls = [](const Flags& flags, std::map<std::string, std::string> variables,
                          std::optional<ConfigFile> file) -> int {
        const Result<Config> config = read_config(flags, environment(std::move(variables)), file);
        return config ? config->pulls_at_once : 0;
    };
    const ConfigFile file{"f", "pulls_at_once = 2\n"};
    EXPECT_EQ(pulls({}, {}, {}), 4);
    EXPECT_EQ(pulls({}, {}, file), 2);
    EXPECT_EQ(pulls({}, {{"HOOKREEL_PULLS_AT_ONCE", "3"}}, file), 3);
    EXPECT_EQ(pulls({{"pulls-at-once", {"5"}}}, {{"HOOKREEL_PULLS_AT_ONCE", "3"}}, file), 5);
    // None at all would wait for ever.
    for (const char* text : {"0", "257", "-1", "many"})
        EXPECT_EQ(pulls({{"pulls-at-once", {text}}}, {}, {}), 0) << text;
}

TEST(Config, TakesRepeatableSettingsFromEachPlace) {
    const ConfigFile file{"f", "allow_address = [\"10.0.0.0/8\", \"127.0.0.1\"]\n"};
    const Result<Config> from_file = read_config({}, environment({}), file);
    ASSERT_TRUE(from_file) << from_file.error().detail;
    EXPECT_EQ(from_file->allowed_addresses, (std::vector<std::string>{"10.0.0.0/8", "127.0.0.1"}));
    const Flags flags = {{"allow-address", {"::1/128"}}};
    const Result<Config> from_flag = read_config(flags, environment({}), file);
    ASSERT_TRUE(from_flag) << from_flag.error().detail;
    EXPECT_EQ(from_flag->allowed_addresses, (std::vector<std::string>{"::1/128"}));
    const std::map<std::string, std::string> variables = {
        {"HOOKREEL_ALLOW_ADDRESS", "10.0.0.0/8, ::1/128,"},
        {"HOOKREEL_OTLP_ENDPOINT", "http://127.0.0.1:4318"},
        {"HOOKREEL_OTLP_HEADER", "X-Tags: a,b"}};
    const Result<Config> from_environment = read_config({}, environment(variables), {});
    ASSERT_TRUE(from_environment) << from_environment.error().detail;
    EXPECT_EQ(from_environment->allowed_addresses,
              (std::vector<std::string>{"10.0.0.0/8", "::1/128"}));
    ASSERT_EQ(from_environment->otlp_headers.size(), 1u);
    EXPECT_EQ(from_environment->otlp_headers.front().second, "a,b");
}

TEST(Config, NamesThePlaceOfAMistake) {
    const auto mistake = [](const Flags& flags, std::map<std::string, std::string> variables,
                            std::optional<std::string> toml) {
        std::optional<ConfigFile> file;
        if (toml) file = ConfigFile{"etc/hookreel.toml", *toml};
        const Result<Config> config = read_config(flags, environment(std::move(variables)), file);
        return config ? std::string("no mistake") : config.error().detail;
    };
    EXPECT_NE(mistake({{"listen", {"8080"}}}, {}, {}).find("--listen: \"8080\": takes HOST:PORT"),
              std::string::npos);
    EXPECT_NE(mistake({}, {{"HOOKREEL_THREADS", "many"}}, {}).find("HOOKREEL_THREADS"),
              std::string::npos);
    EXPECT_NE(mistake({}, {}, "listen = \"x:1\"\nlissen = \"x:2\"\n")
                  .find("etc/hookreel.toml:2: lissen: unknown setting"),
              std::string::npos);
    EXPECT_NE(mistake({}, {}, "\nlisten = \n").find("etc/hookreel.toml:2: "), std::string::npos);
    EXPECT_NE(mistake({}, {}, "\nthreads = \"many\"\n").find("etc/hookreel.toml:2: threads"),
              std::string::npos);
    EXPECT_EQ(mistake({{"listen", {"127.0.0.1:1", "127.0.0.1:2"}}}, {}, {}),
              "--listen is given 2 times, but takes one HOST:PORT");
    EXPECT_NE(mistake({{"secret-id", {"a"}}}, {}, {}).find("go together"), std::string::npos);
    EXPECT_NE(mistake({{"allow-address", {"everywhere"}}}, {}, {}).find("--allow-address"),
              std::string::npos);
}

TEST(Config, ReadsATokenThatABearerHeaderCanCarry) {
    const auto read = [](std::string text) {
        return read_config({{"api-token", {text}}}, environment({}), std::nullopt);
    };
    EXPECT_EQ(read("s3cret~/+=")->api_token, "s3cret~/+=");
    for (const std::string& text :
         {std::string(), std::string("two words"), std::string("t\n"), std::string(257, 'x')})
        EXPECT_FALSE(read(text)) << text;
    EXPECT_EQ(read_config({}, environment({{"HOOKREEL_API_TOKEN", "e"}}), std::nullopt)->api_token,
              "e");
}

TEST(Config, ReadsHowLongAnEndpointMayFail) {
    const auto read = [](std::string text) {
        return read_config({{"disable-after", {text}}}, environment({}), std::nullopt);
    };
    EXPECT_EQ(read("90s")->disable_after, std::chrono::seconds(90));
    EXPECT_EQ(read("12h")->disable_after, std::chrono::hours(12));
    EXPECT_EQ(read("5d")->disable_after, std::chrono::days(5));
    EXPECT_EQ(read("0")->disable_after, Duration(0));
    for (const char* text : {"", "5", "d", "-1d", "1.5h", "5 d", "2000000d"})
        EXPECT_FALSE(read(text)) << text;
    const auto kept = read_config({{"event-retention", {"3d"}}, {"attempt-retention", {"0"}}},
                                  environment({}), std::nullopt);
    EXPECT_EQ(kept->event_retention, std::chrono::days(3));
    EXPECT_EQ(kept->attempt_retention, Duration(0));
}

TEST(Config, ReadsAProxyAndKeepsItsPasswordToItself) {
    const auto read = [](std::string text) {
        return read_config({{"egress-proxy", {text}}}, environment({}), std::nullopt);
    };
    const Result<Config> config = read("http://user:secret@proxy.example:3128");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->egress_proxy->url.authority(), "proxy.example:3128");
    EXPECT_FALSE(config->egress_proxy->authorization.empty());
    for (const char* text : {"https://user:secret@proxy.example:3128",
                             "http://user:secret@proxy.example:0", "http://user:secret@"}) {
        const Result<Config> wrong = read(text);
        ASSERT_FALSE(wrong) << text;
        EXPECT_TRUE(wrong.error().detail.starts_with("--egress-proxy: ")) << wrong.error().detail;
        EXPECT_FALSE(wrong.error().detail.contains("secret")) << wrong.error().detail;
    }
}

TEST(Config, ReadsIpv6ListenAddresses) {
    const Result<Config> config =
        read_config({{"listen", {"[::1]:0"}}}, environment({}), std::nullopt);
    ASSERT_TRUE(config);
    EXPECT_EQ(config->host, "::1");
    EXPECT_EQ(config->port, 0);
}

}  // namespace
}  // namespace hookreel::app
