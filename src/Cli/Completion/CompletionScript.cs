using System.Text;

namespace ReidCloud.Cli.Completion;

/// <summary>
/// Completion for a shell: the table of <see cref="CompletionWords"/> as a function, and the few lines that ask it. The script needs nothing of ours while it
/// completes, so Tab answers at once.
/// </summary>
internal static class CompletionScript
{
    /// <summary>Each shell, how its script is put to use, and its lines behind the table.</summary>
    private static readonly IReadOnlyDictionary<string, (string Use, string Asks)> Shells = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["bash"] = ("source <(./reid completion bash)", """
            _reid() {
                local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} here=reid at found
                for ((at = 1; at < COMP_CWORD; at++)); do
                    if [[ $'\n'$(_reid_words "$here commands")$'\n' == *$'\n'"${COMP_WORDS[at]}"$'\n'* ]]; then
                        here="$here ${COMP_WORDS[at]}"
                    fi
                done
                if [[ $before == -* ]] && found=$(_reid_words "$here $before"); then
                    :
                elif [[ $current == -* ]]; then
                    found=$(_reid_words "$here options")
                else
                    found=$(_reid_words "$here commands"; _reid_words "$here arguments")
                fi
                COMPREPLY=($(compgen -W "$found" -- "$current"))
            }
            complete -o default -F _reid reid ./reid
            """),
        ["zsh"] = ("source <(./reid completion zsh), after compinit", """
            _reid() {
                local here=reid before=${words[CURRENT-1]} current=${words[CURRENT]} word found
                local -a known
                for word in ${words[2,CURRENT-1]}; do
                    known=(${(f)"$(_reid_words "$here commands")"})
                    if (( ${known[(Ie)$word]} )); then
                        here="$here $word"
                    fi
                done
                if [[ $before == -* ]] && found=$(_reid_words "$here $before"); then
                    :
                elif [[ $current == -* ]]; then
                    found=$(_reid_words "$here options")
                else
                    found=$(_reid_words "$here commands"; _reid_words "$here arguments")
                fi
                known=(${(f)found})
                if (( $#known )); then
                    compadd -- $known
                else
                    _files
                fi
            }
            compdef _reid reid
            """),
        ["fish"] = ("./reid completion fish | source", """
            function __reid_complete
                set -l typed (commandline -opc)
                set -l here reid
                for word in $typed[2..-1]
                    if contains -- $word (__reid_words "$here commands")
                        set here "$here $word"
                    end
                end
                if string match -q -- '-*' $typed[-1]
                    if set -l found (__reid_words "$here $typed[-1]")
                        string join \n -- $found
                        return
                    end
                end
                if string match -q -- '-*' (commandline -ct)
                    __reid_words "$here options"
                else
                    __reid_words "$here commands"
                    __reid_words "$here arguments"
                end
            end
            complete -c reid -a '(__reid_complete)'
            """),
    };

    public static IReadOnlyList<string> Names { get; } = [.. Shells.Keys];

    /// <summary>With Unix line ends, wherever it is written.</summary>
    public static string Of(string shell, IReadOnlyList<(string Place, IReadOnlyList<string> Words)> table)
    {
        var (use, asks) = Shells[shell];
        var script = new StringBuilder($"# Completion of reid for {shell}. To use it: {use}\n");
        if (shell == "fish")
        {
            script.Append("function __reid_words\n    switch $argv[1]\n");
            foreach (var (place, words) in table)
            {
                script.Append($"        case {Quoted(place)}\n            {Print(words)}\n");
            }

            script.Append("        case '*'\n            return 1\n    end\nend\n");
        }
        else
        {
            script.Append("_reid_words() {\n    case $1 in\n");
            foreach (var (place, words) in table)
            {
                script.Append($"        {Quoted(place)}) {Print(words)} ;;\n");
            }

            script.Append("        *) return 1 ;;\n    esac\n}\n");
        }

        return script.Append(asks.ReplaceLineEndings("\n")).Append('\n').ToString();
    }

    private static string Print(IReadOnlyList<string> words) => words.Count == 0 ? "true" : $"printf '%s\\n' {string.Join(' ', words.Select(Quoted))}";

    /// <summary>As all three shells take it: names have no quotes in them.</summary>
    private static string Quoted(string word) => word.Contains('\'', StringComparison.Ordinal)
        ? throw new ArgumentException($"{word} has a quote in it", nameof(word))
        : $"'{word}'";
}
