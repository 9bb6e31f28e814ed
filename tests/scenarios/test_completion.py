"""Shell completion and the manual page, which the program makes from its own command line."""

import re
import shutil
import subprocess

import pytest

from harness.server import binary, clean_environment


def output(*arguments):
    result = subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=60,
                            env=clean_environment(), check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def commands_in(help_text):
    section = help_text.split("Subcommands:\n")[1] if "Subcommands:" in help_text else ""
    return re.findall(r"^  ([a-z][a-z-]*)", section.split("\n\n")[0], re.M)


def flags_in(help_text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", help_text.split("Examples:")[0]))


@pytest.fixture(scope="module")
def all_commands():
    """Every command with its help, by its words."""
    found = {}

    def look(words):
        found[words] = output(*words, "--help")
        for name in commands_in(found[words]):
            look((*words, name))

    look(())
    assert ("config", "event") in found and ("doctor",) in found
    return found


@pytest.fixture(scope="module")
def bash(tmp_path_factory):
    """What bash offers for the last word of a command line."""
    folder = tmp_path_factory.mktemp("bash")
    script = folder / "completion"
    script.write_text(output("completion", "bash"))
    (folder / "my video.mp4").write_text("x")

    def complete(*words):
        program = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                   'function_of=$(complete -p hookreel); '
                   '[[ $function_of == "complete -F _hookreel hookreel" ]] || exit 3; _hookreel; '
                   'printf "%s\\n" "${COMPREPLY[@]}"')
        result = subprocess.run(["bash", "-c", program, "bash", script, "hookreel", *words],
                                capture_output=True, text=True, timeout=30, cwd=folder, check=True)
        assert result.stderr == ""
        return [line for line in result.stdout.splitlines() if line]

    return complete


def test_commands_are_completed(bash):
    assert bash("ser") == ["serve"]
    assert bash("config", "ev") == ["event"]
    assert bash("completion", "") == ["--help", "-h", "bash", "zsh", "fish"] or \
        {"bash", "zsh", "fish"} <= set(bash("completion", ""))
    assert bash("nonsen") == []


def test_flags_and_their_values_are_completed(bash):
    assert bash("listen", "--forw") == ["--forward-to"]
    assert set(bash("config", "event", "--mode", "P")) == {"PUSH", "PULL"}
    assert bash("serve", "--config", "my") == ["my video.mp4"]
    assert bash("upload", "my") == ["my video.mp4"]
    assert bash("serve", "--listen", "") == []


def test_every_command_and_flag_is_completed(bash, all_commands):
    for words, help_text in all_commands.items():
        offered = set(bash(*words, ""))
        assert set(commands_in(help_text)) <= offered, words
        missing = {flag for flag in flags_in(help_text) if flag not in offered}
        assert not {flag for flag in missing if re.search(rf"^ +(-\w,)?{flag}\b", help_text, re.M)}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_scripts_of_other_shells_name_every_command(all_commands, shell):
    script = output("completion", shell)
    for words in all_commands:
        assert not words or f"'{''.join(f' {word}' for word in words)}'" in script


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes(tmp_path):
    (tmp_path / "completion").write_text(output("completion", "fish"))
    (tmp_path / "my video.mp4").write_text("x")

    def complete(line):
        program = f"source completion; complete -C '{line}'"
        result = subprocess.run(["fish", "--no-config", "-c", program], capture_output=True,
                                text=True, timeout=30, cwd=tmp_path, check=True)
        assert result.stderr == ""
        return {offer.split("\t")[0] for offer in result.stdout.splitlines()}

    assert complete("hookreel ser") == {"serve"}
    assert complete("hookreel config ev") == {"event"}
    assert complete("hookreel listen --forw") == {"--forward-to"}
    assert complete("hookreel config event --mode P") == {"PUSH", "PULL"}
    assert complete("hookreel serve --config my") == {"my video.mp4"}
    assert complete("hookreel upload my") == {"my video.mp4"}
    assert complete("hookreel serve --listen ") == set()
    assert complete("hookreel nonsen") == set()


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_completes(tmp_path):
    (tmp_path / "completion").write_text(output("completion", "zsh"))
    # What zsh's completion system would show of it is told instead.
    (tmp_path / "told").write_text("""
        compdef() { }
        _files() { print files }
        _describe() { print -l -- "${(P@)2}" }
        compadd() { shift; print -l -- "$@" }
        source ./completion
        words=("$@") CURRENT=$#
        _hookreel
        """)

    def complete(*words):
        result = subprocess.run(["zsh", "-f", "told", "hookreel", *words], capture_output=True,
                                text=True, timeout=30, cwd=tmp_path, check=True)
        assert result.stderr == ""
        return {offer.split(":")[0] for offer in result.stdout.splitlines()}

    assert {"serve", "config", "completion"} <= complete("ser")
    assert {"event", "--help"} <= complete("config", "")
    assert "--forward-to" in complete("listen", "--forw")
    assert complete("config", "event", "--mode", "P") == {"PUSH", "PULL"}
    assert complete("serve", "--config", "my") == {"files"}
    assert "files" in complete("upload", "my")
    assert complete("serve", "--listen", "") == set()


def test_an_unknown_shell_is_refused():
    result = subprocess.run([binary(), "completion", "tcsh"], capture_output=True, text=True,
                            timeout=60, check=False)
    assert result.returncode == 2 and "bash" in result.stderr


def test_the_manual_names_every_command_and_flag(all_commands):
    page = output("man")
    assert page.startswith(".TH HOOKREEL 1 ")
    requests = set(re.findall(r"^\.(\w+)", page, re.M))
    assert requests == {"TH", "SH", "SS", "TP", "PP", "nf", "fi"}
    plain = page.replace("\\-", "-")
    for words, help_text in all_commands.items():
        if words:
            assert f".SS hookreel {' '.join(words)}\n" in plain
        for flag in flags_in(help_text):
            assert flag in plain, (words, flag)
    if shutil.which("groff"):
        shown = subprocess.run(["groff", "-man", "-Tutf8", "-Kutf8", "-ww"], input=page, text=True,
                               capture_output=True, timeout=60, check=True)
        assert shown.stderr == ""
