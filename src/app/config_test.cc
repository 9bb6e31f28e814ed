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
    const std::string file = "data_dir = \"file\"\nlisten = \"127.0.0.3:3\"\njobs = 3\n";
    const auto variables =
        environment({{"HOOKREEL_DATA_DIR", "variable"}, {"HOOKREEL_LISTEN", "127.0.0.2:2"}});
    const Flags flags = {{"data-dir", {"flag"}}};
    const Result<Config> config = read_config(flags, variables, file);
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->data_dir, "flag");
    EXPECT_EQ(config->host, "127.0.0.2");
    EXPECT_EQ(config->jobs, 3);
}

TEST(Config, TakesRepeatableSettingsFromEachPlace) {
    const std::string file = "allow_address = [\"10.0.0.0/8\", \"127.0.0.1\"]\n";
    const Result<Config> from_file = read_config({}, environment({}), file);
    ASSERT_TRUE(from_file) << from_file.error().detail;
    EXPECT_EQ(from_file->allowed_addresses, (std::vector<std::string>{"10.0.0.0/8", "127.0.0.1"}));
    const Flags flags = {{"allow-address", {"::1/128"}}};
    const Result<Config> from_flag = read_config(flags, environment({}), file);
    ASSERT_TRUE(from_flag) << from_flag.error().detail;
    EXPECT_EQ(from_flag->allowed_addresses, (std::vector<std::string>{"::1/128"}));
}

TEST(Config, NamesThePlaceOfAMistake) {
    const auto mistake = [](const Flags& flags, std::map<std::string, std::string> variables,
                            std::optional<std::string> toml) {
        const Result<Config> config = read_config(flags, environment(std::move(variables)), toml);
        return config ? std::string("no mistake") : config.error().detail;
    };
    EXPECT_NE(mistake({{"listen", {"8080"}}}, {}, {}).find("--listen: \"8080\": takes HOST:PORT"),
              std::string::npos);
    EXPECT_NE(mistake({}, {{"HOOKREEL_THREADS", "many"}}, {}).find("HOOKREEL_THREADS"),
              std::string::npos);
    EXPECT_NE(
        mistake({}, {}, "listen = \"x:1\"\nlissen = \"x:2\"\n").find("line 2, lissen: unknown"),
        std::string::npos);
    EXPECT_NE(mistake({}, {}, "listen = \n").find("line 1"), std::string::npos);
    EXPECT_NE(mistake({{"secret-id", {"a"}}}, {}, {}).find("go together"), std::string::npos);
    EXPECT_NE(mistake({{"allow-address", {"everywhere"}}}, {}, {}).find("--allow-address"),
              std::string::npos);
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
